/**
 * The plan that every reader is given: where each object lies as a file, in S3 and over HTTP.
 * @module
 */

import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gzipWith } from "../../../lambda/testing.ts";
import type { FolderCase } from "../../readers/results.ts";
import type { MadeObjects } from "./objects.ts";

/** What a reader's program reads as JSON. */
export interface Plan {
  /** Paths of the objects. */
  readonly files: Readonly<Record<string, string>>;
  /** Presigned addresses of objects with `Content-Encoding: gzip`. */
  readonly urls: Readonly<Record<string, string>>;
  /** Keys of the objects in the bucket. */
  readonly keys: Readonly<Record<string, string>>;
  /** Folders with partitions or with several objects, and the column to look for. */
  readonly folders: Readonly<Record<string, { readonly path: string; readonly column: string }>>;
  readonly s3: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
}

/** The partition folders of each case, and the column that they stand for. */
const TREES: Readonly<Record<FolderCase, { column: string; folders: readonly string[] }>> = {
  zeros: { column: "month", folders: ["month=01", "month=02"] },
  customers: { column: "customer", folders: ["customer=00123", "customer=123"] },
  dates: { column: "date", folders: ["date=2026-11-29", "date=2026-11-30"] },
  equals: { column: "tag", folders: ["tag=a=b", "tag=c"] },
  sameName: { column: "table", folders: ["table=7"] },
  underscore: { column: "id", folders: ["_audit", "shop"] },
  noNames: { column: "year", folders: ["shop/orders/2026"] },
};

const OBJECT_COUNT = 40;
const OBJECT_ROWS = 1_000;

/** Objects whose records differ: the rows of each object, and the column to look for. */
const MIXED: Readonly<Record<string, { column: string; objects: readonly (readonly string[])[] }>> =
  {
    lateDecimal: { column: "amount", objects: lastDiffers('{"amount":1}', '{"amount":1.5}') },
    lateMember: { column: "error", objects: lastDiffers('{"id":1}', '{"id":1,"error":"disk"}') },
    lateLarge: {
      column: "trace",
      objects: lastDiffers('{"trace":1}', '{"trace":12345678901234567890}'),
    },
    lateText: { column: "code", objects: lastDiffers('{"code":1}', '{"code":"A7"}') },
    numberTexts: { column: "customer", objects: [['{"customer":"00123"}', '{"customer":"123"}']] },
  };

/** Objects of many equal rows; the last object has others. */
function lastDiffers(row: string, last: string): string[][] {
  return Array.from(
    { length: OBJECT_COUNT },
    (_, index) => Array(OBJECT_ROWS).fill(index === OBJECT_COUNT - 1 ? last : row),
  );
}

/** Writes the objects and folders below `folder`, and the plan as `plan.json`; gives its path. */
export async function writePlan(made: MadeObjects, folder: string): Promise<Plan> {
  const { lab, objects } = made;
  const bytesOf = (name: string) => Buffer.from(objects.get(name)?.bytes ?? []);
  const files: Record<string, string> = {};
  const keys: Record<string, string> = {};
  const add = async (name: string, extension: string, bytes: Uint8Array) => {
    files[name] = join(folder, `${name}${extension}`);
    await Deno.writeFile(files[name], bytes);
  };
  for (const [name, { key, bytes }] of objects) {
    await add(name, /\.json.*$/.exec(key)?.[0] ?? "", bytes);
    keys[name] = key;
  }
  const lines = bytesOf("lines");
  await add("glued", ".json", gluedFrom(lines));
  await add("emptyLines", ".json", Buffer.from(lines.toString().replaceAll("\n", "\n\n")));
  await add("headerFields", ".json.gz", withHeaderFields(lines));
  keys.headerFields = "headerFields.json.gz";
  const { bucket } = lab.names;
  await lab.s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: keys.headerFields,
      Body: withHeaderFields(lines),
    }),
  );
  const plan = {
    files,
    keys,
    urls: await urlsOf(lab.s3, bucket, {
      oneMember: keys.oneMember,
      members: bytesOf("keptMembers"),
    }),
    folders: {
      ...await writeFolders(join(folder, "folders"), lines),
      ...await writeMixed(join(folder, "mixed")),
    },
    s3: await s3Of(lab.s3, bucket),
  };
  await Deno.writeTextFile(join(folder, "plan.json"), JSON.stringify(plan, null, 2));
  return plan;
}

const LINE_FEED = 0x0a;

/** What `cat` makes of two objects: a delimiter stands between records, and none at the end. */
function gluedFrom(lines: Buffer): Buffer {
  const at = lines.indexOf(LINE_FEED, lines.length / 2);
  return Buffer.concat([lines.subarray(0, at), lines.subarray(at + 1)]);
}

/** The lines in three gzip members, two of them with headers that some producers write. */
function withHeaderFields(lines: Buffer): Buffer {
  const [first, second] = [1, 2].map((part) =>
    lines.indexOf(LINE_FEED, lines.length * part / 3) + 1
  );
  return Buffer.concat([
    gzipWith(lines.subarray(0, first), {}),
    gzipWith(lines.subarray(first, second), { comment: "a comment", isText: true }),
    gzipWith(lines.subarray(second), { hasChecksum: true }),
  ]);
}

async function urlsOf(
  s3: S3Client,
  bucket: string,
  { oneMember, members }: { readonly oneMember: string; readonly members: Buffer },
): Promise<Plan["urls"]> {
  const key = "httpMembers.json.gz";
  const put = { Bucket: bucket, Key: key, Body: members, ContentEncoding: "gzip" };
  await s3.send(new PutObjectCommand(put));
  const urlOf = (Key: string) =>
    getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key }), { expiresIn: 86_400 });
  return { httpOneMember: await urlOf(oneMember), httpMembers: await urlOf(key) };
}

async function writeFolders(root: string, lines: Buffer): Promise<Plan["folders"]> {
  const documents = lines.toString().split("\n");
  const written: Record<string, { path: string; column: string }> = {};
  for (const [name, { column, folders }] of Object.entries(TREES)) {
    for (const [index, path] of folders.entries()) {
      const folder = join(root, name, path);
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(join(folder, "part.json"), `${documents[index]}\n`);
    }
    written[name] = { path: join(root, name), column };
  }
  return written;
}

async function writeMixed(root: string): Promise<Plan["folders"]> {
  const written: Record<string, { path: string; column: string }> = {};
  for (const [name, { column, objects }] of Object.entries(MIXED)) {
    const path = join(root, name);
    await Deno.mkdir(path, { recursive: true });
    for (const [index, rows] of objects.entries()) {
      const file = join(path, `${`${index}`.padStart(2, "0")}.json`);
      await Deno.writeTextFile(file, rows.map((row) => `${row}\n`).join(""));
    }
    written[name] = { path, column };
  }
  return written;
}

async function s3Of(s3: S3Client, bucket: string): Promise<Plan["s3"]> {
  const { accessKeyId, secretAccessKey } = await s3.config.credentials();
  const endpoint = await s3.config.endpoint?.();
  if (!endpoint) throw new Error("the sandbox's client has no endpoint");
  return {
    endpoint: `http://${endpoint.hostname}:${endpoint.port}`,
    region: await s3.config.region(),
    bucket,
    accessKeyId,
    secretAccessKey,
  };
}
