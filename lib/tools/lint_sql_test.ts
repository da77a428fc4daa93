import { assertEquals } from "@std/assert";
import plugin from "./lint_sql.ts";

const CALL = 'database.sqlite.prepare("SELECT 1").get();';

const CASES = [
  ["a statement in a service", "/lib/sandbox/services/logs/log_events.ts", CALL, 1],
  ["the owner of statements", "/lib/sandbox/store/database.ts", CALL, 0],
  ["a test", "/lib/sandbox/store/database_test.ts", CALL, 0],
  ["a function of that name", "/lib/sandbox/services/s3/state.ts", "prepare(database);", 0],
  ["the owner's way", "/lib/sandbox/services/s3/state.ts", 'd.statement("SELECT 1").get();', 0],
] as const;

for (const [what, file, text, problems] of CASES) {
  Deno.test(`the lint finds ${problems} problems in ${what}`, () => {
    const found = Deno.lint.runPlugin(plugin, file, text);
    assertEquals(found.map(({ id }) => id), Array(problems).fill("sql/prepared-once"));
  });
}
