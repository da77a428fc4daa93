/** Forwarding to delivery streams that do not take what they are given at once. */
import { assertEquals, assertGreater } from "@std/assert";
import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { Caller } from "../../access/caller.ts";
import { ManualClock } from "../../clock.ts";
import type { DeliveryStreamPuts, PutOutcome } from "../../ports/delivery_streams.ts";
import { Database } from "../../store/database.ts";
import { until } from "../../testing/until.ts";
import { Forwarding } from "./forwarding.ts";
import { LogGroups } from "./log_groups.ts";
import { SubscriptionFilters } from "./subscription_filters.ts";

const ACCOUNT = "123456789012";
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/forward`;
const SESSION: Caller = {
  kind: "session",
  accountId: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/forward/CloudWatchLogs`,
  userId: "AROATEST:CloudWatchLogs",
  roleName: "forward",
  roleArn: ROLE_ARN,
  sessionName: "CloudWatchLogs",
  sessionPolicies: [],
};

/** One group with one filter, and delivery streams that answer as the test says. */
class World implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly database = new Database(":memory:");
  readonly problems: string[] = [];
  readonly records: Uint8Array[] = [];
  readonly forwarding: Forwarding;
  readonly #groups = new LogGroups(this.database);
  readonly #filters = new SubscriptionFilters(this.database);

  constructor(answer: (attempt: number) => PutOutcome) {
    let attempts = 0;
    const deliveryStreams: DeliveryStreamPuts = {
      putFromLogs: async ({ data, alongside }) => {
        const outcome = answer(++attempts);
        if (outcome.kind === "accepted") {
          await this.database.commit(() => alongside?.());
          this.records.push(data);
        }
        return outcome;
      },
    };
    this.forwarding = new Forwarding({
      database: this.database,
      clock: this.clock,
      access: {
        decide: () => ({ allowed: true }),
        assumeRoleForService: () => SESSION,
        issueKeys: () => {
          throw new Error("no keys are asked for");
        },
      },
      metrics: { record: () => {} },
      region: "us-east-1",
      accountId: ACCOUNT,
      filters: this.#filters,
      deliveryStreams: () => deliveryStreams,
      onProblem: (line) => void this.problems.push(line),
    });
  }

  async write(...messages: readonly string[]): Promise<void> {
    await this.database.commit(() => {
      const name = "group";
      if (!this.#groups.find(name)) {
        this.#groups.insert({ name, createMs: 0, logGroupClass: "STANDARD", tags: {} });
      }
      const group = this.#groups.find(name);
      if (!group) throw new Error("the group was not made");
      this.#filters.save({
        groupId: group.id,
        name: "filter",
        pattern: "",
        destinationArn: `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/s`,
        roleArn: ROLE_ARN,
        distribution: "ByLogStream",
        appliesToTransformedLogs: false,
        createMs: 0,
      });
      const stream = { id: 1, groupId: group.id, name: "stream", createMs: 0 };
      const events = messages.map((message, id) => ({ message, id, timestampMs: 0 }));
      this.forwarding.queue(group, stream, events);
    });
  }

  messages(): string[] {
    return this.records.flatMap((record) => {
      const { logEvents }: { logEvents: { message: string }[] } = JSON.parse(
        gunzipSync(record).toString(),
      );
      return logEvents.map(({ message }) => message);
    });
  }

  waiting(): number {
    return this.#filters.waiting().length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.forwarding.stop();
    this.database.close();
  }
}

const ACCEPTED: PutOutcome = { kind: "accepted" };
const SLOW_DOWN: PutOutcome = { kind: "throttled", reason: "Slow down." };
const REFUSED: PutOutcome = { kind: "refused", reason: "no" };

Deno.test("events that no record can hold together arrive in several", async () => {
  await using world = new World(() => ACCEPTED);
  // A function may log so much at once. Base64 of random bytes shrinks by a quarter only.
  const messages = Array.from({ length: 30 }, () => randomBytes(100_000).toString("base64"));
  await world.write(...messages);
  await until("all messages", () => world.messages().length === messages.length || undefined);
  assertEquals(world.messages().sort(), messages.sort());
  assertGreater(world.records.length, 2);
  assertEquals(world.records.every(({ length }) => length <= 1_024_000), true);
});

Deno.test("what is throttled is tried again, and nothing is lost or doubled", async () => {
  await using world = new World((attempt) => attempt < 4 ? SLOW_DOWN : ACCEPTED);
  await world.write("one");
  await world.write("two");
  await until("both messages", () => {
    world.clock.advance(1_000);
    return world.messages().length === 2 || undefined;
  });
  assertEquals(world.messages(), ["one", "two"]);
});

Deno.test("what is throttled for 24 hours is given up, and said to be", async () => {
  await using world = new World(() => SLOW_DOWN);
  await world.write("one");
  await until("the problem", () => {
    world.clock.advance(3_600_000);
    return world.problems.length > 0 || undefined;
  });
  assertEquals(world.waiting(), 0);
});

Deno.test("after a refusal a filter skips events for ten minutes, then forwards again", async () => {
  await using world = new World((attempt) => attempt === 1 ? REFUSED : ACCEPTED);
  await world.write("refused");
  await until("the problem", () => world.problems.length > 0 || undefined);
  await world.write("skipped");
  world.clock.advance(600_000);
  await world.write("forwarded");
  await until("a message", () => world.messages().length > 0 || undefined);
  assertEquals(world.messages(), ["forwarded"]);
});

Deno.test("what is not forwarded when the sandbox stops stays queued", async () => {
  await using world = new World((attempt) => attempt === 1 ? SLOW_DOWN : ACCEPTED);
  await world.write("one");
  await world.forwarding.stop();
  assertEquals([world.messages(), world.waiting()], [[], 1]);
});
