/**
 * Compression: the bytes of each format as AWS writes them (captured by floci, August 2026), read
 * back by readers that share no code with the writers.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { unzipSync } from "fflate";
import { snappyUncompress } from "hysnappy";
import { Buffer } from "node:buffer";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { until } from "../../../testing/until.ts";
import type { CompressionFormat } from "../compression_format.ts";
import { Compressor } from "./compress.ts";

const ENTRY = { name: "046b6c7f-0b8a-43b9-b35d-6489e6daee91", modifiedMs: Date.UTC(2026, 10, 24) };
const XERIAL = "82534e41505059000000000100000001";

async function compressed(
  chunks: Iterable<Uint8Array>,
  format: CompressionFormat,
  compressor = new Compressor(),
): Promise<Uint8Array> {
  try {
    const pieces: Uint8Array[] = [];
    for await (const piece of compressor.compressed(asyncOf(chunks), format, ENTRY)) {
      pieces.push(piece.slice());
    }
    return joined(pieces);
  } finally {
    compressor.stop();
  }
}

async function* asyncOf(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((bytes, { length }) => bytes + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const READERS: Readonly<Record<CompressionFormat, (bytes: Uint8Array) => Uint8Array>> = {
  UNCOMPRESSED: (bytes) => bytes,
  GZIP: (bytes) => new Uint8Array(gunzipSync(bytes)),
  ZIP: (bytes) => unzipSync(bytes)[ENTRY.name],
  Snappy(bytes) {
    assertEquals(bytes.slice(0, 16).toHex(), XERIAL);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const blocks: Uint8Array[] = [];
    for (let at = 16; at < bytes.length;) {
      const end = at + 4 + view.getUint32(at);
      blocks.push(block(bytes.subarray(at + 4, end)));
      at = end;
    }
    return joined(blocks);
  },
  HADOOP_SNAPPY(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = at + 8 + view.getUint32(at + 4);
      const read = block(bytes.subarray(at + 8, end));
      assertEquals(read.length, view.getUint32(at));
      // What Hadoop's own reader can take.
      assert(read.length <= 256 * 1024 && end - at - 8 <= 256 * 1024);
      blocks.push(read);
      at = end;
    }
    return joined(blocks);
  },
};

/** One block of Snappy, which begins with its length in seven bits a byte. */
function block(bytes: Uint8Array): Uint8Array {
  let length = 0;
  let at = 0;
  do length |= (bytes[at] & 0x7f) << (7 * at); while (bytes[at++] & 0x80);
  return snappyUncompress(bytes, length);
}

const FORMATS = ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"] as const;

/** Bytes that compress, or do not. */
const chunk = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 50_000 }))
    .map(([byte, length]) => new Uint8Array(length).fill(byte)),
  fc.integer({ min: 0, max: 50_000 }).map((length) =>
    crypto.getRandomValues(new Uint8Array(length))
  ),
);

for (const format of FORMATS) {
  Deno.test(`${format} gives back what went in, whatever the chunks`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 5 }), async (chunks) => {
        assertEquals(READERS[format](await compressed(chunks, format)), joined(chunks));
      }),
      { numRuns: 30 },
    );
  });

  Deno.test(`${format} of a large object, by the worker, gives back what went in`, async () => {
    // Buffers, as the journal gives them.
    const chunks = [300_000, 5, 0, 1_000_000].map((length) =>
      Buffer.from(new Uint8Array(length).map((_, index) => (index * index) >> 7))
    );
    assertEquals(READERS[format](await compressed(chunks, format)), joined(chunks));
    // Bytes that do not shrink are what a reader's buffer may be too small for.
    const random = Array.from({ length: 12 }, () => crypto.getRandomValues(new Uint8Array(60_000)));
    assertEquals(READERS[format](await compressed(random, format)), joined(random));
  });
}

for (const format of FORMATS) {
  Deno.test(`${format} of an object is never whole in memory: what goes in soon comes out`, async () => {
    const compressor = new Compressor();
    let pulled = 0;
    let received = 0;
    const chunks = async function* () {
      for (let n = 0; n < 100; n++) {
        pulled += 60_000;
        yield crypto.getRandomValues(new Uint8Array(60_000));
        // Random bytes do not shrink, so that what was pulled and not received is held somewhere.
        assert(pulled - received < 1_000_000, `${pulled - received} bytes are held`);
      }
    };
    for await (const compressed of compressor.compressed(chunks(), format, ENTRY)) {
      received += compressed.length;
    }
    assert(received >= pulled);
    compressor.stop();
  });
}

Deno.test("a ZIP file has one entry, deflated, with the name and time it was given", async () => {
  const bytes = await compressed([new Uint8Array(10_000)], "ZIP");
  const entries: [string, number][] = [];
  unzipSync(bytes, {
    filter: ({ name, compression }) => entries.push([name, compression]) > 0,
  });
  assertEquals(entries, [[ENTRY.name, 8]]);
  assert(bytes.length < 1_000);
});

Deno.test("the worker takes several objects at a time, and goes on when one is given up", async () => {
  const compressor = new Compressor();
  const large = () => [1, 2, 3].map((byte) => new Uint8Array(300_000).fill(byte));
  const givenUp = compressor.compressed(asyncOf(large()), "Snappy", ENTRY);
  await givenUp.next();
  await givenUp.return(undefined);
  const others = await Promise.all(
    (["GZIP", "Snappy", "ZIP"] as const).map(async (format) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of compressor.compressed(asyncOf(large()), format, ENTRY)) {
        pieces.push(piece);
      }
      return READERS[format](joined(pieces));
    }),
  );
  for (const other of others) assertEquals(other, joined(large()));
  compressor.stop();
});

Deno.test("what the worker has in hand fails when it is stopped; afterwards there is a new one", async () => {
  const compressor = new Compressor();
  const chunks = function* () {
    for (let n = 0; n < 1_000; n++) {
      if (n === 3) compressor.stop();
      yield new Uint8Array(300_000);
    }
  };
  await assertRejects(
    async () => {
      for await (const _ of compressor.compressed(asyncOf(chunks()), "GZIP", ENTRY));
    },
    Error,
    "the sandbox is stopping",
  );
  const again = [new Uint8Array(400_000).fill(7)];
  assertEquals(READERS.GZIP(await compressed(again, "GZIP", compressor)), again[0]);
});

Deno.test("the worker ends in a rest, not before an object is whole, and starts again", async () => {
  const compressor = new Compressor({ restMs: 1 });
  const part = new Uint8Array(400_000).fill(65);
  async function* slowly() {
    yield part;
    await pause(20); // a timer that ends after that of the rest
    assert(compressor.isRunning);
    yield part;
  }
  for (let round = 0; round < 2; round++) {
    const pieces: Uint8Array[] = [];
    for await (const piece of compressor.compressed(slowly(), "GZIP", ENTRY)) {
      pieces.push(piece.slice());
    }
    assertEquals(gunzipSync(joined(pieces)).length, 800_000);
    await until("the worker to end", () => !compressor.isRunning);
  }
  compressor.stop();
});
