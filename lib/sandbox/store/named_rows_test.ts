import { assertEquals, assertRejects } from "@std/assert";
import { AwsError } from "../errors.ts";
import { Database } from "./database.ts";
import { NamedRows } from "./named_rows.ts";

interface Thing {
  readonly name: string;
  readonly size: number;
}

Deno.test("rows are found by name and by id, in order of their names, also after they are opened again", async () => {
  const database = new Database(":memory:");
  const rows = new NamedRows<Thing>(database, "lambda_function");
  const b = await rows.change(() => rows.insert({ name: "b", size: 1 }));
  const a = await rows.change(() => rows.insert({ name: "a", size: 2 }));
  await rows.change(() => rows.save({ ...b, size: 3 }));
  const later = new NamedRows<Thing>(database, "lambda_function");
  for (const opened of [rows, later]) {
    assertEquals(opened.all(), [a, { ...b, size: 3 }]);
    assertEquals(opened.byId(b.id)?.size, 3);
  }
  await rows.change(() => rows.remove(a));
  assertEquals([rows.find("a"), rows.byId(a.id)], [undefined, undefined]);
  const again = await rows.change(() => rows.insert(a));
  assertEquals(again.id > a.id, true, "an id is never used again");
  database.close();
});

for (const error of [new AwsError("Refused", 400, "no"), new Error("the disk is full")]) {
  Deno.test(`a change that ends with ${error.constructor.name} changes nothing`, async () => {
    const database = new Database(":memory:");
    const rows = new NamedRows<Thing>(database, "firehose_stream");
    const kept = await rows.change(() => rows.insert({ name: "kept", size: 1 }));
    const change = rows.change(() => {
      // A refusal comes before any change.
      if (!(error instanceof AwsError)) rows.save({ ...kept, size: 2 });
      throw error;
    });
    await assertRejects(() => change, Error, error.message);
    assertEquals(rows.all(), [kept]);
    database.close();
  });
}
