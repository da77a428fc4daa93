import { assertEquals, assertThrows } from "@std/assert";
import { readDocument } from "./document.ts";

Deno.test("a file's short tags are the functions' long form, inside each other too", () => {
  const text = `
A: !Sub ["\${x}", {x: !GetAtt Role.Arn}]
B: !If [IsBig, !Ref Name, !Ref AWS::NoValue]
C: {"Fn::Join": ["", [!Ref Name, "-b"]]}
D: !Equals [!Ref Stage, prod]
E: !Join
  - ""
  - - a
    - !ImportValue
      Fn::Sub: "\${x}"
`;
  assertEquals(readDocument(text).value, {
    A: { "Fn::Sub": ["${x}", { x: { "Fn::GetAtt": ["Role", "Arn"] } }] },
    B: { "Fn::If": ["IsBig", { Ref: "Name" }, { Ref: "AWS::NoValue" }] },
    C: { "Fn::Join": ["", [{ Ref: "Name" }, "-b"]] },
    D: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
    E: { "Fn::Join": ["", ["a", { "Fn::ImportValue": { "Fn::Sub": "${x}" } }]] },
  });
});

Deno.test("a file's dates stay texts, and so do numbers that would lose digits", () => {
  const { value } = readDocument("V: 2012-10-17\nId: 000123456789\nN: 5\nF: 1.50\nT: true\n");
  assertEquals(value, { V: "2012-10-17", Id: "000123456789", N: 5, F: "1.50", T: true });
});

Deno.test("a file says the line of a value, also inside short tags", () => {
  const { lineOf } = readDocument("A:\n  B: 1\n  C: !Join\n    - ','\n    - [\n       x]\n");
  assertEquals(lineOf(["A", "C", "Fn::Join", 1, 0]), 6);
  assertEquals(lineOf(["A", "B", "missing"]), 2);
});

for (
  const [text, message] of [
    ["A: 1\nA: 2\n", "line 2, column 1: Map keys must be unique"],
    ["A: !Unknown 1\n", "line 1, column 4: Unresolved tag: !Unknown"],
    ["A: [1\n", "line 2, column 1: Flow sequence in block collection must be sufficiently"],
    ['{"A": 1,,}', "line 1, column 9"],
  ]
) {
  Deno.test(`${JSON.stringify(text)} is refused with its line`, () => {
    assertThrows(() => readDocument(text), SyntaxError, message);
  });
}
