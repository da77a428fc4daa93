import { assertEquals } from "@std/assert";
import { until } from "../../testing/until.ts";
import { World } from "./testing.ts";

Deno.test("a change of status that cannot be saved is said, and harms nothing else", async () => {
  await using world = await World.with();
  await world.createStream();
  await world.call("DeleteDeliveryStream", { DeliveryStreamName: "stream" });
  const { commit } = world.database;
  world.database.commit = () => Promise.reject(new Error("the disk is full"));
  world.clock.advance(20_000);
  const problem = await until("the problem", () => world.problems[0]);
  world.database.commit = commit;
  assertEquals(problem, "the change of delivery stream stream failed: Error: the disk is full");
  assertEquals(world.firehose.find("stream")?.status, "DELETING");
});
