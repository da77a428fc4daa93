import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { gzipHeader, gzipWith } from "../../../../lambda/testing.ts";
import { collectGarbage } from "../../../sandbox/testing/collect_garbage.ts";
import { GzipMembers, type GzipTraits } from "./gzip_members.ts";

function traitsOf(bytes: Uint8Array, pieceBytes = bytes.length): GzipTraits {
  const members = new GzipMembers();
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    members.push(bytes.subarray(at, at + pieceBytes));
  }
  return members.finish();
}

Deno.test("GzipMembers counts members, their sizes and header fields, whatever the pieces", () => {
  const member = fc.tuple(fc.uint8Array({ maxLength: 300 }), gzipHeader);
  const object = fc.array(member, { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(object, fc.integer({ min: 1, max: 200 }), (members, pieceBytes) => {
    const bytes = members.map(([content, header]) => gzipWith(content, header));
    const sizes = bytes.map(({ length }) => length);
    const having = (is: (index: number) => boolean) =>
      members.filter((_, index) => is(index)).length;
    assertEquals(traitsOf(Buffer.concat(bytes), pieceBytes), {
      members: members.length,
      emptyMembers: having((index) => members[index][0].length === 0),
      smallestBytes: Math.min(...sizes),
      largestBytes: Math.max(...sizes),
      comments: having((index) => (members[index][1].comment ?? "") !== ""),
      headerChecksums: having((index) => members[index][1].hasChecksum === true),
      textFlags: having((index) => members[index][1].isText === true),
      problem: undefined,
    });
  }));
});

const one = gzipSync("one\n");
const damaged = Buffer.from(one);
damaged[damaged.length - 8] ^= 1;
for (
  const [bytes, members, problem] of [
    [one.subarray(0, 12), 0, "member 1 is cut off"],
    [Buffer.concat([one, one.subarray(0, -1)]), 1, "member 2 is cut off"],
    [
      Buffer.concat([one, Buffer.alloc(100), one]),
      1,
      "zeros follow member 1: readers stop there, and do not see what follows",
    ],
    [Buffer.concat([one, Buffer.from("{}\n")]), 1, "bytes that are no gzip follow member 1"],
    [Buffer.concat([one, damaged, one]), 1, "member 2 is damaged: incorrect data check"],
  ] as const
) {
  Deno.test(`GzipMembers says that ${problem}, in pieces of any size`, () => {
    for (const pieceBytes of [1, 7, bytes.length]) {
      const traits = traitsOf(bytes, pieceBytes);
      assertEquals([traits.members, traits.problem], [members, problem]);
    }
  });
}

Deno.test("GzipMembers reads one large member and many small ones in flat memory", () => {
  const large = gzipSync(Buffer.alloc(50_000_000, "a"));
  assertEquals(traitsOf(large).members, 1);
  const many = Buffer.concat(new Array<Buffer>(20_000).fill(one));
  collectGarbage();
  const before = Deno.memoryUsage().external;
  assertEquals(traitsOf(many, 65_536).members, 20_000);
  collectGarbage();
  assert(Deno.memoryUsage().external - before < 5_000_000);
});
