import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  entriesIn,
  entriesText,
  type LinePlace,
  Progress,
  type ProgressEntry,
  rangesOf,
} from "./progress.ts";
import { fileProgress } from "./progress_stores.ts";

const entry = (
  call: number,
  state: ProgressEntry["state"],
  places: readonly LinePlace[],
  run = "run",
): ProgressEntry => ({ stream: "s", run, call, state, lines: rangesOf(places) });

const places = (key: string, ...indexes: number[]) => indexes.map((index) => ({ key, index }));

Deno.test("Progress knows what was accepted, and what a run that ended may have sent", () => {
  const progress = new Progress([
    entry(0, "sending", places("a", 0, 1, 2)),
    entry(0, "accepted", places("a", 0, 2)),
    entry(1, "sending", places("b", 0, 1)),
    entry(1, "sending", places("b", 0), "another run"),
    entry(1, "accepted", places("b", 0), "another run"),
  ], "s");
  assertEquals([0, 1, 2].map((index) => progress.isAccepted("a", index)), [true, false, true]);
  assertEquals([0, 1, 2].map((index) => progress.isUncertain("a", index)), [false, false, false]);
  assertEquals([0, 1, 2].map((index) => progress.isAccepted("b", index)), [true, false, false]);
  assertEquals([0, 1, 2].map((index) => progress.isUncertain("b", index)), [false, true, false]);
});

Deno.test("Progress keeps streams apart", () => {
  const progress = new Progress([entry(0, "accepted", places("a", 0))], "another");
  assertEquals(progress.isAccepted("a", 0), false);
});

Deno.test("entries come out of their text as they went in, whatever the places", () => {
  const place = fc.record({ key: fc.constantFrom("a/1", "b 2", "ü\n3"), index: fc.nat(50) });
  const list = fc.uniqueArray(place, { selector: ({ key, index }) => `${key} ${index}` });
  fc.assert(fc.property(list, list, (sending, accepted) => {
    const entries = [entry(0, "sending", sending), entry(0, "accepted", accepted)];
    assertEquals(entriesIn(entriesText(entries)), entries);
    const progress = new Progress(entries, "s");
    const isIn = ({ key, index }: LinePlace) =>
      accepted.some((other) => other.key === key && other.index === index);
    for (const one of [...sending, ...accepted]) {
      assertEquals(progress.isAccepted(one.key, one.index), isIn(one));
    }
  }));
});

for (
  const text of [
    "{}\n",
    "nothing\n",
    '{"stream":"s","run":"r","call":0,"state":"lost","lines":[]}\n',
  ]
) {
  Deno.test(`entriesIn() refuses ${JSON.stringify(text)}`, () => {
    assertThrows(() => entriesIn(text), SyntaxError);
  });
}

Deno.test("fileProgress() goes on after a line that was cut off", async () => {
  const path = await Deno.makeTempFile();
  try {
    const first = entry(0, "sending", places("a", 0));
    const second = entry(0, "accepted", places("a", 0));
    await fileProgress(path).append([first]);
    await Deno.writeTextFile(path, '{"stream":"s","run":"r', { append: true });
    const store = fileProgress(path);
    assertEquals(await store.read(), [first]);
    await store.append([second]);
    assertEquals(await fileProgress(path).read(), [first, second]);
  } finally {
    await Deno.remove(path);
  }
});

for (
  const content of ["my own notes", '{"id":1}\n{"id":2}\n', '{"id":1}\n{"id":2}', "a,b\n1,2\n"]
) {
  Deno.test(`fileProgress() refuses ${JSON.stringify(content)} and leaves the file alone`, async () => {
    const path = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(path, content);
      await assertRejects(() => fileProgress(path).read(), TypeError, "Choose another");
      assertEquals(await Deno.readTextFile(path), content);
    } finally {
      await Deno.remove(path);
    }
  });
}

Deno.test("fileProgress() is empty where there is no file yet", async () => {
  assertEquals(await fileProgress("/no/such/folder/progress.jsonl").read(), []);
});

Deno.test("an entry with a range that no error object has is none: each of its records would be kept", () => {
  const line = (range: readonly unknown[]) =>
    JSON.stringify({
      ...{ stream: "s", run: "r", call: 1, state: "accepted" },
      lines: [{ key: "k", lines: [range] }],
    });
  assertEquals(entriesIn(line([0, 2 ** 24])).length, 1);
  for (const range of [[0, 1e15], [-1, 2], [3, 2], [0.5, 2], [0], [0, 1, 2], ["0", 1]]) {
    assertThrows(() => entriesIn(line(range)), SyntaxError, "not an entry of redrive's progress");
  }
});
