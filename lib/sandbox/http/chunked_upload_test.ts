/** `aws-chunked` uploads, signed chunk by chunk or not, with trailers and without. */
import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Unsigned } from "../testing/signing.ts";
import type { Sandbox } from "../sandbox.ts";
import { sha256Hex } from "./signature.ts";
import { type Answer, answerOf, answerTo, atTheGate, KEY, MISMATCH, NOW } from "./testing.ts";

const CHUNK_BYTES = 8_192;
const DATA = Buffer.from(Array.from({ length: 20_000 }, (_, index) => index % 251));
const AMZ_DATE = NOW.toISOString().replace(/[-:]|\.\d{3}/g, "");
const SCOPE = "20260221/us-east-1/s3/aws4_request";

const hmac = (key: string | Buffer, text: string) =>
  createHmac("sha256", key).update(text).digest();
const SIGNING_KEY = ["20260221", "us-east-1", "s3", "aws4_request"].reduce<Buffer>(
  hmac,
  Buffer.from(`AWS4${KEY.secretAccessKey}`),
);

/** The form of an upload, and its fault. */
interface Upload {
  readonly form:
    | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
    | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
    | "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  readonly chunkBytes?: number;
  /** Changes a chunk after it was signed. */
  readonly change?: (chunk: Buffer, index: number) => Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly checksum?: string;
  /** Leaves out the signature of the trailer. */
  readonly trailer?: "unsigned";
}

const CRC32 = Buffer.alloc(4);
CRC32.writeUInt32BE(crc32(DATA));

function bodyOf(upload: Upload, seed: string): Uint8Array<ArrayBuffer> {
  const { form, chunkBytes = CHUNK_BYTES, change = (chunk) => chunk } = upload;
  const isSigned = form.startsWith("STREAMING-AWS4");
  const head = `${AMZ_DATE}\n${SCOPE}\n`;
  let previous = seed;
  const parts: Uint8Array[] = [];
  for (let start = 0; start < DATA.length; start += chunkBytes) {
    const chunk = DATA.subarray(start, start + chunkBytes);
    const signed = `AWS4-HMAC-SHA256-PAYLOAD\n${head}${previous}\n${sha256Hex("")}\n`;
    previous = hmac(SIGNING_KEY, signed + sha256Hex(chunk)).toString("hex");
    const extension = isSigned ? `;chunk-signature=${previous}` : "";
    parts.push(Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`));
    parts.push(change(Buffer.from(chunk), start / chunkBytes), Buffer.from("\r\n"));
  }
  const empty = `AWS4-HMAC-SHA256-PAYLOAD\n${head}${previous}\n${sha256Hex("")}\n${sha256Hex("")}`;
  previous = hmac(SIGNING_KEY, empty).toString("hex");
  parts.push(Buffer.from(isSigned ? `0;chunk-signature=${previous}\r\n` : "0\r\n"));
  if (form.endsWith("TRAILER")) {
    const line = `x-amz-checksum-crc32:${upload.checksum ?? CRC32.toString("base64")}`;
    const text = `AWS4-HMAC-SHA256-TRAILER\n${head}${previous}\n${sha256Hex(`${line}\n`)}`;
    const signature = hmac(SIGNING_KEY, text).toString("hex");
    const isLineSigned = isSigned && upload.trailer !== "unsigned";
    parts.push(Buffer.from(`${line}\r\n`));
    if (isLineSigned) parts.push(Buffer.from(`x-amz-trailer-signature:${signature}\r\n`));
  }
  parts.push(Buffer.from("\r\n"));
  return new Uint8Array(Buffer.concat(parts));
}

const at = (method: string, path: string, headers: Record<string, string> = {}): Unsigned => ({
  service: "s3",
  method,
  path,
  headers: { "x-amz-content-sha256": sha256Hex(""), ...headers },
});

async function put(sandbox: Sandbox, upload: Upload): Promise<Answer> {
  const call = at("PUT", "/things/k", {
    "x-amz-content-sha256": upload.form,
    "x-amz-decoded-content-length": String(DATA.length),
    "content-encoding": "aws-chunked",
    ...(upload.form.endsWith("TRAILER") ? { "x-amz-trailer": "x-amz-checksum-crc32" } : {}),
    ...upload.headers,
  });
  const { response, text } = await answerTo(sandbox, call, {
    change: (sent) => {
      const seed = /Signature=(\w+)/.exec(sent.headers.get("authorization") ?? "")?.[1] ?? "";
      return { ...sent, body: bodyOf(upload, seed) };
    },
  });
  return answerOf(response, text);
}

/** The SHA-256 of the stored object; undefined if there is none. */
async function stored(sandbox: Sandbox): Promise<string | undefined> {
  const { response, bytes } = await answerTo(sandbox, at("GET", "/things/k"));
  return response.status === 200 ? sha256Hex(bytes) : undefined;
}

const SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const OK: Answer = [200, "", ""];
const WRONG: Answer = [403, "SignatureDoesNotMatch", `${MISMATCH}key and signing method.`];
const TOO_SMALL: Answer = [
  403,
  "InvalidChunkSizeError",
  "Only the last chunk is allowed to have a size less than 8192 bytes",
];
const BAD_DIGEST: Answer = [
  400,
  "BadDigest",
  "The CRC32 you specified did not match the calculated checksum.",
];
const INCOMPLETE: Answer = [
  400,
  "IncompleteBody",
  "You did not provide the number of bytes specified by the Content-Length HTTP header",
];

/** Flips a bit of the second chunk. */
const flipped = (chunk: Buffer, index: number) => {
  if (index === 1) chunk[0] ^= 1;
  return chunk;
};

for (
  const [why, upload, expected] of [
    ["whose chunks are signed", { form: SIGNED }, OK],
    ["whose chunks and trailer are signed", { form: SIGNED_TRAILER }, OK],
    ["that is not signed but for its head", { form: UNSIGNED_TRAILER }, OK],
    ["in unsigned chunks of 8,191 bytes", { form: UNSIGNED_TRAILER, chunkBytes: 8_191 }, TOO_SMALL],
    ["in signed chunks of 8,191 bytes", { form: SIGNED, chunkBytes: 8_191 }, TOO_SMALL],
    ["in one chunk that is not full", { form: SIGNED_TRAILER, chunkBytes: 20_001 }, OK],
    ["with a signed chunk that was changed", { form: SIGNED, change: flipped }, WRONG],
    [
      "with a changed chunk under a trailer",
      { form: UNSIGNED_TRAILER, change: flipped },
      BAD_DIGEST,
    ],
    [
      "with a signed trailer that is wrong",
      { form: SIGNED_TRAILER, checksum: "AAAAAA==" },
      BAD_DIGEST,
    ],
    [
      "with a trailer whose signature is missing",
      { form: SIGNED_TRAILER, trailer: "unsigned" },
      WRONG,
    ],
    [
      "that is longer than it says",
      { form: SIGNED, headers: { "x-amz-decoded-content-length": "19999" } },
      INCOMPLETE,
    ],
    [
      "that is shorter than it says",
      { form: UNSIGNED_TRAILER, headers: { "x-amz-decoded-content-length": "20001" } },
      INCOMPLETE,
    ],
  ] satisfies (readonly [string, Upload, Answer])[]
) {
  Deno.test(`an upload ${why} is answered with ${expected[1] || "200"}`, async () => {
    await atTheGate(async (sandbox) => {
      await answerTo(sandbox, at("PUT", "/things"));
      assertEquals(await put(sandbox, upload), expected);
      assertEquals(await stored(sandbox), expected === OK ? sha256Hex(DATA) : undefined);
    });
  });
}
