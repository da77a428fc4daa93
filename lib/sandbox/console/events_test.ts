import { assert, assertEquals } from "@std/assert";
import { until } from "../testing/until.ts";
import { World } from "../services/firehose/testing.ts";
import { LogsState } from "../services/logs/state.ts";
import { Events, PAGES_MAX } from "./events.ts";
import { RequestLog } from "./request_log.ts";
import type { Tick } from "./shapes.ts";
import { StreamWatch } from "./stream_watch.ts";

/** An event stream about a region, and how often somebody looked at the region. */
async function worldOfEvents() {
  const world = await World.with();
  const logs = new LogsState({
    ...{ database: world.database, clock: world.clock, access: world.iam },
    ...{ region: "us-east-1", accountId: "123456789012" },
  });
  const { s3, firehose, clock } = world;
  const place = { accountId: "123456789012", region: "us-east-1" };
  const region = { place, s3, firehose, logs, watch: new StreamWatch() };
  const looks = { count: 0 };
  const requests = new RequestLog();
  const ending = new AbortController();
  const events = new Events({
    ...{ requests, clock, speed: 1, ending: ending.signal },
    regions: () => {
      looks.count++;
      return [region];
    },
  });
  return {
    ...{ events, requests, looks, ending },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await world[Symbol.asyncDispose]();
    },
  };
}

/** The ticks of a page, as they come. */
function readTicks(response: Response): { ticks: Tick[]; ended: Promise<void> } {
  const ticks: Tick[] = [];
  const read = async () => {
    if (!response.body) return;
    for await (const chunk of response.body) {
      ticks.push(JSON.parse(new TextDecoder().decode(chunk).slice("data: ".length)));
    }
  };
  return { ticks, ended: read() };
}

const put = {
  ...{ method: "POST", path: "/", requestId: "r", atMs: 1, status: 200, durationMs: 1 },
  ...{ service: "firehose", operation: "PutRecord", input: { DeliveryStreamName: "s" } },
};

Deno.test("a page gets one message for all puts of a quarter of a second, and none if nothing changed", async () => {
  await using world = await worldOfEvents();
  const { ticks } = readTicks(world.events.open());
  await until("the first tick", () => ticks.length > 0 || undefined);
  for (let index = 0; index < 2_000; index++) world.requests.add(put);
  await until("the puts", () => ticks.length > 1 || undefined);
  const looked = world.looks.count;
  await until("further looks", () => world.looks.count > looked + 2 || undefined);
  assertEquals(ticks.length, 2);
  assertEquals(ticks[1].requests.map(({ count, records }) => [count, records]), [[2_000, 2_000]]);
});

Deno.test("without a page nobody looks, and a page that is closed is looked at no more", async () => {
  await using world = await worldOfEvents();
  world.requests.add(put);
  assertEquals(world.looks.count, 0);
  const response = world.events.open();
  await until("looks", () => world.looks.count > 1 || undefined);
  await response.body?.cancel();
  const { count } = world.looks;
  await using other = await worldOfEvents();
  const { ended } = readTicks(other.events.open());
  await until("looks for a page that is open", () => other.looks.count > 3 || undefined);
  assertEquals(world.looks.count, count);
  other.ending.abort();
  await ended;
});

Deno.test("the end of the sandbox ends the streams of open pages, and there are not too many", async () => {
  await using world = await worldOfEvents();
  const pages = Array.from({ length: PAGES_MAX }, () => readTicks(world.events.open()));
  const refused = world.events.open();
  assertEquals(refused.status, 503);
  assert((await refused.json()).error.includes("close one of them"));
  world.ending.abort();
  await Promise.all(pages.map(({ ended }) => ended));
  // A stream that began now would hold up the end.
  const late = world.events.open();
  assertEquals([late.status, await late.json()], [503, { error: "The sandbox is ending." }]);
});
