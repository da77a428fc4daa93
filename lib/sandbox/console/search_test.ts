import { assertEquals, assertMatch } from "@std/assert";
import { gzipSync } from "node:zlib";
import { BUCKET, World } from "../services/firehose/testing.ts";
import { LogsState } from "../services/logs/state.ts";
import { StreamWatch } from "./stream_watch.ts";
import { search, SEARCH_LIMITS, type SearchLimits } from "./search.ts";

/** A region with these objects, none of which came from a stream. */
async function regionWith(objects: Readonly<Record<string, Uint8Array | string>>) {
  const world = await World.with();
  for (const [key, content] of Object.entries(objects)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const body = await world.s3.bodies.write(ReadableStream.from([bytes]));
    await world.database.commit(() =>
      world.s3.insertObject({ bucket: BUCKET, key, body, contentType: "text/plain" })
    );
  }
  const logs = new LogsState({
    ...{ database: world.database, clock: world.clock, access: world.iam },
    ...{ region: "us-east-1", accountId: "123456789012" },
  });
  const { s3, firehose, clock } = world;
  const place = { accountId: "123456789012", region: "us-east-1" };
  const regions = [{ place, s3, firehose, logs, watch: new StreamWatch() }];
  const nowMs = () => clock.nowMs();
  return {
    find: (word: string, limits: Partial<SearchLimits> = {}) =>
      search(word, { regions, nowMs, limits: { ...SEARCH_LIMITS, ...limits } }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

const ERROR_LINE = JSON.stringify({
  rawData: gzipSync("a Hidden word").toString("base64"),
  errorCode: "Lambda.FunctionError",
  arrivalTimestamp: 1,
});

Deno.test("search() reads compressed objects and the rawData of the error output", async () => {
  await using region = await regionWith({
    "a.gz": gzipSync("first\nthe Hidden line\n"),
    "errors/b": `${ERROR_LINE}\n`,
    "c.zst": Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3),
    "d": "nothing",
  });
  const { hits, searched, stopped } = await region.find("hidden");
  assertEquals(hits.map((hit) => "line" in hit && [hit.kind, hit.key, hit.line, hit.excerpt]), [
    ["object", "a.gz", 2, "the Hidden line"],
    ["error", "errors/b", 1, "a Hidden word"],
  ]);
  assertEquals([searched, stopped], ["0 waiting records, 4 objects, 0 log events", undefined]);
});

Deno.test("search() finds several words in any order, and names of objects", async () => {
  await using region = await regionWith({
    "customer=c1/orders-1": '{"customer":"c9","order":3001}\n{"customer":"c1","order":3002}\n',
  });
  const found = async (text: string) =>
    (await region.find(text)).hits.map(({ excerpt }) => excerpt);
  assertEquals(await found("order 3001"), ['{"customer":"c9","order":3001}']);
  assertEquals(await found("  3002  c1 "), ['{"customer":"c1","order":3002}']);
  assertEquals(await found("order 4711"), []);
  assertEquals(await found("customer=c1"), ["customer=c1/orders-1"]);
  assertEquals(await found("   "), []);
});

Deno.test("search() stops at its limits, and says at which", async () => {
  const lines = "the same word\n".repeat(60);
  await using region = await regionWith({ a: lines, b: "x".repeat(3_000_000) });
  const many = await region.find("word");
  assertEquals(many.hits.length, 50);
  assertMatch(many.stopped ?? "", /stopped after 50 places/);
  assertMatch((await region.find("none", { bytesMax: 1024 * 1024 })).stopped ?? "", /after 1 MiB/);
  assertMatch((await region.find("none", { msMax: 0 })).stopped ?? "", /after 0 s/);
});
