import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { type EndMark, readFrames } from "./log_frames.ts";

function frame(type: number, text: string, timestampMs = 5): Uint8Array {
  const message = Buffer.from(text);
  const head = Buffer.alloc(16);
  head.writeUInt32BE(type, 0);
  head.writeUInt32BE(message.length, 4);
  head.writeBigUInt64BE(BigInt(timestampMs) * 1000n, 8);
  return Buffer.concat([head, message]);
}

const INFO = 0xa55a000f;
const END = 0xa55a00ff;

async function read(chunks: readonly Uint8Array[]) {
  const lines: [number, string][] = [];
  const marks: EndMark[] = [];
  await readFrames(ReadableStream.from(chunks), {
    line: ({ timestampMs, message }) => lines.push([timestampMs, message]),
    end: (mark) => marks.push(mark),
  }, () => 9);
  return { lines, marks };
}

Deno.test("each line is an event with its newline, the last one also without", async () => {
  const { lines } = await read([Buffer.from("one\ntw"), Buffer.from("o\n\nrest")]);
  assertEquals(lines, [[9, "one\n"], [9, "two\n"], [9, "\n"], [9, "rest"]]);
});

Deno.test("a frame of several lines is one event, with its own time", async () => {
  const { lines } = await read([Buffer.concat([Buffer.from("raw"), frame(INFO, "a\nb")])]);
  assertEquals(lines, [[9, "raw"], [5, "a\nb\n"]]);
});

Deno.test("a frame with a time that no log event can have is of now", async () => {
  const late = Buffer.from(frame(INFO, "late"));
  late.writeBigUInt64BE(2n ** 64n - 1n, 8);
  const { lines } = await read([late, frame(INFO, "last", 10 ** 14 - 1)]);
  assertEquals(lines, [[9, "late\n"], [10 ** 14 - 1, "last\n"]]);
});

Deno.test("what is read does not depend on where the chunks are cut", async () => {
  const bytes = Buffer.concat([
    Buffer.from("plain ü\n"),
    frame(INFO, "framed\nü"),
    frame(END, '{"id":"x","rssBytes":1}'),
    Buffer.from("after\n"),
  ]);
  const whole = await read([bytes]);
  assertEquals(whole.marks, [{ id: "x", rssBytes: 1 }]);
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
    const bounds = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    const chunks = bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
    assertEquals(await read(chunks), whole);
  }));
});

Deno.test("a frame that claims more than a message can have is refused", async () => {
  const head = Buffer.from(frame(INFO, "x"));
  head.writeUInt32BE(0x7fffffff, 4);
  await assertRejects(() => read([head]), RangeError, "a frame of 2147483647 bytes");
});
