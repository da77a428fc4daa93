import { assertEquals } from "@std/assert";
import { gzipSync as gzipOfFflate } from "fflate";
import { Buffer } from "node:buffer";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { gzip } from "pako";
import { compressedAnswer, compressedCases } from "./compressed_answer.ts";
import { fairTest } from "./testing.ts";

const encoded = (text: string) => new TextEncoder().encode(text);

fairTest("4.2", {
  casesOf: compressedCases,
  right: {
    "the published one": compressedAnswer,
    "pako": (document) => gzip(`${document}\n`).toBase64(),
    "fflate": (document) => gzipOfFflate(encoded(document + "\n")).toBase64(),
    "the best level": (document) =>
      gzipSync(encoded(`${document}\n`), { level: 9 }).toString("base64"),
    "two members": (document) =>
      Buffer.concat([gzipSync(document), gzipSync("\n")]).toString("base64"),
  },
  wrong: {
    "the starter: not compressed": (document) => Buffer.from(`${document}\n`).toString("base64"),
    "no line feed": (document) => gzipSync(document).toString("base64"),
    "the line feed outside of gzip": (document) =>
      Buffer.concat([gzipSync(document), Buffer.from("\n")]).toString("base64"),
    "the line feed after base64": (document) => gzipSync(document).toString("base64") + "\n",
    "the line feed first": (document) => gzipSync(`\n${document}`).toString("base64"),
    "two line feeds": (document) => gzipSync(`${document}\n\n`).toString("base64"),
    "the letters \\n": (document) => gzipSync(`${document}\\n`).toString("base64"),
    "a comma": (document) => gzipSync(`${document},\n`).toString("base64"),
    "hex": (document) => gzipSync(`${document}\n`).toString("hex"),
    "bytes as letters": (document) => gzipSync(`${document}\n`).toString("latin1"),
    "deflate": (document) => deflateSync(`${document}\n`).toString("base64"),
    "raw deflate": (document) => deflateRawSync(`${document}\n`).toString("base64"),
    "brotli": (document) => brotliCompressSync(`${document}\n`).toString("base64"),
    "compressed twice": (document) => gzipSync(gzipSync(`${document}\n`)).toString("base64"),
    "base64 before gzip": (document) =>
      gzipSync(btoa(encodeURIComponent(document))).toString("base64"),
    "base64 twice": (document) => btoa(gzipSync(`${document}\n`).toString("base64")),
    "Latin-1": (document) => gzipSync(Buffer.from(`${document}\n`, "latin1")).toString("base64"),
    "a JSON text of the document": (document) =>
      gzipSync(`${JSON.stringify(document)}\n`).toString("base64"),
    "stored, not compressed": (document) =>
      gzipSync(`${document}\n`, { level: 0 }).toString("base64"),
  },
});

Deno.test("exercise 4.2 says so when the answer is bytes, without base64", () => {
  // A reader's cell is not type-checked: bytes reach the check.
  const bytes = (document: string): string => Object(gzipSync(`${document}\n`));
  const given = compressedCases(bytes).map(({ gave }) => gave());
  assertEquals([given[0], given.at(-1)], ["bytes: base64 is missing", "bytes: base64 is missing"]);
});
