import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { statementPositions } from "./statement_positions.ts";

Deno.test("a statement's position is the one that AWS gave", () => {
  const text = '{"Version": "2012-10-17", "Statement": {"Sid": "", "Effect": "Allow", ' +
    '"Action": "s3:PutObject", "Resource": "*"}}';
  assertEquals(statementPositions(text), [
    { StartPosition: { Line: 1, Column: 41 }, EndPosition: { Line: 1, Column: 113 } },
  ]);
});

Deno.test("a statement's position is that of its text, in any layout of the document", () => {
  const text = fc.string().map((text) => JSON.stringify(text));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (sids, id) => {
      const statements = sids.map((sid) => `{"Sid":${sid},"Condition":{"x":{"y":["}{",${id}]}}}`);
      const list = `{\n"Id":${id}, "Statement" : [${statements.join(",\n  ")}]}`;
      const single = `{"Statement":${statements[0]},\n"Id":${id}}`;
      for (const [document, expected] of [[list, statements], [single, [statements[0]]]] as const) {
        const lines = document.split("\n");
        const found = statementPositions(document).map(({ StartPosition, EndPosition }) => {
          const [first, last] = [StartPosition, EndPosition].map(({ Line = 0, Column = 0 }) =>
            lines.slice(0, Line - 1).reduce((sum, line) => sum + line.length + 1, 0) + Column - 1
          );
          return document.slice(first - 1, last);
        });
        assertEquals(found, expected);
      }
    }),
  );
});
