/** How services write logs on behalf of a role; and what is kept. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Caller } from "../../access/caller.ts";
import { ManualClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { Database } from "../../store/database.ts";
import type { Role } from "../iam/entities.ts";
import { IamState } from "../iam/state.ts";
import { LogsState } from "./state.ts";

const ACCOUNT_ID = "123456789012";
const PLACE = { logGroupName: "/aws/lambda/f", logStreamName: "2026/11/24/[$LATEST]0a1b" };

class World {
  readonly clock = new ManualClock();
  readonly database: Database;
  readonly logs: LogsState;
  readonly problems: string[] = [];
  readonly #iam: IamState;

  constructor(options: { storedBytesMax?: number; database?: Database } = {}) {
    this.database = options.database ?? new Database(":memory:");
    const common = {
      database: this.database,
      clock: this.clock,
      random: systemRandom,
      region: "us-east-1",
      accountId: ACCOUNT_ID,
    };
    this.#iam = new IamState(common);
    const onProblem = (line: string) => void this.problems.push(line);
    this.logs = new LogsState({ ...common, ...options, access: this.#iam, onProblem });
  }

  /** The session of a role that may do `actions` on everything. */
  async roleWith(...actions: string[]): Promise<Caller> {
    const Version = "2012-10-17";
    const Statement = { Effect: "Allow", Action: actions, Resource: "*" };
    const role: Role = {
      roleName: "execution",
      path: "/",
      id: "AROATESTTESTTESTTESTT",
      arn: `arn:aws:iam::${ACCOUNT_ID}:role/execution`,
      createMs: 0,
      trustPolicy: "{}",
      trustedIds: {},
      maxSessionSeconds: 3600,
      inline: actions.length > 0 ? { logs: JSON.stringify({ Version, Statement }) } : {},
      attached: [],
      tags: {},
    };
    await this.#iam.change(() => this.#iam.save("role", "execution", role));
    return this.#iam.sessionOf(role, "f", []);
  }

  write(caller: Caller, messages: readonly string[], onMissing: "create" | "drop" = "create") {
    const lines = messages.map((message) => ({ timestampMs: this.clock.nowMs(), message }));
    return this.logs.write({ caller, ...PLACE, lines, onMissing });
  }

  /** What is in the stream, or what is missing. */
  async read(): Promise<string[] | "no group" | "no stream"> {
    const group = this.logs.groups.find(PLACE.logGroupName);
    if (!group) return "no group";
    const stream = this.logs.groups.findStream(group, PLACE.logStreamName);
    if (!stream) return "no stream";
    const toMs = Number.MAX_SAFE_INTEGER;
    const range = { streamIds: [stream.id], groupId: group.id, fromMs: 0, toMs };
    const pages = await Array.fromAsync(
      this.logs.events.read({ ...range, direction: "forward" }),
    );
    return pages.flat().map(({ message }) => message);
  }
}

const ALL = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

for (
  const [actions, onMissing, found, why] of [
    [ALL, "create", ["a", "b"], "with the three permissions group and stream are made"],
    [[], "create", "no group", "a role without permission writes nothing"],
    [ALL.slice(1), "create", "no group", "a role that may not make the group"],
    [[ALL[0], ALL[2]], "create", "no stream", "a role that may not make the stream"],
    [ALL.slice(0, 2), "create", [], "a role that may not put events"],
    [ALL, "drop", "no group", "Firehose does not make what is missing"],
  ] as const
) {
  Deno.test(`a service writes ${JSON.stringify(found)}: ${why}`, async () => {
    const world = new World();
    await world.write(await world.roleWith(...actions), ["a", "b"], onMissing);
    assertEquals(await world.read(), typeof found === "string" ? found : [...found]);
    world.database.close();
  });
}

Deno.test("Firehose writes to a stream that is there", async () => {
  const world = new World();
  const caller = await world.roleWith(...ALL);
  await world.write(caller, ["made by hand"]);
  await world.write(caller, ["delivery failed"], "drop");
  assertEquals(await world.read(), ["made by hand", "delivery failed"]);
  world.database.close();
});

Deno.test("lines are kept as they are, in order; empty ones are left out, long ones cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "grapheme" })), async (messages) => {
      const world = new World();
      await world.write(await world.roleWith(...ALL), messages);
      const kept = messages.filter((message) => message !== "");
      assertEquals(await world.read(), kept.length > 0 ? kept : "no group");
      world.database.close();
    }),
    { numRuns: 30 },
  );
  const world = new World();
  await world.write(await world.roleWith(...ALL), ["€".repeat(400_000)]);
  assertEquals(await world.read(), ["€".repeat(349_516)]);
  world.database.close();
});

Deno.test("when all events are more than is kept, the first to come make room", async () => {
  const world = new World({ storedBytesMax: 100_000 });
  const caller = await world.roleWith(...ALL);
  const batch = (n: number) => Array.from({ length: 1_000 }, (_, i) => `${n}.${i}`);
  for (let n = 0; n < 5; n++) await world.write(caller, batch(n));
  const kept = await world.read();
  assertEquals(kept, [2, 3, 4].flatMap(batch));
  // What is counted is what is there: a group that goes takes its bytes with it.
  await world.logs.change(() => world.logs.groups.remove(world.logs.group(PLACE.logGroupName)));
  for (let n = 0; n < 3; n++) await world.write(caller, batch(n));
  assertEquals(await world.read(), [0, 1, 2].flatMap(batch));
  world.database.close();
});

Deno.test("expired events are removed when their group is written to", async () => {
  const world = new World();
  const caller = await world.roleWith(...ALL);
  await world.write(caller, ["old"]);
  await world.logs.change(() => {
    world.logs.groups.update({ ...world.logs.group(PLACE.logGroupName), retentionInDays: 1 });
  });
  world.clock.advance(86_400_001);
  await world.write(caller, ["new"]);
  assertEquals(await world.read(), ["new"]);
  world.database.close();
});

Deno.test("what was written is there after a restart", async () => {
  const path = await Deno.makeTempFile();
  const first = new World({ database: new Database(path) });
  await first.write(await first.roleWith(...ALL), ["kept"]);
  first.database.close();
  const second = new World({ database: new Database(path) });
  assertEquals(await second.read(), ["kept"]);
  second.database.close();
  await Deno.remove(path);
});

Deno.test("a deleted group gives its name free at once and its events bit by bit, while others are answered", async () => {
  const world = new World({ storedBytesMax: 1_000_000_000 });
  const caller = await world.roleWith(...ALL);
  const messages = Array.from({ length: 10_000 }, (_, n) => `message ${n}`);
  await world.write(caller, messages);
  const group = world.logs.group(PLACE.logGroupName);
  const bytes = world.logs.events.groupBytes(group.id);
  assertEquals(bytes, messages.reduce((sum, { length }) => sum + length + 26, 0));
  await world.logs.change(() => world.logs.remove(group));
  assertEquals(await world.read(), "no group");
  let commits = 0;
  const commit = world.database.commit.bind(world.database);
  world.database.commit = (work) => {
    commits++;
    return commit(work);
  };
  await world.write(caller, ["new"]);
  assertEquals(await world.read(), ["new"]);
  await world.logs.sweeper.swept();
  assertEquals(commits > 8, true, "in portions");
  assertEquals(world.logs.events.groupBytes(group.id), 0);
  const rows = (table: string) =>
    world.database.sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  assertEquals(["log_events", "log_streams", "log_groups"].map(rows), [1, 1, 1]);
});

Deno.test("what comes over the network is answered between two portions of a removal", async () => {
  const world = new World({ storedBytesMax: 1_000_000_000 });
  const caller = await world.roleWith(...ALL);
  await world.write(caller, Array.from({ length: 20_000 }, (_, n) => `${n}`));
  await using server = Deno.serve({ port: 0, onListen() {} }, () => new Response("answered"));
  await world.logs.change(() => world.logs.remove(world.logs.group(PLACE.logGroupName)));
  const answer = fetch(`http://127.0.0.1:${server.addr.port}`).then((response) => response.text());
  const first = await Promise.race([answer, world.logs.sweeper.swept()]);
  assertEquals(first, "answered");
  await Promise.all([answer, world.logs.sweeper.swept()]);
});

Deno.test("a removal that was under way goes on after a restart, and retention removes in portions", async () => {
  const database = new Database(":memory:");
  const world = new World({ database });
  const caller = await world.roleWith(...ALL);
  await world.write(caller, Array.from({ length: 3_000 }, (_, n) => `${n}`));
  await world.logs.sweeper.stop();
  await world.logs.change(() => world.logs.remove(world.logs.group(PLACE.logGroupName)));
  const again = new World({ database });
  again.logs.start();
  await again.logs.sweeper.swept();
  assertEquals(database.sqlite.prepare("SELECT count(*) AS n FROM log_events").get()?.n, 0);

  await again.write(await again.roleWith(...ALL), Array.from({ length: 3_000 }, (_, n) => `${n}`));
  again.clock.advance(2 * 86_400_000);
  await again.logs.change(() => {
    const group = { ...again.logs.group(PLACE.logGroupName), retentionInDays: 1 };
    again.logs.groups.update(group);
    again.logs.expire(group);
  });
  await again.logs.sweeper.swept();
  assertEquals(database.sqlite.prepare("SELECT count(*) AS n FROM log_events").get()?.n, 0);
});

Deno.test("a database with triggers, of an older version, is taken over with its sums", async () => {
  const database = new Database(":memory:");
  const world = new World({ database });
  const caller = await world.roleWith(...ALL);
  await world.write(caller, ["one", "two"]);
  database.define(`
    DROP TABLE log_group_bytes;
    CREATE TRIGGER log_event_added AFTER INSERT ON log_events BEGIN
      UPDATE log_bytes SET bytes = bytes + new.bytes;
    END;
  `);
  const again = new World({ database });
  await again.write(caller, ["three"]);
  const { id } = again.logs.group(PLACE.logGroupName);
  assertEquals(again.logs.events.groupBytes(id), 3 * 26 + 11);
  assertEquals(database.sqlite.prepare("SELECT bytes FROM log_bytes").get()?.bytes, 3 * 26 + 11);
});

Deno.test("events that can't be removed from disk are reported", async () => {
  const world = new World();
  world.database.commit = () => Promise.reject(new Error("database or disk is full"));
  world.logs.sweeper.wake();
  await world.logs.sweeper.swept();
  assertEquals(world.problems, [
    "log events that were deleted or have expired could not be removed from disk: Error: database " +
    "or disk is full",
  ]);
});
