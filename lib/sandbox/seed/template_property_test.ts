import fc from "fast-check";
import { readDocument } from "./document.ts";
import { compileTemplate } from "./template.ts";
import { isList, isMap, SeedMistake, type Value } from "./value.ts";

const TEMPLATE = readDocument(
  Deno.readTextFileSync(new URL("testing/cdk.out/Pipeline.template.json", import.meta.url)),
).value;

/** What may stand anywhere in a template, also where it does not belong. */
const anything: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    ...[null, true, 5, "", "text", [], {}],
    ...[{ Ref: "Records091F6ECA" }, { Ref: "AWS::NoValue" }, { Ref: 5 }],
    ...[{ "Fn::GetAtt": ["OrdersA9B65338", "Arn"] }, { "Fn::GetAtt": [] }, { "Fn::Sub": "${" }],
    ...[{ "Fn::Join": [",", "x"] }, { "Fn::If": ["CDKMetadataAvailable"] }, { "Fn::Other": 1 }],
    ...[{ Type: "AWS::S3::Bucket" }, { Type: "AWS::IAM::Role", Properties: [] }],
  ),
);

/** `value` with what is at one place replaced; the place is chosen by `steps`. */
function withReplaced(value: Value | undefined, steps: readonly number[], by: Value): Value {
  const [step, ...rest] = steps;
  if (step === undefined || value === undefined) return by;
  if (isList(value) && value.length > 0) {
    const at = step % value.length;
    return value.map((item, index) => index === at ? withReplaced(item, rest, by) : item);
  }
  if (!isMap(value) || Object.keys(value).length === 0) return by;
  const keys = Object.keys(value);
  const key = keys[step % keys.length];
  return { ...value, [key]: withReplaced(value[key], rest, by) };
}

Deno.test("a template with anything anywhere compiles, or is refused with a place", () => {
  const options = {
    stack: { name: "S", region: "us-east-1", accountId: "123456789012" },
    parameters: new Map<string, string>(),
    skip: new Set<string>(),
    assets: new Map<string, string>(),
  };
  const place = fc.array(fc.nat(), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.tuple(place, anything), { maxLength: 3 }), (changes) => {
      const template = changes.reduce(
        (before, [steps, by]) => withReplaced(before, steps, by),
        TEMPLATE,
      );
      try {
        compileTemplate(template, options);
      } catch (error) {
        const mistakes = error instanceof AggregateError ? error.errors : [error];
        for (const mistake of mistakes) if (!(mistake instanceof SeedMistake)) throw mistake;
      }
    }),
    { numRuns: 500 },
  );
});
