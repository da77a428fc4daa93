/**
 * What `deno task rehearse` reads from an account, or from the running sandbox: it says which calls it
 * makes before it makes them. Nothing is changed there.
 * @module
 */

import { FirehoseClient } from "@aws-sdk/client-firehose";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import {
  type FunctionFound,
  functionIn,
  type ObjectFound,
  objectsIn,
  type StreamFound,
  streamIn,
} from "../aws/rehearse/account_sources.ts";
import { chooseTarget } from "./profile_environment.ts";

/** What is wanted from the account. */
export interface WantedFromAccount {
  /** Undefined means the running sandbox. */
  readonly profile: string | undefined;
  readonly functionName: string | undefined;
  readonly streamName: string | undefined;
  /** Whether the stream's own function is wanted: none was named. */
  readonly usesStreamsFunction: boolean;
  /** `s3://BUCKET/PREFIX`. */
  readonly objects: readonly string[];
}

/** What was found there. */
export interface FoundInAccount {
  readonly stream: StreamFound | undefined;
  /** The function's name or ARN, and the function. */
  readonly func: (FunctionFound & { readonly name: string }) | undefined;
  readonly objects: readonly ObjectFound[];
}

/** The calls that {@linkcode readAccount} makes, in words. */
export function callsOf(wanted: WantedFromAccount): string[] {
  const { profile, functionName, streamName, usesStreamsFunction, objects } = wanted;
  const func = functionName ??
    (usesStreamsFunction ? "the function that the stream names" : undefined);
  return [
    ...profile === undefined ? [] : ["sts:GetCallerIdentity"],
    ...streamName === undefined ? [] : [`firehose:DescribeDeliveryStream ${streamName}`],
    ...func === undefined ? [] : [`lambda:GetFunction ${func}`],
    ...objects.flatMap((url) => [`s3:ListObjectsV2 and s3:GetObject ${url}`]),
  ];
}

/** Says the calls, makes them, and gives what they found. */
export async function readAccount(
  wanted: WantedFromAccount,
  say: (line: string) => void,
): Promise<FoundInAccount> {
  const { profile, functionName, streamName, usesStreamsFunction } = wanted;
  const place = profile === undefined ? "the running sandbox" : `the account of profile ${profile}`;
  say(`Reads from ${place} and changes nothing: ${callsOf(wanted).join(", ")}.`);
  const { settings } = await chooseTarget(profile, say);
  const firehose = new FirehoseClient(settings);
  const lambda = new LambdaClient(settings);
  const s3 = new S3Client(settings);
  try {
    const stream = streamName === undefined ? undefined : await streamIn(firehose, streamName);
    const name = functionName ?? (usesStreamsFunction ? stream?.functionArn : undefined);
    const found = name === undefined ? undefined : await functionIn(lambda, name, download);
    const objects: ObjectFound[] = [];
    for (const url of wanted.objects) objects.push(...await objectsIn(s3, url, say));
    return { stream, func: name === undefined || !found ? undefined : { name, ...found }, objects };
  } finally {
    for (const client of [firehose, lambda, s3]) client.destroy();
  }
}

/** Downloads a package from the address that GetFunction gave; it is never printed: it is a credential. */
async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (response.ok) return await response.bytes();
  await response.body?.cancel();
  throw new Error(`The function's package could not be downloaded: status ${response.status}`);
}
