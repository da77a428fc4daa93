import { assertEquals } from "@std/assert";
import { placementOf, recordAt, RECORDS_KEPT, Trails } from "./trails.ts";

/** The id of record `record` of row `seq`, as a function sees it. */
const idOf = (seq: number, record: number) =>
  `4966${"0".padStart(20, "0")}${String(seq).padStart(20, "0")}${
    String(record).padStart(12, "0")
  }000000`;

const batchOf = (ids: readonly string[], members: Uint32Array) => ({
  ...{ streamId: 1, invocationId: undefined, atMs: 5, dropped: ids.length - members.length },
  records: ids.map((recordId) => ({ recordId, arrivalMs: 1 })),
  placements: [
    { seq: 70, kind: "primary", key: "", members, errorCodes: new Map() },
  ] as const,
});

const objectOf = (seq: number, lengths: readonly number[], delimiterBytes = 0) => ({
  ...{ streamId: 1, kind: "primary", partition: "", bucket: "b", key: `k${seq}`, atMs: 9 } as const,
  ...{ records: lengths.length, sizeBytes: 1, delimiterBytes },
  rows: [{ seq, firstRecord: 0, lengths: Uint32Array.from(lengths), arrivalMs: 1 }],
});

Deno.test("a record is followed from its put through the batch into the object, and back", () => {
  const trails = new Trails();
  const ids = [idOf(7, 0), idOf(7, 1), idOf(8, 0)];
  trails.processed(batchOf(ids, Uint32Array.of(0, 2)));
  trails.delivered(objectOf(70, [4, 4]));
  const [{ batch, indexes }] = trails.batchesWith({ seq: 8, record: 0 });
  assertEquals(indexes, [2]);
  const spot = placementOf(batch, 2)?.spot;
  assertEquals(spot, { seq: 70, record: 1 });
  assertEquals(trails.objectsWith({ seq: 70, record: 1 }).map(({ key }) => key), ["k70"]);
  assertEquals(trails.sourceOf({ seq: 70, record: 1 }), { seq: 8, record: 0 });
  assertEquals(placementOf(batch, 1), undefined, "it was dropped");
});

Deno.test("a byte of an object belongs to the record that holds it, delimiters to the one before", () => {
  const trails = new Trails();
  trails.delivered(objectOf(70, [3, 0, 2], 1));
  const object = trails.object("b", "k70");
  const recordsAt = [0, 2, 3, 4, 5, 6, 7, 99].map((offset) =>
    object && recordAt(object, offset)?.record
  );
  assertEquals(recordsAt, [0, 0, 0, 1, 2, 2, 2, undefined]);
});

Deno.test("the oldest trails are forgotten, so that memory is bounded", () => {
  const trails = new Trails();
  const lengths = new Array(50_000).fill(1);
  for (let seq = 1; seq <= 6; seq++) trails.delivered(objectOf(seq, lengths));
  const known = [1, 2, 3, 4, 5, 6].filter((seq) => trails.object("b", `k${seq}`));
  assertEquals(known, [4, 5, 6]);
  assertEquals(RECORDS_KEPT, 200_000);
});
