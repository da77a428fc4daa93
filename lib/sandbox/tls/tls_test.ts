/** A sandbox that speaks HTTPS, seen by its clients and its functions. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { connect } from "node:http2";
import { join } from "node:path";
import { readRunningFile } from "../running_file.ts";
import { startSandbox } from "../sandbox.ts";
import { tempFolder } from "../testing/temp_folder.ts";
import { clientsFor } from "../testing/clients.ts";
import { createExecutionRole, LambdaWorld } from "../services/lambda/testing.ts";

Deno.test("with --tls clients call by HTTPS, and functions and tools need no authority", async () => {
  using folder = tempFolder();
  const dataDir = join(folder.path, "data");
  const sandbox = await startSandbox({ port: 0, dataDir, speed: 60, tls: true });
  try {
    assertEquals(sandbox.endpoint, `https://127.0.0.1:${sandbox.port}`);
    const authority = await Deno.readTextFile(`${sandbox.authorityPath}`);
    const config = await Deno.readTextFile(join(sandbox.awsDir, "config"));
    assertStringIncludes(config, `endpoint_url = ${sandbox.endpoint}\nca_bundle = ${dataDir}`);

    for (const host of ["127.0.0.1", "localhost"]) {
      using client = Deno.createHttpClient({ caCerts: [authority], http2: false });
      const health = await fetch(`https://${host}:${sandbox.port}/_sandbox/health`, { client });
      assertEquals([host, (await health.json()).ready], [host, true]);
    }
    assertEquals(await statusOverHttp2(sandbox.endpoint, authority), 200);
    await assertRejects(() => fetch(`${sandbox.endpoint}/_sandbox/health`), TypeError);

    const plain = readRunningFile(dataDir)?.endpoint;
    using clients = clientsFor({ endpoint: `${plain}`, credentials: sandbox.rootKey });
    await createExecutionRole(clients);
    const world = new LambdaWorld(sandbox, clients);
    await world.createReady("asks", CALLS_STS);
    assertEquals((await world.invoke("asks")).json, "http: 123456789012");
  } finally {
    await sandbox.stop();
  }
});

/** Calls STS where its variables lead. */
const CALLS_STS = `async () => {
  const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const { Account } = await new STSClient().send(new GetCallerIdentityCommand());
  return new URL(process.env.AWS_ENDPOINT_URL).protocol + " " + Account;
}`;

async function statusOverHttp2(endpoint: string, ca: string): Promise<unknown> {
  const session = connect(endpoint, { ca });
  const status = Promise.withResolvers<unknown>();
  session.on("error", status.reject);
  const request = session.request({ ":path": "/_sandbox/health" });
  request.on("response", (headers) => status.resolve(headers[":status"]));
  request.resume();
  try {
    return await status.promise;
  } finally {
    session.destroy();
  }
}
