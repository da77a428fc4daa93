import { assertEquals, assertStringIncludes } from "@std/assert";
import { ManualClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { Database } from "../../store/database.ts";
import { until } from "../../testing/until.ts";
import { IamState } from "./state.ts";

const HOUR_MS = 3_600_000;

Deno.test("an expired session is known for a day, also after a restart, and then gone", async () => {
  const database = new Database(":memory:");
  const clock = new ManualClock(Date.UTC(2026, 10, 25));
  const options = { database, clock, random: systemRandom, accountId: "123456789012" };
  const first = new IamState(options);
  const old = first.issueKeys(first.rootCaller(), 3_600);
  clock.advance(24 * HOUR_MS);
  await first.change(() => {}); // behind the one that saves the session
  const second = new IamState(options);
  assertEquals(second.find(old.accessKeyId)?.expiresMs, old.expiresMs);
  clock.advance(2 * HOUR_MS);
  const young = second.issueKeys(second.rootCaller(), 3_600);
  await second.change(() => {});
  assertEquals(second.find(old.accessKeyId), undefined);
  const rows = database.sqlite.prepare("SELECT id FROM iam WHERE kind = 'session'").all();
  assertEquals(rows.map(({ id }) => id), [young.accessKeyId]);
  database.close();
});

Deno.test("a session that cannot be saved is reported, and works while the sandbox runs", async () => {
  const database = new Database(":memory:");
  const problems: string[] = [];
  const iam = new IamState({
    database,
    clock: new ManualClock(Date.UTC(2026, 10, 25)),
    random: systemRandom,
    accountId: "123456789012",
    onProblem: (line, error) => problems.push(`${line} ${error}`),
  });
  database.close();
  const { accessKeyId } = iam.issueKeys(iam.rootCaller(), 3_600);
  await until("the problem to be said", () => problems[0]);
  assertStringIncludes(problems[0], `the session ${accessKeyId} could not be saved`);
  assertEquals(iam.find(accessKeyId)?.caller.kind, "root");
});
