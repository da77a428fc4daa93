import { ListUserPoliciesCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { assertEquals, assertRejects } from "@std/assert";
import type { Lab } from "../aws/place/begin.ts";
import { freshGuest } from "../aws/place/guest.ts";
import { labTest } from "../aws/testing.ts";
import { guestCases, guestPolicy, tryAsGuest } from "./guest_policy.ts";
import { assertFair } from "./testing.ts";

type Policy = (bucketArn: string) => object;

const policyOf = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const allow = (Action: string | readonly string[], Resource: string | readonly string[]) => ({
  Effect: "Allow",
  Action,
  Resource,
});

/** Allows `actions` on these keys of the bucket. */
const reading =
  (action: string | readonly string[], ...keys: readonly string[]): Policy => (bucketArn) =>
    policyOf(allow(action, keys.map((key) => `${bucketArn}${key}`)));

/** The right policy, and what is allowed besides. */
const besides = (action: string, resource: (bucketArn: string) => string): Policy => (bucketArn) =>
  policyOf(allow("s3:GetObject", `${bucketArn}/notes/*`), allow(action, resource(bucketArn)));

const RIGHT: Readonly<Record<string, Policy>> = {
  "the published one": guestPolicy,
  "lists of one": (bucketArn) => policyOf(allow(["s3:GetObject"], [`${bucketArn}/notes/*`])),
  "with a name": (bucketArn) =>
    policyOf({ Sid: "ReadNotes", ...allow("s3:GetObject", `${bucketArn}/notes/*`) }),
  "a deny for the rest": (bucketArn) =>
    policyOf(
      allow("s3:GetObject", `${bucketArn}/*`),
      { Effect: "Deny", Action: "*", NotResource: `${bucketArn}/notes/*` },
    ),
  "other letters in the action": (bucketArn) =>
    policyOf(allow("S3:getobject", `${bucketArn}/notes/*`)),
  "one statement without a list": (bucketArn) => ({
    Version: "2012-10-17",
    Statement: allow("s3:GetObject", `${bucketArn}/notes/*`),
  }),
};

const WRONG: Readonly<Record<string, Policy>> = {
  "the starter: everything": (bucketArn) => policyOf(allow("s3:*", [bucketArn, `${bucketArn}/*`])),
  "nothing": () => policyOf({ Effect: "Deny", Action: "s3:*", Resource: "*" }),
  "only one object": reading("s3:GetObject", "/notes/hello.txt"),
  "only the two that the notebook made": reading("s3:GetObject", "/notes/*.md"),
  "notes*": reading("s3:GetObject", "/notes*"),
  "all objects": reading("s3:GetObject", "/*"),
  "the bucket in place of its objects": reading("s3:GetObject", ""),
  "one level only": reading("s3:GetObject", "/notes/?????.txt"),
  "listing besides": besides("s3:ListBucket", (bucketArn) => bucketArn),
  "writing besides": besides("s3:PutObject", (bucketArn) => `${bucketArn}/notes/*`),
  "deleting besides": besides("s3:DeleteObject", (bucketArn) => `${bucketArn}/notes/*`),
  "listing all buckets besides": besides("s3:ListAllMyBuckets", () => "*"),
  "IAM besides": besides("iam:*", () => "*"),
  "the bucket's policy besides": besides("s3:PutBucketPolicy", (bucketArn) => bucketArn),
  "Get*": reading("s3:Get*", "/notes/*"),
  "any action on the folder": reading("s3:*", "/notes/*"),
  "any bucket": () => policyOf(allow("s3:GetObject", "arn:aws:s3:::*/notes/*")),
  "everything": () => policyOf(allow("*", "*")),
  "an action that does not exist": reading("s3:ReadObject", "/notes/*"),
  "the wrong service": reading("dynamodb:GetItem", "/notes/*"),
  "no effect, which IAM refuses": (bucketArn) =>
    policyOf({ Action: "s3:GetObject", Resource: `${bucketArn}/notes/*` }),
  "a resource that is no ARN, which IAM refuses": () => policyOf(allow("s3:GetObject", "notes/*")),
};

async function guestOf(lab: Lab): Promise<void> {
  await lab.s3.send(new CreateBucketCommand({ Bucket: lab.names.bucket }));
  await freshGuest(lab);
}

labTest(
  "exercise 0.3: right answers of different build pass, wrong ones do not",
  0,
  async (lab) => {
    await guestOf(lab);
    const casesOf = async (policy: Policy) =>
      guestCases(await tryAsGuest(lab, policy(lab.names.bucketArn)));
    await assertFair({ casesOf, right: RIGHT, wrong: WRONG });
  },
);

labTest("freshGuest() takes away what an earlier run gave the guest", 0, async (lab) => {
  await guestOf(lab);
  await tryAsGuest(lab, guestPolicy(lab.names.bucketArn));
  await freshGuest(lab);
  const { PolicyNames } = await lab.iam.send(
    new ListUserPoliciesCommand({ UserName: lab.names.guest }),
  );
  assertEquals(PolicyNames, []);
});

labTest("exercise 0.3 needs the guest, and does not create it", 0, async (lab) => {
  const policy = guestPolicy(lab.names.bucketArn);
  await assertRejects(() => tryAsGuest(lab, policy), Error, "the guest of step 4");
});
