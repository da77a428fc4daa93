/** The front door: addresses, health pages, strangers, and --open. */
import { CreateDeliveryStreamCommand, FirehoseClient } from "@aws-sdk/client-firehose";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { clientsFor } from "../testing/clients.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox.ts";
import { bucketOfHost } from "./host.ts";

function sandboxTest(
  name: string,
  run: (sandbox: Sandbox, root: ReturnType<typeof clientsFor>) => Promise<void>,
  options: Partial<SandboxOptions> = {},
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, ...options });
    try {
      using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(sandbox, root);
    } finally {
      await sandbox.stop();
    }
  });
}

for (
  const [host, bucket] of [
    ["127.0.0.1:4566", undefined],
    ["localhost:4566", undefined],
    ["s3.localhost:4566", undefined],
    ["s3.eu-west-1.localhost", undefined],
    ["people.localhost:4566", "people"],
    ["people.s3.localhost:4566", "people"],
    ["people.s3.eu-west-1.localhost:4566", "people"],
    ["a.dotted.name.s3.localhost", "a.dotted.name"],
  ] as const
) {
  Deno.test(`the Host ${host} names ${bucket ? `the bucket ${bucket}` : "no bucket"}`, () => {
    assertEquals(bucketOfHost(host), bucket);
  });
}

/** Sends `head` unchanged, and returns the status and the whole answer. */
async function answerTo(port: number, head: string): Promise<{ status: number; text: string }> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(`${head}\r\nConnection: close\r\n\r\n`));
  const text = await new Response(connection.readable).text();
  return { status: Number(text.split(" ")[1]), text };
}

sandboxTest("a presigned URL of virtual-host style finds its bucket", async (sandbox, root) => {
  await root.s3.send(new CreateBucketCommand({ Bucket: "hosted" }));
  await root.s3.send(new PutObjectCommand({ Bucket: "hosted", Key: "a/b c", Body: "found" }));
  using hosting = clientsFor({
    endpoint: `http://localhost:${sandbox.port}`,
    credentials: sandbox.rootKey,
  });
  const link = new URL(
    await getSignedUrl(hosting.s3, new GetObjectCommand({ Bucket: "hosted", Key: "a/b c" })),
  );
  assertEquals(link.hostname, "hosted.localhost");
  // Not every system resolves names under localhost, so the connection uses the address.
  const line = `GET ${link.pathname}${link.search} HTTP/1.1`;
  const got = await answerTo(sandbox.port, `${line}\r\nHost: ${link.host}`);
  assertStringIncludes(got.text, "found");
  const foreign = await answerTo(sandbox.port, `${line}\r\nHost: hosted.example.com`);
  assertEquals(foreign.status, 403);
});

sandboxTest(
  "the health pages say that all is ready, also in LocalStack's form",
  async (sandbox) => {
    const own = await (await fetch(`${sandbox.endpoint}/_sandbox/health`)).json();
    assertEquals([own.ready, own.region, own.accountId], [true, "us-east-1", "123456789012"]);
    assert(/^\d+\.\d+\.\d+$/.test(own.version));
    assert(["s3", "iam", "sts", "firehose"].every((name) => own.services.includes(name)));
    const text = await (await fetch(`${sandbox.endpoint}/_localstack/health`)).text();
    assertStringIncludes(text, '"s3": "running"');
    assertEquals(JSON.parse(text).services.firehose, "running");
  },
);

const NOBODY = { accessKeyId: "test", secretAccessKey: "test" };

sandboxTest(
  "--open accepts any credentials as root's, and evaluates no policy",
  async (sandbox) => {
    using anyone = clientsFor({ endpoint: sandbox.endpoint, credentials: NOBODY });
    const { Arn } = await anyone.sts.send(new GetCallerIdentityCommand());
    assertEquals(Arn, "arn:aws:iam::123456789012:root");
    await anyone.s3.send(new CreateBucketCommand({ Bucket: "open" }));
    await anyone.s3.send(new PutObjectCommand({ Bucket: "open", Key: "k", Body: "x" }));
    const unsigned = await fetch(`${sandbox.endpoint}/open/k`);
    assertEquals(await unsigned.text(), "x");
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const put = await fetch(`${sandbox.endpoint}/open/form`, {
      method: "PUT",
      headers: form,
      body: "a=1",
    });
    assertEquals([put.status, await put.text()], [200, ""]);
    await anyone.firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: "people",
        ExtendedS3DestinationConfiguration: {
          RoleARN: "arn:aws:iam::123456789012:role/not-there",
          BucketARN: "arn:aws:s3:::open",
        },
      }),
    );
    // As code that was written for LocalStack has it.
    const RoleARN = "arn:aws:iam::000000000000:role/firehose-role";
    await anyone.firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: "localstack",
        ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: "arn:aws:s3:::open" },
      }),
    );
  },
  { isOpen: true },
);

sandboxTest(
  "a role of another account is refused, and both accounts are named",
  async (_, root) => {
    await root.s3.send(new CreateBucketCommand({ Bucket: "strict" }));
    const RoleARN = "arn:aws:iam::000000000000:role/firehose-role";
    const create = new CreateDeliveryStreamCommand({
      DeliveryStreamName: "people",
      ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: "arn:aws:s3:::strict" },
    });
    const { message } = await assertRejects(() => root.firehose.send(create), Error);
    assertStringIncludes(message, "is not authorized to access this resource");
    assertStringIncludes(message, "of account 000000000000, and this is account 123456789012");
  },
);

sandboxTest(
  "--open still knows users by their keys, and regions by their names",
  async (sandbox, root) => {
    assertEquals((await root.s3.send(new ListBucketsCommand())).Buckets, []);
    const firehose = new FirehoseClient({
      endpoint: sandbox.endpoint,
      credentials: NOBODY,
      region: "test",
    });
    const create = () =>
      firehose.send(new CreateDeliveryStreamCommand({ DeliveryStreamName: "x" }));
    assertStringIncludes((await assertRejects(create, Error)).message, "valid region");
    firehose.destroy();
  },
  { isOpen: true },
);

sandboxTest(
  "--open refuses foreign hosts and pages of other origins all the same",
  async (sandbox) => {
    const host = `Host: 127.0.0.1:${sandbox.port}`;
    for (const stranger of ["Host: evil.example", `${host}\r\nOrigin: http://evil.example`]) {
      const refused = await answerTo(sandbox.port, `GET / HTTP/1.1\r\n${stranger}`);
      assertEquals(refused.status, 403);
    }
    assertEquals((await answerTo(sandbox.port, `GET / HTTP/1.1\r\n${host}`)).status, 200);
  },
  { isOpen: true },
);
