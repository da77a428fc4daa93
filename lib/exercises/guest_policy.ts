/**
 * Exercise 0.3: a policy that lets a guest read one folder of a bucket and do nothing else. The
 * guest gets it and makes real calls. IAM's policy simulator then asks about what real calls
 * would change, or what lies in other buckets.
 * @module
 */

import {
  GetUserCommand,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { setTimeout as pause } from "node:timers/promises";
import type { Lab } from "../aws/place/begin.ts";
import { onceKeyIsKnown } from "../aws/place/eventual.ts";
import { freshGuest } from "../aws/place/guest.ts";
import { unlessMissing } from "../aws/errors/missing.ts";
import { need } from "../view/cards.ts";
import type { ExerciseCase } from "../view/exercise.ts";

/** What came of each call, by its name: `allowed`, or the error's name. */
export type GuestAnswer = ReadonlyMap<string, string>;

/** The folder that a guest may read. */
const SHARED = "notes/";

/** A solution: the document for a bucket. */
export const guestPolicy = (bucketArn: string): object => ({
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: `${bucketArn}/${SHARED}*`,
  }],
});

interface GuestCall {
  readonly name: string;
  readonly wanted: "allowed" | "AccessDenied";
  readonly act: (s3: S3Client, Bucket: string) => Promise<unknown>;
}

const reading = (Key: string, wanted: GuestCall["wanted"]): GuestCall => ({
  name: `read ${Key}`,
  wanted,
  act: (s3, Bucket) => s3.send(new GetObjectCommand({ Bucket, Key })),
});

/** Objects that are there when the guest tries: what the guest may read, and what lies beside it. */
const ALLOWED_KEYS = [`${SHARED}hello.txt`, `${SHARED}2026/again.txt`];
const OTHER_KEYS = ["private/plan.txt", "notes-of-others/plan.txt"];

/** What is tried as the guest, and what the answer must be. */
const CALLS: readonly GuestCall[] = [
  ...ALLOWED_KEYS.map((key) => reading(key, "allowed")),
  ...OTHER_KEYS.map((key) => reading(key, "AccessDenied")),
  {
    name: `list what is under ${SHARED}`,
    wanted: "AccessDenied",
    act: (s3, Bucket) => s3.send(new ListObjectsV2Command({ Bucket, Prefix: SHARED })),
  },
  {
    name: `write ${SHARED}mine.txt`,
    wanted: "AccessDenied",
    act: (s3, Bucket) =>
      s3.send(new PutObjectCommand({ Bucket, Key: `${SHARED}mine.txt`, Body: "mine" })),
  },
  {
    name: `delete ${SHARED}hello.txt`,
    wanted: "AccessDenied",
    act: (s3, Bucket) => s3.send(new DeleteObjectCommand({ Bucket, Key: `${SHARED}hello.txt` })),
  },
  {
    name: "list all buckets",
    wanted: "AccessDenied",
    act: (s3) => s3.send(new ListBucketsCommand({})),
  },
];

/** What the simulator is asked: all of it must be denied. */
const SIMULATED: readonly {
  readonly name: string;
  readonly action: string;
  readonly resource: (bucketArn: string) => string;
}[] = [
  {
    name: `read ${SHARED}hello.txt in another bucket`,
    action: "s3:GetObject",
    resource: (bucketArn) => `${bucketArn}-of-others/${SHARED}hello.txt`,
  },
  ...["s3:GetObjectVersion", "s3:GetObjectTagging", "s3:PutObjectAcl", "s3:DeleteObjectVersion"]
    .map(
      (action) => ({
        name: `${action} on ${SHARED}hello.txt`,
        action,
        resource: (bucketArn: string) => `${bucketArn}/${SHARED}hello.txt`,
      }),
    ),
  ...["s3:PutBucketPolicy", "s3:DeleteBucket", "s3:GetBucketLocation"].map((action) => ({
    name: `${action} on the bucket`,
    action,
    resource: (bucketArn: string) => bucketArn,
  })),
  { name: "create an IAM user", action: "iam:CreateUser", resource: () => "*" },
];

/** On AWS a changed policy takes some seconds until every server knows it. */
const POLICY_KNOWN_MS = 10_000;

/**
 * Gives the policy to the guest, and a new key, and tries what the guest may do. A document that
 * IAM refuses is an answer too: its only entry is IAM's error. Throws an `Error` if there is no
 * guest yet.
 */
export async function tryAsGuest(lab: Lab, policy: object): Promise<GuestAnswer> {
  const { iam, s3, names, mode } = lab;
  const found = await unlessMissing(iam.send(new GetUserCommand({ UserName: names.guest })));
  need("the guest of step 4", found);
  const guest = await freshGuest(lab);
  const Bucket = names.bucket;
  for (const Key of [...ALLOWED_KEYS, ...OTHER_KEYS]) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: `this is ${Key}\n` }));
  }
  const PolicyDocument = JSON.stringify(policy);
  const refusal = await outcomeOf(iam.send(
    new PutUserPolicyCommand({ UserName: names.guest, PolicyName: "exercise", PolicyDocument }),
  ));
  if (refusal !== "allowed") return new Map([[ATTACHED, refusal]]);
  const asGuest = new S3Client(guest);
  if (mode === "real account") {
    await pause(POLICY_KNOWN_MS);
    await onceKeyIsKnown(() => asGuest.send(new ListBucketsCommand({})).catch(unlessDenied));
  }
  const answer = new Map([[ATTACHED, "allowed"]]);
  for (const { name, act } of CALLS) answer.set(name, await outcomeOf(act(asGuest, Bucket)));
  asGuest.destroy();
  for (const { name, action, resource } of SIMULATED) {
    const { EvaluationResults = [] } = await iam.send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [PolicyDocument],
        ActionNames: [action],
        ResourceArns: [resource(names.bucketArn)],
      }),
    );
    const allowed = EvaluationResults.some(({ EvalDecision }) => EvalDecision === "allowed");
    answer.set(name, allowed ? "allowed" : "AccessDenied");
  }
  return answer;
}

const ATTACHED = "IAM accepts the policy";

/** A refused caller is known, too. */
function unlessDenied(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "AccessDenied") throw error;
}

/** `allowed`, the name of the refusal, or both the name and what IAM finds wrong with a document. */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "allowed";
  } catch (error) {
    if (!(error instanceof Error)) return `${error}`;
    return error.name === "AccessDenied" ? error.name : `${error.name}: ${error.message}`;
  }
}

/** What a guest must be answered. */
export function guestCases(answer: GuestAnswer): ExerciseCase[] {
  return [
    { tried: ATTACHED, gave: () => answer.get(ATTACHED), wanted: "allowed" },
    ...CALLS.map(({ name, wanted }) => ({
      tried: `as the guest: ${name}`,
      gave: () => answer.get(name),
      wanted,
    })),
    ...SIMULATED.map(({ name }) => ({
      tried: `in IAM's policy simulator: ${name}`,
      gave: () => answer.get(name),
      wanted: "AccessDenied",
    })),
  ];
}
