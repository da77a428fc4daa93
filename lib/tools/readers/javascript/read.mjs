// Reads the objects with JavaScript's readers, under Node or Deno: `read.mjs PLAN`.
// Prints one JSON line for each reader and case: the ids of the rows it got, or the error.

import { existsSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { createRequire } from "node:module";
import { createGunzip, gunzipSync } from "node:zlib";

const PIECE_BYTES = 16 * 1024;
const RUNTIME = globalThis.Deno
  ? { name: "Deno", version: Deno.version.deno }
  : { name: "Node", version: process.versions.node };

const require = createRequire(import.meta.url);
/** Undefined if the library is not installed. */
const versionOf = (name) => {
  const path = new URL(`node_modules/${name}/package.json`, import.meta.url);
  return existsSync(path) ? JSON.parse(readFileSync(path)).version : undefined;
};

/** The ids of the lines. A line that was cut is no row: the reader said nothing about it. */
const idsOf = (bytes) =>
  new TextDecoder().decode(bytes).split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line).id];
    } catch {
      return [];
    }
  });

/** The bytes in pieces, as a network or a file stream hands them over. */
function* piecesOf(bytes) {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    yield bytes.subarray(start, start + PIECE_BYTES);
  }
}

async function joined(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function zlibStream(bytes) {
  const gunzip = createGunzip();
  const content = joined(gunzip);
  for (const piece of piecesOf(bytes)) gunzip.write(piece);
  gunzip.end();
  return await content;
}

async function decompressionStream(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A network's pieces have any length: here the first one ends with the first member. */
async function pakoPieces(bytes) {
  const [{ Gunzip }, { Inflate }] = [await import("fflate"), await import("pako")];
  const starts = [];
  const members = new Gunzip(() => {});
  members.onmember = (start) => starts.push(start);
  for (const piece of piecesOf(bytes)) members.push(piece);
  const end = starts.find((start) => start > 0) ?? bytes.length;
  const pieces = [bytes.subarray(0, end), ...piecesOf(bytes.subarray(end))];
  const parts = [];
  const inflate = new Inflate();
  inflate.onData = (part) => parts.push(part);
  pieces.forEach((piece, index) => inflate.push(piece, index === pieces.length - 1));
  if (inflate.err) throw new Error(inflate.msg || `pako error ${inflate.err}`);
  return Buffer.concat(parts);
}

async function fflateStream(bytes) {
  const { Gunzip } = await import("fflate");
  const parts = [];
  const gunzip = new Gunzip((part) => parts.push(part));
  const pieces = [...piecesOf(bytes)];
  pieces.forEach((piece, index) => gunzip.push(piece, index === pieces.length - 1));
  return Buffer.concat(parts);
}

/** node:http gives the bytes as they are sent. */
const getRaw = (url) =>
  new Promise((resolve, reject) =>
    get(url, (answer) => resolve(joined(answer))).on("error", reject)
  );

const GZIP = ["oneMember", "functionLines", "keptMembers", "mergedMembers", "headerFields"];
const HTTP = ["httpOneMember", "httpMembers"];

// Each: [name, version, cases, read from bytes or, for HTTP, from an address].
const ALL = [
  [`${RUNTIME.name} node:zlib gunzipSync`, RUNTIME.version, GZIP, gunzipSync],
  [`${RUNTIME.name} node:zlib createGunzip`, RUNTIME.version, GZIP, zlibStream],
  [`${RUNTIME.name} DecompressionStream`, RUNTIME.version, GZIP, decompressionStream],
  [
    `${RUNTIME.name} fetch`,
    RUNTIME.version,
    HTTP,
    async (url) => await (await fetch(url)).arrayBuffer(),
  ],
  [
    `${RUNTIME.name} node:http, gunzipSync`,
    RUNTIME.version,
    HTTP,
    async (url) => gunzipSync(await getRaw(url)),
  ],
];
const LIBRARIES = [
  ["pako ungzip", "pako", GZIP, async (bytes) => (await import("pako")).ungzip(bytes)],
  ["pako Inflate, in pieces", "pako", GZIP, pakoPieces],
  [
    "fflate gunzipSync",
    "fflate",
    GZIP,
    async (bytes) => (await import("fflate")).gunzipSync(bytes),
  ],
  ["fflate Gunzip", "fflate", GZIP, fflateStream],
  ["fflate unzipSync", "fflate", ["zip"], async (bytes) => {
    const { unzipSync } = await import("fflate");
    return Object.values(unzipSync(bytes))[0];
  }],
  ["jszip", "jszip", ["zip"], async (bytes) => {
    const { files } = await require("jszip").loadAsync(bytes);
    return await Object.values(files)[0].async("uint8array");
  }],
  ["axios", "axios", HTTP, async (url) => {
    const { data } = await (await import("axios")).default.get(url, {
      responseType: "arraybuffer",
    });
    return data;
  }],
  ["got", "got", HTTP, async (url) => await (await import("got")).default(url).buffer()],
];

async function attempt(read, place) {
  try {
    return { ids: idsOf(await read(place)) };
  } catch (error) {
    return { error: `${error.name}: ${error.message}`.split("\n")[0].slice(0, 200) };
  }
}

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
// The libraries are the same under both: Node has them installed.
const libraries = RUNTIME.name === "Node"
  ? LIBRARIES.map(([name, library, ...rest]) => [name, versionOf(library), ...rest])
    .filter(([, version]) => version)
  : [];
for (const [reader, version, cases, read] of [...ALL, ...libraries]) {
  for (const name of cases) {
    const url = plan.urls[name];
    const got = await attempt(read, url ?? readFileSync(plan.files[name]));
    console.log(JSON.stringify({ reader, version, case: name, ...got }));
  }
}
