/**
 * Records as other gzip programs write them: each has its own header and its own compressed bytes.
 * Programs that are not installed are skipped by name. Go's bytes are kept in a file, because
 * compiling a Go program takes ten seconds.
 */
import { assert, assertEquals } from "@std/assert";
import { gzipSync as fflateGzip } from "fflate";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { gzip as pakoGzip } from "pako";
import GO from "./testing_go.json" with { type: "json" };
import { DOCUMENT, eventOf } from "./sample_event.ts";
import { STRATEGIES, type Strategy } from "./transform_options.ts";
import { transform } from "./transform.ts";

const TEXT = JSON.stringify(DOCUMENT);

/** Gzip data of {@linkcode TEXT}, made on 2026-11-30. */
const KEPT = {
  "Go 1.26.8 compress/gzip":
    "H4sIAAAAAAAA/6pWSkksSUxKLE5VslIqzsgvUNJRKklMygFx84tSUouKQQKZuSC+kYGRma6hoa6RSYiBpZWxgZWBQZSSjlJmipKVYS0gAAD//z72uflJAAAA",
  "Go 1.26.8 compress/gzip with an extra field, a name, a comment and a time":
    "H4sIHBhZBWsA/wYAQUICAHh5b3JkZXIuanNvbgBmcm9tIHRoZSBzaG9wAKpWSkksSUxKLE5VslIqzsgvUNJRKklMygFx84tSUouKQQKZuSC+kYGRma6hoa6RSYiBpZWxgZWBQZSSjlJmipKVYS0gAAD//z72uflJAAAA",
  "Java 17 GZIPOutputStream":
    "H4sIAAAAAAAA/6tWSkksSUxKLE5VslIqzsgvUNJRAvJzQNz8opTUomKQQGYuiG9kYGSma2ioa2QSYmBpZWxgZWAQBZTNTFGyMqwFAD72uflJAAAA",
  "gzip 1.12 with the file's name and time":
    "H4sICBhZBWsAA29yZGVyLmpzb24Aq1ZKSSxJTEosTlWyUirOyC9Q0lEC8nNA3PyilNSiYpBAZi6Ib2RgZKZraKhrZBJiYGllbGBlYBAFlM1MUbIyrAUAPva5+UkAAAA=",
  "Python 3.11 GzipFile with a name and a time":
    "H4sICBhZBWsC/29yZGVyLmpzb24Aq1ZKSSxJTEosTlWyUirOyC9Q0lEC8nNA3PyilNSiYpBAZi6Ib2RgZKZraKhrZBJiYGllbGBlYBAFlM1MUbIyrAUAPva5+UkAAAA=",
};

const documents = Array.from({ length: 24 }, (_, id) => ({
  ...DOCUMENT,
  table: ["orders", "items", "_audit"][id % 3],
  id,
  text: "Zoë \u{1F600} ".repeat(id),
}));
const texts = documents.map((document, id) =>
  JSON.stringify(document, null, id % 2) + (id % 4 ? "" : "\n")
);

/** What a strategy writes to S3, decompressed. */
function delivered(payloads: readonly Uint8Array[], strategy: Strategy): string[] {
  const event = eventOf(payloads);
  const { response, failures } = transform(event, { strategy });
  assertEquals(failures, []);
  const bytes = response.records.flatMap((record) =>
    record.result === "Ok" ? [Buffer.from(record.data, "base64")] : []
  );
  const text = bytes.map((some) => `${strategy === "drop-and-reingest" ? some : gunzipSync(some)}`);
  return text.join("").split("\n").filter((line) => line !== "");
}

for (const [producer, base64] of Object.entries(KEPT)) {
  Deno.test(`every strategy delivers records compressed by ${producer}`, () => {
    const data = Buffer.from(base64, "base64");
    assertEquals(gunzipSync(data).toString(), TEXT);
    for (const strategy of STRATEGIES) {
      assertEquals(delivered([data, data, data], strategy), [TEXT, TEXT, TEXT]);
    }
  });
}

const PYTHON = `import base64, gzip, sys
for line in sys.stdin:
    print(base64.b64encode(gzip.compress(base64.b64decode(line))).decode())`;

const JAVA = `import java.io.*;
import java.util.*;
import java.util.zip.GZIPOutputStream;
class Gzip {
  public static void main(String[] args) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null;) {
      var bytes = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(bytes)) {
        gzip.write(Base64.getDecoder().decode(line));
      }
      System.out.println(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
  }
}`;

const NODE = `const { gzipSync } = require("node:zlib");
for (const line of require("node:fs").readFileSync(0, "utf8").trim().split("\\n")) {
  console.log(gzipSync(Buffer.from(line, "base64")).toString("base64"));
}`;

type Compress = (texts: readonly string[]) => Promise<Uint8Array[]>;

const each = (compress: (text: Uint8Array) => Uint8Array): Compress => (texts) =>
  Promise.resolve(texts.map((text) => compress(new TextEncoder().encode(text))));

/** Runs a program that reads and writes lines of base64. */
const byProgram = (program: string, ...args: string[]): Compress => async (texts) => {
  const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped" }).spawn();
  const lines = texts.map((text) => Buffer.from(text).toString("base64")).join("\n");
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${lines}\n`));
  await writer.close();
  const printed = await new Response(child.stdout).text();
  assert((await child.status).success);
  return printed.trim().split("\n").map((line) => Buffer.from(line, "base64"));
};

async function byJava(texts: readonly string[]): Promise<Uint8Array[]> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/Gzip.java`, JAVA);
    return await byProgram("java", `${folder}/Gzip.java`)(texts);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    const command = new Deno.Command(program, { args: ["-version"], stderr: "null" });
    await command.output();
    return true;
  } catch {
    return false;
  }
}

for (
  const [producer, compress, isHere] of [
    ["this Deno's node:zlib", each((text) => gzipSync(text)), true],
    ["pako", each((text) => pakoGzip(text)), true],
    ["fflate with a file name", each((text) => fflateGzip(text, { filename: "a.json" })), true],
    ["Node's zlib", byProgram("node", "-e", NODE), await isInstalled("node")],
    ["Python's gzip", byProgram("python3", "-c", PYTHON), await isInstalled("python3")],
    ["Java's GZIPOutputStream", byJava, await isInstalled("java")],
    [GO.producer, () => Promise.resolve(GO.gzip.map((text) => Buffer.from(text, "base64"))), true],
  ] as const
) {
  Deno.test({
    name: `every strategy delivers each record once, whatever the batch, compressed by ${producer}`,
    ignore: !isHere,
    async fn() {
      const payloads = await compress(texts);
      assertEquals(payloads.map((payload) => `${gunzipSync(payload)}`), texts);
      const batch = fc.shuffledSubarray(documents.map(({ id }) => id), { minLength: 1 });
      fc.assert(fc.property(batch, fc.constantFrom(...STRATEGIES), (ids, strategy) => {
        const lines = delivered(ids.map((id) => payloads[id]), strategy);
        const found = lines.map((line) => JSON.parse(line)).sort((a, b) => a.id - b.id);
        assertEquals(found, ids.toSorted((a, b) => a - b).map((id) => documents[id]));
      }));
    },
  });
}
