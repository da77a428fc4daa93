import { CreateAccessKeyCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import type { Lab } from "../aws/begin.ts";
import { labTest } from "../aws/testing.ts";
import type { ExerciseCase } from "../view/exercise.ts";
import { guestCases, tryAsGuest } from "./guest_policy.ts";
import { joinCases } from "./join_lines.ts";
import { solve } from "./mod.ts";

/** What is tried and comes out wrong. */
const wrong = (cases: readonly ExerciseCase[]) =>
  cases.filter(({ gave, wanted }) => !isDeepStrictEqual(gave(), wanted)).map(({ tried }) => tried);

Deno.test("exercise 1.1: the solution passes, and what comes to mind first does not", () => {
  assertEquals(wrong(joinCases(solve("1.1"))), []);
  assert(wrong(joinCases((lines) => lines.map((line) => line + "\n"))).length > 0);
  assert(wrong(joinCases((lines) => [lines.join("\n")])).length > 0);
});

Deno.test("exercise 1.1: the solution loses no line and is within the limit, whatever the lines", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) =>
    text.replace(/\n/g, "")
  );
  fc.assert(fc.property(fc.array(line), fc.integer({ min: 60, max: 300 }), (lines, bytesMax) => {
    const records = solve("1.1")(lines, bytesMax);
    assertEquals(records.join(""), lines.map((text) => `${text}\n`).join(""));
    const most = Math.max(bytesMax, ...lines.map((text) => Buffer.byteLength(text) + 1));
    assert(records.every((record) => Buffer.byteLength(record) <= most));
  }));
});

async function guestOf({ iam, s3, names, region, endpoint }: Lab) {
  await s3.send(new CreateBucketCommand({ Bucket: names.bucket }));
  await iam.send(new CreateUserCommand({ UserName: names.guest }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: names.guest }));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
  return { credentials: { accessKeyId, secretAccessKey }, region, endpoint };
}

labTest(
  "exercise 0.1: the solution lets the guest read notes/ and nothing else",
  0,
  async (lab) => {
    const guest = await guestOf(lab);
    const policy = solve("0.1")(lab.names.bucketArn);
    assertEquals(wrong(guestCases(await tryAsGuest(lab, guest, policy))), []);
  },
);

labTest("exercise 0.1: too much and too little are both found", 0, async (lab) => {
  const guest = await guestOf(lab);
  const policyWith = (Action: string, Resource: string) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource }],
  });
  const { bucketArn } = lab.names;
  for (
    const [action, resource, expected] of [
      ["s3:GetObject", bucketArn, ["as the guest: read notes/hello.txt"]],
      ["s3:GetObject", `${bucketArn}/*`, ["as the guest: read private/plan.txt"]],
    ] as const
  ) {
    const answer = await tryAsGuest(lab, guest, policyWith(action, resource));
    assertEquals(wrong(guestCases(answer)), [...expected]);
  }
});
