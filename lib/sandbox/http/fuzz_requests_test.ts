/** Fuzzed requests: the sandbox survives any bytes on a connection, and its refusals have names. */
import { CreateDeliveryStreamCommand } from "@aws-sdk/client-firehose";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { clientsFor } from "../testing/clients.ts";
import type { SandboxLog } from "../log.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import { claims, type FuzzedRequest, fuzzedRequestFor, rawBytes } from "./fuzz_requests.ts";

/** A sandbox with some content, and its internal errors. */
async function withSandbox(
  options: { readonly isOpen: boolean },
  act: (sandbox: Sandbox, faults: readonly string[]) => Promise<void>,
): Promise<void> {
  const faults: string[] = [];
  const log: SandboxLog = {
    // A delivery that a role or bucket does not allow has no error object: it is no fault.
    problem: (line, error) => error !== undefined && faults.push(`${line} ${error}`),
    close: () => Promise.resolve(),
  };
  const sandbox = await startSandbox({
    port: 0,
    dataDir: undefined,
    speed: 1_000,
    log,
    ...options,
  });
  try {
    using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
    await root.s3.send(new CreateBucketCommand({ Bucket: "things" }));
    await root.s3.send(new PutObjectCommand({ Bucket: "things", Key: "k", Body: "hello" }));
    if (options.isOpen) {
      await root.firehose.send(
        new CreateDeliveryStreamCommand({
          DeliveryStreamName: "people",
          ExtendedS3DestinationConfiguration: {
            RoleARN: "arn:aws:iam::123456789012:role/r",
            BucketARN: "arn:aws:s3:::things",
          },
        }),
      );
    }
    await act(sandbox, faults);
  } finally {
    await sandbox.stop();
  }
}

/** The answer to `bytes`, up to the end of the connection; "" if there is none. */
async function answerTo(port: number, bytes: Uint8Array, isWhole: boolean): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    for (let left = bytes; left.length > 0;) left = left.subarray(await connection.write(left));
    // The sandbox would wait for the rest of an incomplete request.
    if (!isWhole) await connection.closeWrite();
    let text = "";
    for await (const chunk of connection.readable) text += new TextDecoder().decode(chunk);
    return text;
  } catch (error) {
    // The sandbox closed the connection in the middle of garbage.
    if (error instanceof Deno.errors.ConnectionReset) return "";
    if (error instanceof Deno.errors.BrokenPipe) return "";
    throw error;
  } finally {
    try {
      connection.close();
    } catch {
      // Reading to the end has closed it.
    }
  }
}

function bytesOf({ method, target, headers, body }: FuzzedRequest, port: number): Uint8Array {
  const head = [
    `${method} ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...headers.map(([name, value]) => `${name}: ${value}`).filter((line) =>
      !/^(content-length|host|connection|transfer-encoding):/i.test(line)
    ),
    `Content-Length: ${body.length}`,
    "Connection: close",
    "",
    "",
  ].join("\r\n");
  return Uint8Array.from([...new TextEncoder().encode(head), ...body]);
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);

/** Whether an error has AWS's name: in XML, JSON, CBOR, or Lambda's header. */
const hasName = (answer: string) => /<Code>\w+<\/Code>|__type|x-amzn-errortype: \w+/i.test(answer);

async function assertAlive({ endpoint }: Sandbox, faults: readonly string[]): Promise<void> {
  assertEquals(faults, []);
  const health = await fetch(`${endpoint}/_sandbox/health`);
  assertEquals((await health.json()).ready, true);
}

Deno.test("no garbage on a connection ends the sandbox, or is answered with 500", async () => {
  await withSandbox({ isOpen: true }, async (sandbox, faults) => {
    await fc.assert(
      fc.asyncProperty(rawBytes, async (bytes) => {
        const status = statusOf(await answerTo(sandbox.port, bytes, false));
        assert(status !== 500, "answered 500");
        assertEquals(faults, []);
      }),
      { numRuns: 300 },
    );
    await assertAlive(sandbox, faults);
  });
});

Deno.test("no request to any operation is answered without a name, or with 500", async () => {
  // Signatures are not checked, so requests reach the operations.
  await withSandbox({ isOpen: true }, async (sandbox, faults) => {
    const requests = sandbox.services.flatMap((service) =>
      [service.protocol, ...service.otherProtocols ?? []].map((protocol) =>
        fuzzedRequestFor(service, protocol)
      )
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(...requests), async (request) => {
        const answer = await answerTo(sandbox.port, bytesOf(request, sandbox.port), true);
        const status = statusOf(answer);
        assertEquals(faults, []);
        assert(status >= 200 && status !== 500, `answered ${status}`);
        assert(status < 400 || request.method === "HEAD" || hasName(answer), answer);
      }),
      { numRuns: 2_000 },
    );
    await assertAlive(sandbox, faults);
  });
});

Deno.test("no forged claim about the caller is accepted, or refused without a name", async () => {
  await withSandbox({ isOpen: false }, async (sandbox, faults) => {
    await fc.assert(
      fc.asyncProperty(claims, async (request) => {
        const answer = await answerTo(sandbox.port, bytesOf(request, sandbox.port), true);
        const status = statusOf(answer);
        assertEquals(faults, []);
        assert(status >= 400 && status < 500 || status === 501, `answered ${status}`);
        assert(hasName(answer), answer);
      }),
      { numRuns: 500 },
    );
    await assertAlive(sandbox, faults);
  });
});
