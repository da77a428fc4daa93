/**
 * Where a task's "AWS" is: the sandbox of this project, or with `--profile` an account of the
 * reader's. Without `--profile` nothing but a sandbox that proves itself is ever called.
 * @module
 */

import { findAccount } from "../aws/place/account.ts";
import { dataDirOf, SANDBOX_PROFILE } from "../aws/place/chosen_profile.ts";
import { type ClientSettings, clientSettings } from "../aws/place/clients.ts";
import { PROFILE_OVERRIDES, SANDBOX_OVERRIDES } from "../aws/place/override_variables.ts";
import { COURSE_SANDBOX, findSandbox, type FoundSandbox } from "../aws/place/sandbox_process.ts";
import { profileEnvironment, sandboxEnvironment, useEnvironment } from "./jupyter.ts";
import { complain } from "./run_tool.ts";

/** The account that a task works in. */
export interface Target {
  /** `the sandbox`, or `account 111122223333, eu-west-1`: for people. */
  readonly name: string;
  readonly isReal: boolean;
  /** For every client of the SDK: credentials and address come from nowhere else. */
  readonly settings: ClientSettings | { readonly profile: string; readonly region: string };
}

/**
 * Finds the account of `profile`, undefined meaning the sandbox, and says which it is, with the
 * variables of the environment that are ignored. Leads the rest of this process there too.
 *
 * Throws an `Error` that says what to do if no sandbox of this project runs, or the profile leads to
 * no account.
 */
export async function chooseTarget(
  profile: string | undefined,
  say: (line: string) => void = complain,
): Promise<Target> {
  return profile === undefined ? await chooseSandbox(say) : await chooseReal(profile, say);
}

async function chooseReal(profile: string, say: (line: string) => void): Promise<Target> {
  const environment = Deno.env.toObject();
  sayIgnored(variablesOf(environment, PROFILE_OVERRIDES), `profile ${profile}`, say);
  useEnvironment(profileEnvironment(environment, profile));
  const { accountId, region, arn } = await findAccount(profile);
  say(`Profile ${profile}: account ${accountId}, ${region}, as ${arn}`);
  return {
    name: `account ${accountId}, ${region}`,
    isReal: true,
    settings: { profile, region },
  };
}

async function chooseSandbox(say: (line: string) => void): Promise<Target> {
  const environment = Deno.env.toObject();
  const sandbox = await sandboxNamedBy(environment);
  if (!sandbox) throw new Error(`${NO_SANDBOX}, or name an account of yours with --profile NAME.`);
  sayIgnored(ignoredBeside(environment, sandbox), "the sandbox", say);
  useEnvironment(sandboxEnvironment(environment, sandbox.awsDir));
  const { endpoint, accountId, region } = sandbox;
  const { credentials } = await clientSettings(SANDBOX_PROFILE);
  say(`Sandbox at ${endpoint}: account ${accountId}, ${region}`);
  // The endpoint of the server that gave the proof; the profile's file may have been changed.
  return { name: "the sandbox", isReal: false, settings: { credentials, region, endpoint } };
}

type Environment = Readonly<Record<string, string>>;

/**
 * The sandbox whose files the environment names, as it does inside the lab; else the course's own.
 * Throws an `Error` that says what to do if none runs.
 */
export async function provenSandbox(environment: Environment): Promise<FoundSandbox> {
  const found = await sandboxNamedBy(environment);
  if (!found) throw new Error(`${NO_SANDBOX}.`);
  return found;
}

const NO_SANDBOX = 'No sandbox of this project runs: start it with "deno task sandbox"';

async function sandboxNamedBy(environment: Environment): Promise<FoundSandbox | undefined> {
  const { AWS_PROFILE, AWS_CONFIG_FILE } = environment;
  const named = AWS_PROFILE === SANDBOX_PROFILE && AWS_CONFIG_FILE
    ? dataDirOf(AWS_CONFIG_FILE)
    : undefined;
  return (named === undefined ? undefined : await findSandbox({ dataDir: named })) ??
    await findSandbox(COURSE_SANDBOX);
}

/** Names of variables that differ from the sandbox's own. */
function ignoredBeside(environment: Environment, { awsDir }: FoundSandbox): string[] {
  const own = sandboxEnvironment({}, awsDir);
  const files = ["AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]
    .filter((name) => environment[name] && environment[name] !== own[name]);
  return [...files, ...variablesOf(environment, SANDBOX_OVERRIDES)];
}

function variablesOf(environment: Environment, pattern: RegExp): string[] {
  return Object.keys(environment).filter((name) => environment[name] && pattern.test(name)).sort();
}

function sayIgnored(names: readonly string[], chosen: string, say: (line: string) => void): void {
  if (names.length > 0) say(`Ignored because ${chosen} was chosen: ${names.join(", ")}.`);
}
