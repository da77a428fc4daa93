/** Services through the real SDK clients, signatures, permissions and all. */
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetRoleCommand,
  GetUserCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import { Readable } from "node:stream";
import { clientsFor } from "./testing/clients.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

/** A test with a sandbox in memory and clients of its root user. */
function sandboxTest(
  name: string,
  run: (sandbox: Sandbox, root: ReturnType<typeof clientsFor>) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    try {
      using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(sandbox, root);
    } finally {
      await sandbox.stop();
    }
  });
}

async function userWith(root: ReturnType<typeof clientsFor>, UserName: string) {
  await root.iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName }));
  return {
    accessKeyId: AccessKey!.AccessKeyId!,
    secretAccessKey: AccessKey!.SecretAccessKey!,
  };
}

const failure = (act: () => Promise<unknown>) => assertRejects(act, Error);

sandboxTest(
  "a key identifies its user, and AdministratorAccess lets that user create a bucket",
  async (sandbox, root) => {
    const credentials = await userWith(root, "alice");
    await root.iam.send(
      new AttachUserPolicyCommand({
        UserName: "alice",
        PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    );
    using alice = clientsFor({ endpoint: sandbox.endpoint, credentials });
    const { Arn, Account } = await alice.sts.send(new GetCallerIdentityCommand());
    assertEquals([Arn, Account], [
      `arn:aws:iam::${sandbox.accountId}:user/alice`,
      sandbox.accountId,
    ]);
    await alice.s3.send(new CreateBucketCommand({ Bucket: "alices-bucket" }));
    const { Buckets } = await alice.s3.send(new ListBucketsCommand());
    assertEquals(Buckets?.map(({ Name }) => Name), ["alices-bucket"]);
  },
);

sandboxTest(
  "a wrong secret, an unknown key and an inactive key get each service's own error",
  async (sandbox, root) => {
    const credentials = await userWith(root, "bob");
    const errorsWith = async (given: typeof credentials) => {
      using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: given });
      return [
        (await failure(() => clients.s3.send(new ListBucketsCommand()))).name,
        (await failure(() => clients.iam.send(new ListUsersCommand()))).name,
      ];
    };
    assertEquals(await errorsWith({ ...credentials, secretAccessKey: "wrong" }), [
      "SignatureDoesNotMatch",
      "SignatureDoesNotMatch",
    ]);
    assertEquals(await errorsWith({ ...credentials, accessKeyId: "AKIANOBODY0000000000" }), [
      "InvalidAccessKeyId",
      "InvalidClientTokenId",
    ]);
    await root.iam.send(
      new UpdateAccessKeyCommand({
        UserName: "bob",
        AccessKeyId: credentials.accessKeyId,
        Status: "Inactive",
      }),
    );
    assertEquals(await errorsWith(credentials), ["InvalidAccessKeyId", "InvalidClientTokenId"]);
  },
);

sandboxTest(
  "a refusal names the user, the action and the resource",
  async (sandbox, root) => {
    const credentials = await userWith(root, "carol");
    await root.s3.send(new CreateBucketCommand({ Bucket: "roots-bucket" }));
    using carol = clientsFor({ endpoint: sandbox.endpoint, credentials });
    const put = new PutObjectCommand({ Bucket: "roots-bucket", Key: "k", Body: "x" });
    const denied = await failure(() => carol.s3.send(put));
    assertEquals(
      denied.message,
      `User: arn:aws:iam::${sandbox.accountId}:user/carol is not authorized to perform: ` +
        's3:PutObject on resource: "arn:aws:s3:::roots-bucket/k" because no identity-based policy ' +
        "allows the s3:PutObject action",
    );
    await root.iam.send(
      new PutUserPolicyCommand({
        UserName: "carol",
        PolicyName: "own-folder",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::roots-bucket/${aws:username}/*",
            },
            { Effect: "Deny", Action: "s3:*", Resource: "arn:aws:s3:::roots-bucket/carol/secret*" },
          ],
        }),
      }),
    );
    const write = (Key: string) =>
      carol.s3.send(new PutObjectCommand({ Bucket: "roots-bucket", Key, Body: "x" }));
    await write("carol/notes");
    assertStringIncludes((await failure(() => write("dave/notes"))).message, "no identity-based");
    assertStringIncludes(
      (await failure(() => write("carol/secrets"))).message,
      "with an explicit deny in an identity-based policy",
    );
  },
);

sandboxTest(
  "AssumeRole gives a session what the role may, and only to whom it trusts",
  async (sandbox, root) => {
    const alice = await userWith(root, "alice");
    const bob = await userWith(root, "bob");
    const { Role } = await root.iam.send(
      new CreateRoleCommand({
        RoleName: "reader",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${sandbox.accountId}:user/alice` },
            Action: "sts:AssumeRole",
          },
        }),
      }),
    );
    const assume = new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: "shift" });
    using bobs = clientsFor({ endpoint: sandbox.endpoint, credentials: bob });
    assertEquals((await failure(() => bobs.sts.send(assume))).name, "AccessDenied");
    using alices = clientsFor({ endpoint: sandbox.endpoint, credentials: alice });
    const { Credentials } = await alices.sts.send(assume);
    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    using session = clientsFor({ endpoint: sandbox.endpoint, credentials });
    const { Arn } = await session.sts.send(new GetCallerIdentityCommand());
    assertEquals(Arn, `arn:aws:sts::${sandbox.accountId}:assumed-role/reader/shift`);
    assertEquals(
      (await failure(() => session.s3.send(new ListBucketsCommand()))).name,
      "AccessDenied",
    );
    using forged = clientsFor({
      endpoint: sandbox.endpoint,
      credentials: { ...credentials, sessionToken: "forged" },
    });
    assertEquals(
      (await failure(() => forged.s3.send(new ListBucketsCommand()))).name,
      "InvalidToken",
    );
    const { accessKeyId, secretAccessKey } = credentials;
    using tokenless = clientsFor({
      endpoint: sandbox.endpoint,
      credentials: { accessKeyId, secretAccessKey },
    });
    // S3 does not know a temporary key without its token (seen from 2014 to 2025).
    assertEquals(
      (await failure(() => tokenless.s3.send(new ListBucketsCommand()))).name,
      "InvalidAccessKeyId",
    );
  },
);

sandboxTest("IAM says what exists, what does not, and what stands in the way", async (_, root) => {
  await userWith(root, "Erin");
  const twice = await failure(() => root.iam.send(new CreateUserCommand({ UserName: "erin" })));
  assertEquals([twice.name, twice.message], [
    "EntityAlreadyExistsException",
    "User with name erin already exists.",
  ]);
  const none = await failure(() => root.iam.send(new GetRoleCommand({ RoleName: "nobody" })));
  assertEquals(none.message, "The role with name nobody cannot be found.");
  const busy = await failure(() => root.iam.send(new DeleteUserCommand({ UserName: "erin" })));
  assertEquals(busy.message, "Cannot delete entity, must delete access keys first.");
  const { User } = await root.iam.send(new GetUserCommand({ UserName: "ERIN" }));
  assertEquals(User?.UserName, "Erin");
  const malformed = await failure(() =>
    root.iam.send(
      new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: "{" }),
    )
  );
  assertEquals(malformed.message, "This policy contains invalid Json");
  const badName = await failure(() => root.iam.send(new CreateUserCommand({ UserName: "a b" })));
  assertEquals(
    badName.message,
    "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must " +
      "satisfy regular expression pattern: [\\w+=,.@-]+",
  );
});

sandboxTest(
  "S3 gives back what was put: bytes, type, metadata, ranges and checksum",
  async (_, root) => {
    await root.s3.send(new CreateBucketCommand({ Bucket: "things" }));
    const at = { Bucket: "things", Key: "folder/a b+c%/ü.txt" };
    const put = await root.s3.send(
      new PutObjectCommand({
        ...at,
        Body: "0123456789",
        ContentType: "text/plain",
        Metadata: { who: "me" },
      }),
    );
    assertEquals(put.ETag, '"781e5e245d69b566979b86e28d23f2c7"');
    const got = await root.s3.send(new GetObjectCommand(at));
    assertEquals(await got.Body!.transformToString(), "0123456789");
    assertEquals([got.ContentType, got.Metadata?.who], ["text/plain", "me"]);
    assertEquals(got.ChecksumCRC32, put.ChecksumCRC32);
    const part = await root.s3.send(new GetObjectCommand({ ...at, Range: "bytes=2-4" }));
    assertEquals([
      await part.Body!.transformToString(),
      part.ContentRange,
      part.$metadata.httpStatusCode,
    ], [
      "234",
      "bytes 2-4/10",
      206,
    ]);
    const far = await failure(() =>
      root.s3.send(new GetObjectCommand({ ...at, Range: "bytes=99-" }))
    );
    assertEquals(far.name, "InvalidRange");
    const head = await root.s3.send(new HeadObjectCommand(at));
    assertEquals(head.ContentLength, 10);
    const missing = await failure(() =>
      root.s3.send(new GetObjectCommand({ Bucket: "things", Key: "no" }))
    );
    assertEquals(missing.name, "NoSuchKey");
    assertEquals(
      (await failure(() => root.s3.send(new HeadBucketCommand({ Bucket: "nope" })))).name,
      "NotFound",
    );
    const full = await failure(() => root.s3.send(new DeleteBucketCommand({ Bucket: "things" })));
    assertEquals(full.name, "BucketNotEmpty");
    await root.s3.send(
      new DeleteObjectsCommand({ Bucket: "things", Delete: { Objects: [{ Key: at.Key }] } }),
    );
    await root.s3.send(new DeleteBucketCommand({ Bucket: "things" }));
  },
);

sandboxTest(
  "S3 takes a streamed body in aws-chunked with its checksum in the trailer",
  async (_, root) => {
    await root.s3.send(new CreateBucketCommand({ Bucket: "streams" }));
    const bytes = crypto.getRandomValues(new Uint8Array(60_000));
    const at = { Bucket: "streams", Key: "big" };
    await root.s3.send(
      new PutObjectCommand({
        ...at,
        Body: Readable.from([bytes.slice(0, 50_000), bytes.slice(50_000)]),
        ContentLength: bytes.length,
      }),
    );
    const got = await root.s3.send(new GetObjectCommand(at));
    assertEquals(new Uint8Array(await got.Body!.transformToByteArray()), bytes);
    assertEquals(got.ContentEncoding, undefined);
  },
);

sandboxTest(
  "S3 refuses a body that is not what its checksum says, and keeps nothing of it",
  async (_, root) => {
    await root.s3.send(new CreateBucketCommand({ Bucket: "sums" }));
    const put = new PutObjectCommand({
      Bucket: "sums",
      Key: "k",
      Body: "hello",
      ChecksumCRC32: "AAAAAA==",
    });
    assertEquals((await failure(() => root.s3.send(put))).name, "BadDigest");
    const { KeyCount } = await root.s3.send(new ListObjectsV2Command({ Bucket: "sums" }));
    assertEquals(KeyCount, 0);
  },
);

sandboxTest(
  "presigned URLs work for what they were signed for, until they expire",
  async (_, root) => {
    await root.s3.send(new CreateBucketCommand({ Bucket: "links" }));
    const at = { Bucket: "links", Key: "a/b c" };
    const upload = await getSignedUrl(root.s3, new PutObjectCommand(at), { expiresIn: 60 });
    const uploaded = await fetch(upload, { method: "PUT", body: "via link" });
    assertEquals([uploaded.status, await uploaded.text()], [200, ""]);
    const download = await getSignedUrl(root.s3, new GetObjectCommand(at), { expiresIn: 60 });
    assertEquals(await (await fetch(download)).text(), "via link");
    const tampered = await fetch(download.replace("a/b%20c", "a/other"));
    assertEquals(tampered.status, 403);
    assertStringIncludes(await tampered.text(), "<Code>SignatureDoesNotMatch</Code>");
  },
);

sandboxTest(
  "ListObjectsV2 pages through keys and common prefixes in byte order",
  async (_, root) => {
    const Bucket = "lists";
    await root.s3.send(new CreateBucketCommand({ Bucket }));
    const keys = ["a/1", "a/2", "b", "c/d/e", "ä", "z", "𝄞", "//", "a/../x"];
    for (const Key of keys) await root.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    const listed: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await root.s3.send(
        new ListObjectsV2Command({ Bucket, Delimiter: "/", MaxKeys: 2, ContinuationToken }),
      );
      listed.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    // Pages of two: b and c/ share one, and a page names its common prefixes first here.
    assertEquals(listed, ["/", "a/", "c/", "b", "z", "ä", "𝄞"]);
    const { Contents } = await root.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "a/" }));
    assertEquals(Contents?.map(({ Key }) => Key), ["a/../x", "a/1", "a/2"]);
  },
);

sandboxTest("any key survives put, list, get and delete", async (_, root) => {
  const Bucket = "keys";
  await root.s3.send(new CreateBucketCommand({ Bucket }));
  // XML 1.0 can't carry control characters, nor can a path end in nothing.
  const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .filter((text) => /^[^\p{Cc}\p{Cs}\ufffe\uffff]+$/u.test(text) && text.trim() === text);
  await fc.assert(
    fc.asyncProperty(key, fc.uint8Array({ maxLength: 64 }), async (Key, bytes) => {
      await root.s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes }));
      const { Contents } = await root.s3.send(new ListObjectsV2Command({ Bucket }));
      assertEquals(Contents?.map((object) => object.Key), [Key]);
      const got = await root.s3.send(new GetObjectCommand({ Bucket, Key }));
      assertEquals(new Uint8Array(await got.Body!.transformToByteArray()), new Uint8Array(bytes));
      await root.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
    }),
    { numRuns: 30 },
  );
});

sandboxTest(
  "the sandbox answers neither a foreign Host nor a page of another origin",
  async (sandbox) => {
    const status = async (headers: Record<string, string>) => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
      const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
      await connection.write(
        new TextEncoder().encode(
          `GET /_sandbox/health HTTP/1.1\r\n${head}Connection: close\r\n\r\n`,
        ),
      );
      const answer = await new Response(connection.readable).text();
      return Number(answer.split(" ")[1]);
    };
    const host = `127.0.0.1:${sandbox.port}`;
    assertEquals(await status({ Host: host }), 200);
    assertEquals(await status({ Host: "evil.example" }), 403);
    assertEquals(await status({ Host: host, Origin: "http://evil.example" }), 403);
  },
);

sandboxTest("garbage and half requests do not stop the sandbox", async (sandbox, root) => {
  for (
    const text of [
      "garbage\r\n\r\n",
      "PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nhalf",
    ]
  ) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
    await connection.write(new TextEncoder().encode(text));
    connection.close();
  }
  const unsigned = await fetch(`${sandbox.endpoint}/bucket/key`);
  assertEquals(unsigned.status, 403);
  assertStringIncludes(await unsigned.text(), "<Code>AccessDenied</Code>");
  assert((await root.sts.send(new GetCallerIdentityCommand())).Account);
});

Deno.test("a start that fails after it listens leaves neither the port nor the folder taken", async () => {
  const dataDir = await Deno.makeTempDir();
  await Deno.chmod(dataDir, 0o700);
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr;
  probe.close();
  try {
    // The AWS files are written after the sandbox listens, and here they cannot be.
    await Deno.writeTextFile(join(dataDir, "aws"), "a file where the folder belongs", {
      mode: 0o600,
    });
    await assertRejects(() => startSandbox({ port, dataDir, speed: 60 }), Error, "File exists");
    await Deno.remove(join(dataDir, "aws"));
    const sandbox = await startSandbox({ port, dataDir, speed: 60 });
    assertEquals(sandbox.port, port);
    await sandbox.stop();
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});
