/**
 * Exercise 0.1: a policy that lets a guest read one folder of a bucket and do nothing else. It is
 * given to the guest and tried by real calls.
 * @module
 */

import { GetUserCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Lab } from "../aws/place/begin.ts";
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

/** What is tried as the guest, and what should come of it. */
const CALLS: readonly {
  readonly name: string;
  readonly wanted: "allowed" | "AccessDenied";
  readonly act: (s3: S3Client, Bucket: string) => Promise<unknown>;
}[] = [
  {
    name: "read notes/hello.txt",
    wanted: "allowed",
    act: (s3, Bucket) => s3.send(new GetObjectCommand({ Bucket, Key: `${SHARED}hello.txt` })),
  },
  {
    name: "read private/plan.txt",
    wanted: "AccessDenied",
    act: (s3, Bucket) => s3.send(new GetObjectCommand({ Bucket, Key: "private/plan.txt" })),
  },
  {
    name: "write notes/mine.txt",
    wanted: "AccessDenied",
    act: (s3, Bucket) =>
      s3.send(new PutObjectCommand({ Bucket, Key: `${SHARED}mine.txt`, Body: "mine" })),
  },
  {
    name: "delete notes/hello.txt",
    wanted: "AccessDenied",
    act: (s3, Bucket) => s3.send(new DeleteObjectCommand({ Bucket, Key: `${SHARED}hello.txt` })),
  },
  {
    name: "list all buckets",
    wanted: "AccessDenied",
    act: (s3) => s3.send(new ListBucketsCommand({})),
  },
];

/** On AWS a changed policy takes some seconds until every server knows it. */
const POLICY_KNOWN_MS = 10_000;

/**
 * Gives the policy to the guest, and a new key, and tries what the guest may do. Throws an `Error`
 * where there is no guest yet.
 */
export async function tryAsGuest(lab: Lab, policy: object): Promise<GuestAnswer> {
  const { iam, s3, names, mode } = lab;
  const found = await unlessMissing(iam.send(new GetUserCommand({ UserName: names.guest })));
  need("the guest of step 4", found);
  const guest = await freshGuest(lab);
  const Bucket = names.bucket;
  for (const Key of [`${SHARED}hello.txt`, "private/plan.txt"]) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: `this is ${Key}\n` }));
  }
  await iam.send(
    new PutUserPolicyCommand({
      UserName: names.guest,
      PolicyName: "exercise",
      PolicyDocument: JSON.stringify(policy),
    }),
  );
  if (mode === "real account") await new Promise((done) => setTimeout(done, POLICY_KNOWN_MS));
  const asGuest = new S3Client(guest);
  const answer = new Map<string, string>();
  for (const { name, act } of CALLS) answer.set(name, await outcomeOf(act(asGuest, Bucket)));
  asGuest.destroy();
  return answer;
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "allowed";
  } catch (error) {
    return error instanceof Error ? error.name : `${error}`;
  }
}

/** What a guest should be answered. */
export function guestCases(answer: GuestAnswer): ExerciseCase[] {
  return CALLS.map(({ name, wanted }) => ({
    tried: `as the guest: ${name}`,
    gave: () => answer.get(name),
    wanted,
  }));
}
