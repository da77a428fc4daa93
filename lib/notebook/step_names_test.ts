import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  adviceOnMissingName,
  declarationsOf,
  importsIn,
  namesIn,
  standInForNames,
} from "./step_names.ts";

const markdown = (source: string) => ({ type: "markdown", source }) as const;
const code = (source: string) => ({ type: "code", source }) as const;

for (
  const [source, names] of [
    ["const caller = await ask();", ["caller"]],
    ["let left = 1;\nleft = 2;", ["left"]],
    ["const { config, credentials } = lab.files;", ["config", "credentials"]],
    ['const { AccessKeyId: id = "", ...rest } = key ?? {};', ["id", "rest"]],
    ["const [only] = left;", ["only"]],
    ['const [DATA, ERRORS] = ["data/", "error/"];', ["DATA", "ERRORS"]],
    ["const {\n  DeliveryStreamDescription,\n} = await send();", ["DeliveryStreamDescription"]],
    ["const fit: FitInResponse = (answers) => {\n  const kept = [];\n};", ["fit"]],
    ["function joinLines(lines) {\n  const inside = 1;\n}", ["joinLines"]],
    ["async function* rows() {}", ["rows"]],
    ["class Ledger {}", ["Ledger"]],
    ["await show(1);", []],
    ["for (const it of list) {\n  const inside = it;\n}", []],
  ] as const
) {
  Deno.test(`namesIn() finds what is declared by: ${source.split("\n")[0]}`, () => {
    assertEquals(namesIn(source), [...names]);
  });
}

Deno.test("importsIn() finds values of every form of import, and no types", () => {
  const code = [
    'import {\n  CreateRoleCommand,\n  type Processor,\n} from "@aws-sdk/client-iam";',
    'import * as aws from "../lib/aws/mod.ts";',
    'import { begin, show as look } from "../lib/aws/mod.ts";',
    'import type { UserArn } from "../lib/exercises/mod.ts";',
  ].join("\n");
  assertEquals(importsIn(code), ["CreateRoleCommand", "aws", "begin", "look"]);
});

Deno.test("declarationsOf() says under which heading a name is declared first, without the setup cell", () => {
  const cells = [
    markdown("# Notebook"),
    code("const lab = begin();"),
    markdown("## Step 1: A user\n\nText."),
    code("const user = 1;"),
    markdown("More of step 1."),
    code("const again = user;"),
    markdown("## Step 2: A key"),
    code("const user = 2;\nconst key = 3;"),
  ];
  assertEquals(declarationsOf(cells), [
    { name: "user", heading: "Step 1: A user" },
    { name: "again", heading: "Step 1: A user" },
    { name: "key", heading: "Step 2: A key" },
  ]);
});

Deno.test("adviceOnMissingName() names the step of a cell that failed, and knows no other name", () => {
  const declarations = [{ name: "arrived", heading: "Step 5: Watch the buffer" }];
  const advice = adviceOnMissingName(new ReferenceError("arrived is not defined"), declarations);
  assertEquals(advice?.includes('Run "Step 5: Watch the buffer"'), true);
  const typo = new ReferenceError("arived is not defined");
  assertEquals(adviceOnMissingName(typo, declarations), undefined);
});

Deno.test("a stand-in says which step to run, and gives way to a value", () => {
  const target: Record<string, unknown> = { known: 1 };
  const heading = "Step 2: A key";
  standInForNames([{ name: "key", heading }, { name: "known", heading }], target);
  const error = assertThrows(() => target.key, ReferenceError, 'Run "Step 2: A key"');
  assertEquals(error.message.includes('"key"'), true);
  assertStringIncludes(error.message, "shows nothing"); // a syntax error in the cell that makes it
  assertStringIncludes(error.message, "`await lab.findMistake()`");
  assertEquals(target.known, 1);
  target.key = 7;
  assertEquals(target.key, 7);
});
