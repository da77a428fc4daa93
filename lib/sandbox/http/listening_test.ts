/** Where a sandbox listens, and the two versions of HTTP. */
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "node:http2";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import { clientsFor } from "../testing/clients.ts";
import { signedHeaders } from "../testing/signing.ts";
import { CALLS, hasIPv6 } from "./testing.ts";

/** False in containers without IPv6. */
Deno.test("a client that knows ::1 alone is answered", { ignore: !hasIPv6() }, async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  const endpoint = `http://[::1]:${sandbox.port}`;
  using root = clientsFor({ endpoint, credentials: sandbox.rootKey });
  assertEquals((await root.s3.send(new ListBucketsCommand())).Buckets, []);
  await sandbox.stop();
});

Deno.test(
  "a taken port of ::1 is said: clients of localhost may reach it",
  { ignore: !hasIPv6() },
  async () => {
    const other = Deno.listen({ hostname: "::1", port: 0 });
    const problems: string[] = [];
    const sandbox = await startSandbox({
      ...{ port: other.addr.port, dataDir: undefined, speed: 60 },
      log: { problem: (line) => void problems.push(line), close: () => Promise.resolve() },
    });
    assertStringIncludes(problems.join(), `listens on port ${other.addr.port} of ::1`);
    await sandbox.stop();
    other.close();
  },
);

for (const listenOn of ["127.0.0.2", "0.0.0.0"]) {
  // Other systems have 127.0.0.1 alone.
  const ignore = Deno.build.os !== "linux";
  Deno.test(`--listen ${listenOn} answers there and on 127.0.0.1`, { ignore }, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, listenOn });
    for (const host of ["127.0.0.1", "127.0.0.2"]) {
      const asks = listenOn === "0.0.0.0" && host !== "127.0.0.1";
      const response = await fetch(`http://${host}:${sandbox.port}/_sandbox/health`);
      await response.body?.cancel();
      // Every address is listened on; which names are answered is --allow-host's.
      assertEquals(response.status, asks ? 403 : 200);
    }
    await sandbox.stop();
  });
}

/** Sends a signed call over HTTP/2 in clear text, as a client does that knows no upgrade. */
async function overHttp2({ endpoint, rootKey }: Sandbox, name: "json" | "query" | "s3") {
  const call = CALLS[name];
  const { host } = new URL(endpoint);
  const { host: _, ...headers } = await signedHeaders(host, call, { credentials: rootKey });
  const session = connect(endpoint);
  const request = session.request({ ":method": call.method, ":path": call.path, ...headers });
  let status = 0;
  request.on("response", (answer) => void (status = Number(answer[":status"])));
  request.end(call.body);
  let text = "";
  for await (const part of request) text += part;
  await new Promise<void>((resolve) => session.close(resolve));
  return { status, text };
}

for (const name of ["json", "query", "s3"] as const) {
  Deno.test(`a ${name} call over HTTP/2 is signed for :authority and answered`, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    const { status, text } = await overHttp2(sandbox, name);
    assertEquals(status, 200, text);
    await sandbox.stop();
  });
}

Deno.test("a foreign :authority is refused as a foreign Host is", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  const session = connect(sandbox.endpoint);
  const request = session.request({ ":authority": "evil.example", ":path": "/_sandbox/health" });
  let status = 0;
  request.on("response", (answer) => void (status = Number(answer[":status"])));
  let text = "";
  for await (const part of request) text += part;
  await new Promise<void>((resolve) => session.close(resolve));
  assertEquals(status, 403);
  assertStringIncludes(JSON.parse(text).error, 'not to "evil.example"');
  await sandbox.stop();
});

Deno.test("a signature over what is no header's name is wrong, and no fault of the sandbox", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  const headers = await signedHeaders(new URL(sandbox.endpoint).host, CALLS.json, {
    credentials: sandbox.rootKey,
  });
  const authorization = headers.authorization.replace(/SignedHeaders=[^,]+/, "$&;h(o)st");
  const response = await fetch(sandbox.endpoint, {
    method: "POST",
    headers: { ...headers, authorization },
    body: "{}",
  });
  assertEquals(response.status, 400);
  assert((await response.text()).includes("InvalidSignatureException"));
  await sandbox.stop();
});
