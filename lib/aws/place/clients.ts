/**
 * SDK clients for the notebooks. They are the ordinary ones, except that they explain errors of the
 * network, which the SDK only names, and that a call ends when the reader presses Stop.
 * @module
 */

import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import process from "node:process";
import { unlessStopped } from "../../view/stop.ts";
import { countRequests } from "./s3_requests.ts";
import { COURSE_PROFILE } from "./names.ts";
import { type AwsFiles, profileNames, profileSettings } from "./profiles.ts";

/** One client for each service of the course. */
export interface Clients {
  readonly s3: S3Client;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly firehose: FirehoseClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudwatch: CloudWatchClient;
}

/** Settings for each of the SDK's clients: credentials, region, and an address other than AWS's. */
export interface ClientSettings {
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  readonly endpoint?: string;
}

/** Clients with these settings, or with those of a profile that the SDK finds by itself. */
export function clientsOf(settings: ClientSettings | { readonly profile: string }): Clients {
  const clients = {
    s3: new S3Client(settings),
    iam: new IAMClient(settings),
    sts: new STSClient(settings),
    firehose: new FirehoseClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    cloudwatch: new CloudWatchClient(settings),
  };
  for (const client of Object.values(clients)) {
    explainSilence(client);
    endOnStop(client);
  }
  countRequests(clients.s3);
  return clients;
}

/** Closes the connections of clients: open ones would keep a test waiting. */
export function closeClients(clients: Clients): void {
  const { s3, iam, sts, firehose, lambda, logs, cloudwatch } = clients;
  for (const client of [s3, iam, sts, firehose, lambda, logs, cloudwatch]) client.destroy();
}

/**
 * The settings of a profile with an access key. The files are read each time: the SDK reads them once
 * and would not see a profile that a cell has just written.
 *
 * Throws an `Error` that says what to do if there is no such profile, or no key in it.
 */
export async function clientSettings(
  profile: string,
  files: AwsFiles = awsFiles(),
): Promise<ClientSettings> {
  const names = await profileNames(files);
  if (!names.includes(profile)) throw missingProfile(profile, names, files);
  const { region, endpoint_url: endpoint } = await profileSettings(files, "config", profile);
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } =
    await profileSettings(files, "credentials", profile);
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      `Profile "${profile}" has no aws_access_key_id and aws_secret_access_key in ` +
        `${files.credentials}: run the cell that writes it again.`,
    );
  }
  return {
    credentials: { accessKeyId, secretAccessKey },
    region: region ?? "us-east-1",
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** As {@linkcode unknownProfile}; for the course's own profile it names the step that writes it. */
function missingProfile(profile: string, names: readonly string[], files: AwsFiles): Error {
  if (profile !== COURSE_PROFILE) return unknownProfile(profile, names, files);
  return new Error(
    `There is no profile "${profile}": it is not made yet, or clean-up removed it. Run the steps of ` +
      "notebook 0 in order, from step 1 on: step 2 makes it.",
  );
}

/** An `Error` that lists the existing profiles, or says how to make one. */
export function unknownProfile(profile: string, names: readonly string[], files: AwsFiles): Error {
  const next = names.length > 0
    ? `the profiles there: ${names.join(", ")}. Choose one of them`
    : `there is none. Make it with \`aws configure --profile ${profile}\``;
  return new Error(
    `There is no profile "${profile}" in ${files.config} and ${files.credentials}: ${next}, ` +
      "or name no profile to use the sandbox.",
  );
}

/** The files that the SDK reads in this process. */
export function awsFiles(): AwsFiles {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME, USERPROFILE = "" } = process.env;
  const folder = `${HOME ?? USERPROFILE}/.aws`;
  return {
    config: AWS_CONFIG_FILE ?? `${folder}/config`,
    credentials: AWS_SHARED_CREDENTIALS_FILE ?? `${folder}/credentials`,
  };
}

/** Codes of Node's network errors if nobody listens, or the host is unknown. */
const SILENCE = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT"];

/** The part of a client that this uses: their middleware stacks differ only in type. */
interface Extensible {
  readonly middlewareStack: {
    add(
      middleware: <Args, Output>(
        next: (args: Args) => Promise<Output>,
      ) => (args: Args) => Promise<Output>,
      options: { readonly step: "initialize"; readonly name: string },
    ): void;
  };
}

/** Adds to a network error what to do about it. */
function explainSilence({ middlewareStack }: Extensible): void {
  middlewareStack.add(
    (next) => (args) =>
      next(args).catch((cause: unknown) => {
        throw isSilence(cause) ? silence(cause) : cause;
      }),
    { step: "initialize", name: "explainSilence" },
  );
}

/** A call ends when the reader of a notebook presses Stop: a cell may be in any of its calls then. */
function endOnStop({ middlewareStack }: Extensible): void {
  middlewareStack.add((next) => (args) => unlessStopped(next(args)), {
    step: "initialize",
    name: "endOnStop",
  });
}

const isSilence = (cause: unknown): cause is Error & { readonly code: string } =>
  cause instanceof Error && "code" in cause && SILENCE.includes(`${cause.code}`);

function silence(cause: Error & { readonly code: string }): Error {
  return new Error(
    `Nobody answers (${cause.message || cause.code}). On the sandbox: run the setup cell again, ` +
      "which starts it. On AWS: look at your network and the profile's region.",
    { cause },
  );
}
