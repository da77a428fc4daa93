/** Requests that are cut off, too long, or malformed: each gets an answer, and nothing is kept. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { clientsFor } from "../testing/clients.ts";
import { signedHeaders, type Unsigned } from "../testing/signing.ts";
import { until } from "../testing/until.ts";
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import { sha256Hex } from "./signature.ts";

type Root = ReturnType<typeof clientsFor>;

function sandboxTest(
  name: string,
  run: (sandbox: Sandbox, root: Root, dataDir: string) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const dataDir = await Deno.makeTempDir();
    const sandbox = await startSandbox({ port: 0, dataDir, speed: 60 });
    try {
      using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await root.s3.send(new CreateBucketCommand({ Bucket: "things" }));
      await run(sandbox, root, dataDir);
      assert((await root.sts.send(new GetCallerIdentityCommand())).Account, "it keeps serving");
    } finally {
      await sandbox.stop();
      await Deno.remove(dataDir, { recursive: true });
    }
  });
}

/** The bytes of a signed request, with `sent` in place of its body. */
async function wire(sandbox: Sandbox, call: Unsigned, sent: Uint8Array): Promise<Uint8Array> {
  const host = `127.0.0.1:${sandbox.port}`;
  const headers = await signedHeaders(host, call, { credentials: sandbox.rootKey });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const query = Object.entries(call.query ?? {}).map(([name, value]) => `${name}=${value}`).join(
    "&",
  );
  const target = query === "" ? call.path : `${call.path}?${query}`;
  const head = `${call.method} ${target} HTTP/1.1\r\n${lines.join("")}connection: close\r\n\r\n`;
  return await new Blob([head, new Uint8Array(sent)]).bytes();
}

/** Sends bytes and returns the answer; `end` closes the sending side. */
async function exchange(
  { port }: Sandbox,
  bytes: Uint8Array,
  then: "end" | "wait" = "end",
): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const reading = new Response(ReadableStream.from(readAll(connection))).text();
  for (let left = bytes; left.length > 0;) left = left.subarray(await connection.write(left));
  if (then === "end") await connection.closeWrite();
  return await reading;
}

async function* readAll(connection: Deno.Conn): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const buffer = new Uint8Array(65_536);
  for (let read; (read = await connection.read(buffer)) !== null;) yield buffer.slice(0, read);
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** Status, error code and text of an answer. */
function answered(text: string): string {
  const status = text.split(" ")[1];
  const code = /<Code>(.*?)<|"__type":"(.*?)"/.exec(text)?.slice(1).join("") ?? "";
  const message = /<Message>(.*?)<|"message":"(.*?)"/.exec(text)?.slice(1).join("") ?? "";
  return [status, code, message].filter((part) => part !== "").join(" ");
}

const INCOMPLETE = "400 IncompleteBody You did not provide the number of bytes specified by the " +
  "Content-Length HTTP header";

/** The number of stored bodies, finished or not. */
async function filesIn(dataDir: string): Promise<number> {
  let count = 0;
  for await (const folder of Deno.readDir(join(dataDir, "objects"))) {
    for await (const _ of Deno.readDir(join(dataDir, "objects", folder.name))) count++;
  }
  return count;
}

async function keysIn({ s3 }: Root): Promise<number | undefined> {
  return (await s3.send(new ListObjectsV2Command({ Bucket: "things" }))).KeyCount;
}

const BODY = "x".repeat(300_000);
const PUT_OBJECT: Unsigned = {
  service: "s3",
  method: "PUT",
  path: "/things/short",
  headers: { "x-amz-content-sha256": sha256Hex(BODY), "content-length": String(BODY.length) },
};

sandboxTest(
  "an object's body that ends before its Content-Length is IncompleteBody, and is not kept",
  async (sandbox, root, dataDir) => {
    const half = await wire(sandbox, PUT_OBJECT, bytes(BODY.slice(0, 200_000)));
    assertEquals(answered(await exchange(sandbox, half)), INCOMPLETE);
    assertEquals([await keysIn(root), await filesIn(dataDir)], [0, 0]);
  },
);

sandboxTest(
  "a client that closes the connection within an object's body leaves nothing behind",
  async (sandbox, root, dataDir) => {
    const half = await wire(sandbox, PUT_OBJECT, bytes(BODY.slice(0, 200_000)));
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
    for (let left = half; left.length > 0;) left = left.subarray(await connection.write(left));
    await until("the body to be begun", async () => await filesIn(dataDir) === 1 || undefined);
    connection.close();
    await until("the body to be gone", async () => await filesIn(dataDir) === 0 || undefined);
    assertEquals(await keysIn(root), 0);
  },
);

Deno.test("a client that stops in the middle of a body does not hold up the end", async () => {
  const dataDir = await Deno.makeTempDir();
  const problems: string[] = [];
  const log = {
    problem: (line: string) => void problems.push(line),
    close: () => Promise.resolve(),
  };
  const sandbox = await startSandbox({ port: 0, dataDir, speed: 60, log });
  using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
  await root.s3.send(new CreateBucketCommand({ Bucket: "things" }));
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
  const half = await wire(sandbox, PUT_OBJECT, bytes(BODY.slice(0, 100_000)));
  for (let left = half; left.length > 0;) left = left.subarray(await connection.write(left));
  await until("the body to be begun", async () => await filesIn(dataDir) === 1 || undefined);
  let isEnded: true | undefined;
  void sandbox.stop().then(() => isEnded = true);
  await until("the end", () => isEnded);
  assertEquals(problems, [
    "The sandbox ended before a client had sent all of its request or read its answer.",
  ]);
  await Deno.remove(dataDir, { recursive: true });
});

/** A call of Firehose, by its target; `body` is signed. */
const firehose = (operation: string, body: string, headers: Record<string, string> = {}) => ({
  service: "firehose",
  method: "POST",
  path: "/",
  body,
  headers: {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `Firehose_20150804.${operation}`,
    "content-length": String(bytes(body).length),
    ...headers,
  },
});

const form = (body: string) => ({
  service: "iam",
  method: "POST",
  path: "/",
  body,
  headers: {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(body.length),
  },
});

/** A call of DeleteObjects with this body. */
const deletion = (body: string) => ({
  service: "s3",
  method: "POST",
  path: "/things",
  query: { delete: "" },
  body,
  headers: {
    "content-length": String(body.length),
    "x-amz-content-sha256": sha256Hex(body),
    "content-md5": createHash("md5").update(body).digest("base64"),
  },
});

const put = (record: string) => `{"DeliveryStreamName":"s","Record":${record}}`;
const NOT_JSON = "400 SerializationException The request body is not valid JSON in UTF-8";
const MALFORMED_XML = "400 MalformedXML The XML you provided was not well-formed or did not " +
  "validate against our published schema";
const DELETE = "<Delete><Object><Key>k</Key></Object>";

for (
  const [why, call, expected] of [
    [
      "a JSON body that ends before its Content-Length",
      firehose("ListDeliveryStreams", "{}", { "content-length": "5" }),
      INCOMPLETE,
    ],
    [
      "bad base64",
      firehose("PutRecord", put('{"Data":"&&&"}')),
      "400 SerializationException Invalid base64 in a blob member",
    ],
    ["half a JSON body", firehose("PutRecord", '{"DeliveryStreamName'), NOT_JSON],
    ["a body that is no UTF-8", firehose("PutRecord", "{}"), NOT_JSON],
    [
      "a list where a structure belongs",
      firehose("PutRecord", put("[]")),
      "400 SerializationException Unexpected list where a object was expected",
    ],
    [
      "a number where text belongs",
      firehose("DescribeDeliveryStream", '{"DeliveryStreamName":7}'),
      "400 SerializationException Unexpected number where a string was expected",
    ],
    [
      "an operation that does not exist",
      firehose("PutRecords", "{}"),
      "400 UnknownOperationException",
    ],
    [
      "a list with a gap",
      form(
        "Action=TagUser&Version=2010-05-08&UserName=ann&Tags.member.1.Key=a&Tags.member.1.Value=1" +
          "&Tags.member.3.Key=c&Tags.member.3.Value=3",
      ),
      "400 MalformedInput Tags.member.2 is missing in a list",
    ],
    [
      // All prefixes of the name took 5 GB, and the sandbox ended.
      "a name of 100,000 numbers",
      form(`Action=GetUser&Version=2010-05-08&UserName=no&a${".1".repeat(100_000)}=`),
      "404 NoSuchEntity",
    ],
    [
      "an action that does not exist",
      form("Action=ListWishes&Version=2010-05-08"),
      "400 InvalidAction Could not find operation ListWishes for version 2010-05-08",
    ],
    ["broken XML", deletion(DELETE), MALFORMED_XML],
    ["XML with another root", deletion("<Deletion><Object/></Deletion>"), MALFORMED_XML],
    ["XML with a misspelt element", deletion(`${DELETE}<Quite>1</Quite></Delete>`), MALFORMED_XML],
    [
      "XML with a boolean that is none",
      deletion(`${DELETE}<Quiet>no</Quiet></Delete>`),
      MALFORMED_XML,
    ],
    [
      "a parameter of Lambda that is no number",
      {
        service: "lambda",
        method: "GET",
        path: "/2015-03-31/functions",
        query: { MaxItems: "" },
        body: "",
        headers: {},
      },
      "400 The parameter MaxItems is not a number",
    ],
    [
      "a body of more than 10 MiB",
      firehose("PutRecordBatch", "{}", { "content-length": "10485761" }),
      "413 RequestEntityTooLargeException Request must be smaller than 10485760 bytes",
    ],
  ] satisfies (readonly [string, Unsigned, string])[]
) {
  sandboxTest(`a request with ${why} is answered: ${expected.slice(0, 60)}`, async (sandbox) => {
    const sent = why.includes("no UTF-8") ? Uint8Array.of(0xff, 0xfe) : bytes(String(call.body));
    const signed = why.includes("no UTF-8") ? { ...call, body: sent } : call;
    const request = await wire(sandbox, signed, sent);
    const isShort = sent.length < Number(call.headers["content-length"]);
    const answer = answered(await exchange(sandbox, request, isShort ? "end" : "wait"));
    assertEquals(answer.slice(0, expected.length), expected);
  });
}

const HOST = "Host: 127.0.0.1\r\n";

for (
  const [why, text] of [
    ["text", "garbage\r\n\r\n"],
    ["zeros", "\0\0\0\0"],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00"],
    ["a version of HTTP to come", `GET / HTTP/9.9\r\n${HOST}\r\n`],
    ["a length below nothing", `POST / HTTP/1.1\r\n${HOST}Content-Length: -5\r\n\r\n`],
    ["two lengths", `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`],
    ["5,000 headers", `GET / HTTP/1.1\r\n${HOST}${"x: y\r\n".repeat(5_000)}\r\n`],
  ] as const
) {
  sandboxTest(`garbage in place of HTTP is refused with 400: ${why}`, async (sandbox) => {
    assertEquals(
      (await exchange(sandbox, bytes(text))).split("\r\n")[0],
      "HTTP/1.1 400 Bad Request",
    );
  });
}

sandboxTest(
  "malformed chunks and connections that end at once do no harm",
  async (sandbox) => {
    const chunks = `PUT /things/k HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`;
    await exchange(sandbox, bytes(chunks)).catch(() => {});
    for (let n = 0; n < 50; n++) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
      if (n % 2 === 0) await connection.write(bytes("PUT /things/k HTTP/1.1\r\nContent-"));
      connection.close();
    }
  },
);

sandboxTest(
  "a client that sends its whole body before it reads gets the answer to a malformed chunk",
  async (sandbox) => {
    // More than the sockets of both sides hold: somebody must take it in.
    const sent = new Uint8Array(12 * 1024 * 1024);
    sent.set(bytes("10\r\n0123456789abcdef\r\n10\r\n0123456789abcdef\r\n"));
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "32",
      "x-amz-trailer": "x-amz-checksum-crc32",
      "content-length": String(sent.length),
    };
    const request = await wire(sandbox, { ...PUT_OBJECT, headers }, sent);
    let answer: string | undefined;
    const exchanged = exchange(sandbox, request, "wait").then((text) => answer = text);
    await until("the answer", () => answer);
    assertEquals(answered(await exchanged).slice(0, 25), "403 InvalidChunkSizeError");
  },
);

sandboxTest(
  "a start on a taken port says what to do, and the other sandbox goes on",
  async ({ port }) => {
    const dataDir = await Deno.makeTempDir();
    await assertRejects(
      () => startSandbox({ port, dataDir, speed: 60 }),
      Error,
      `Port ${port} of 127.0.0.1 is taken. Stop what listens there, or choose another port with --port.`,
    );
    await Deno.remove(dataDir, { recursive: true });
  },
);

sandboxTest(
  "a taken or malformed bucket name is refused, and the bucket stays as it was",
  async (_, { s3 }) => {
    await s3.send(new PutObjectCommand({ Bucket: "things", Key: "k", Body: "x" }));
    const refusal = async (Bucket: string) => {
      const create = () => s3.send(new CreateBucketCommand({ Bucket }));
      return (await assertRejects(create, Error)).name;
    };
    // In us-east-1, and only there, an owner's second CreateBucket succeeds.
    await s3.send(new CreateBucketCommand({ Bucket: "things" }));
    assertEquals(await refusal("No"), "InvalidBucketName");
    assertEquals((await s3.send(new ListObjectsV2Command({ Bucket: "things" }))).KeyCount, 1);
  },
);
