import { ListUserPoliciesCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import type { Lab } from "../aws/place/begin.ts";
import { freshGuest } from "../aws/place/guest.ts";
import { labTest } from "../aws/testing.ts";
import type { ExerciseCase } from "../view/exercise.ts";
import { partitionKeysOf } from "../../lambda/partition_keys.ts";
import { getSize } from "../../lambda/size.ts";
import { countryCases } from "./country_key.ts";
import { fitCases } from "./fit_in_response.ts";
import { guestCases, tryAsGuest } from "./guest_policy.ts";
import { joinCases } from "./join_lines.ts";
import { solve } from "./mod.ts";
import { roundsCases } from "./rounds_needed.ts";
import { shardCases, tryQuery } from "./shard_query.ts";

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

/** A policy that allows nothing. */
const ALLOWS_NOTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "s3:PutBucketPolicy", Resource: "*" }],
};

async function guestOf(lab: Lab) {
  await lab.s3.send(new CreateBucketCommand({ Bucket: lab.names.bucket }));
  return await freshGuest(lab);
}

labTest("freshGuest() takes away what an earlier run gave the guest", 0, async (lab) => {
  await guestOf(lab);
  await tryAsGuest(lab, solve("0.1")(lab.names.bucketArn));
  await freshGuest(lab);
  const { PolicyNames } = await lab.iam.send(
    new ListUserPoliciesCommand({ UserName: lab.names.guest }),
  );
  assertEquals(PolicyNames, []);
  const answer = await tryAsGuest(lab, ALLOWS_NOTHING);
  assertEquals(answer.get("read notes/hello.txt"), "AccessDenied");
});

labTest(
  "exercise 0.1: the solution lets the guest read notes/ and nothing else",
  0,
  async (lab) => {
    await guestOf(lab);
    const policy = solve("0.1")(lab.names.bucketArn);
    assertEquals(wrong(guestCases(await tryAsGuest(lab, policy))), []);
  },
);

labTest("exercise 0.1: too much and too little are both found", 0, async (lab) => {
  await guestOf(lab);
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
    const answer = await tryAsGuest(lab, policyWith(action, resource));
    assertEquals(wrong(guestCases(answer)), [...expected]);
  }
});

Deno.test("exercise 2.1: the solution passes; without a default, or with one for null only, it does not", async () => {
  assertEquals(wrong(shardCases(await tryQuery(solve("2.1")))), []);
  const without = "{shard: .row.customerId[0:1], day: .time[0:10]}";
  assertEquals(wrong(shardCases(await tryQuery(without))).length, 3);
  const forNull = '{shard: (.row.customerId // "none" | .[0:1]), day: .time[0:10]}';
  assert(wrong(shardCases(await tryQuery(forNull))).length > 0);
});

Deno.test("exercise 3.1: the solution passes; without the key, or without a default, it does not", () => {
  assertEquals(wrong(countryCases(solve("3.1"))), []);
  assert(wrong(countryCases(partitionKeysOf)).length > 0);
  const withoutDefault = countryCases((document) => {
    const keys = solve("3.1")(document);
    return keys.value?.country === "unknown" ? { reason: "no country" } : keys;
  });
  assertEquals(wrong(withoutDefault), [
    "an event without a row",
    "an event whose row has no address",
  ]);
});

labTest("exercise 0.1 needs the guest, and makes none by itself", 0, async (lab) => {
  await assertRejects(() => tryAsGuest(lab, ALLOWS_NOTHING), Error, "the guest of step 4");
});

Deno.test("exercise 4.1: the solution passes; counting characters, or no envelope, does not", () => {
  assertEquals(wrong(fitCases(solve("4.1"))), []);
  const byCharacters = fitCases((answers, max) => {
    const fits = (count: number) =>
      JSON.stringify({ records: answers.slice(0, count) }).length <= max;
    return answers.filter((_, index) => fits(index + 1));
  });
  assertEquals(wrong(byCharacters), ["letters of two bytes, one byte less"]);
  const withoutEnvelope = fitCases((answers, max) =>
    answers.filter((_, index) => getSize(answers.slice(0, index + 1)) <= max)
  );
  assert(wrong(withoutEnvelope).length > 0);
});

Deno.test("exercise 4.2: the solution passes; without base64, or without what never fits, it does not", () => {
  assertEquals(wrong(roundsCases(solve("4.2"))), []);
  const plain = roundsCases(({ records, documentBytes, budgetBytes }) =>
    Math.ceil(records * documentBytes / budgetBytes)
  );
  assert(wrong(plain).length > 0);
});
