/**
 * `begin()`: the first call of every notebook. Finds out where "AWS" is, starts the sandbox if it was
 * chosen and does not run, and shows a banner about it.
 * @module
 */

import { join } from "node:path";
import process from "node:process";
import { mistakeIn } from "../../notebook/find_mistake.ts";
import { removeStandIns } from "../../notebook/kernel_start.ts";
import { listNotebooks, readNotebook } from "../../notebook/notebook_file.ts";
import { adviceOnMissingName, declarationsOf, standInForNames } from "../../notebook/step_names.ts";
import { passedCheckpoints } from "../../view/progress_file.ts";
import { isInKernel, show } from "../../view/show.ts";
import { listenForStop } from "../../view/stop.ts";
import { textFile } from "../../view/text_file.ts";
import { lookEvery } from "../../view/until.ts";
import { findAccount } from "./account.ts";
import { bannerView, progressStrip } from "./banner.ts";
import { newConsoleAddress } from "./console_address.ts";
import { assertCourseProfileIsFree } from "./course_profile.ts";
import { chosenProfile, chosenSandbox, SANDBOX_PROFILE } from "./chosen_profile.ts";
import { noProxyHere } from "./no_proxy.ts";
import { PROFILE_OVERRIDES, SANDBOX_OVERRIDES } from "./override_variables.ts";
import { awsFiles, type Clients, clientSettings, clientsOf } from "./clients.ts";
import { type Names, namesOf, type Tag, tagsOf, type Whereabouts } from "./names.ts";
import { type AwsFiles, profileSettings } from "./profiles.ts";
import { assertNamesAreFree } from "./foreign_names.ts";
import { shortenStacks } from "../errors/short_stack.ts";
import { ensureSandbox, PROJECT_DIR } from "./sandbox_process.ts";

/** How often a cell looks for what it waits for: in the sandbox waits last a second or so. */
const SANDBOX_LOOK_SECONDS = 0.05;
/** On AWS most waits last a minute or more, and looking for objects costs money: 1,000 lists 0.005 USD. */
const ACCOUNT_LOOK_SECONDS = 2;

/** Asks a question that is answered with yes or no. */
export type Ask = (question: string) => boolean;

/** What the cells of one notebook work with: clients, names, account and region. */
export interface Lab extends Clients, Whereabouts {
  readonly notebook: number;
  readonly names: Names;
  /** For everything that the notebook makes; clean-up finds things by them. */
  readonly tags: Tag[];
  /** The AWS files in use: in the sandbox the project's own. */
  readonly files: AwsFiles;
  /**
   * Does nothing in the sandbox. In a real account it asks a person, and throws an `Error` without a
   * yes. For use before a cell creates something that lasts or is powerful.
   */
  readonly askFirst: (what: string) => void;
  /** Asks a person. Without one, for example when a notebook runs without a browser, it is no. */
  readonly ask: Ask;
  /**
   * Shows which cell of the saved notebook Deno can't read, and why. Deno's kernel shows nothing when
   * such a cell runs.
   */
  readonly findMistake: () => Promise<void>;
}

/**
 * Finds the chosen profile, shows the banner and returns what the cells work with.
 *
 * Throws an `Error` that says what to do if the profile is unknown or does not work, its file is
 * malformed, the sandbox can't be started, a person did not agree to the real account, or somebody
 * else's things in it, or a profile of the reader's own, have this notebook's names.
 */
export async function begin(
  { notebook, ask = confirm }: { readonly notebook: number; readonly ask?: Ask },
): Promise<Lab> {
  listenForStop();
  if (isInKernel()) await explainErrors(notebook);
  const chosen = chosenProfile(process.env);
  const { where, consoleAddress } = chosen.mode === "sandbox"
    ? await enterSandbox()
    : { where: await findReal(chosen.profile), consoleAddress: undefined };
  lookEvery(where.mode === "sandbox" ? SANDBOX_LOOK_SECONDS : ACCOUNT_LOOK_SECONDS);
  await show(bannerView(where, consoleAddress), progressStrip(notebook, await passedCheckpoints()));
  if (chosen.mode === "real account" && !chosen.isAgreed) assertAgreed(where, ask);
  const settings = where.mode === "sandbox"
    ? await clientSettings(SANDBOX_PROFILE)
    : { profile: where.profile };
  const lab = labOf({ notebook, where, clients: clientsOf(settings), files: awsFiles(), ask });
  if (where.mode === "real account") await assertNamesAreFree(lab, lab.names);
  if (notebook === 0) await assertCourseProfileIsFree(lab);
  return lab;
}

/**
 * From now on a cell that runs out of order says which step makes what it needs, and errors say what
 * to do.
 */
async function explainErrors(notebook: number): Promise<void> {
  const declarations = declarationsOf((await savedNotebook(notebook)).cells);
  removeStandIns(globalThis);
  standInForNames(declarations, globalThis);
  shortenStacks({
    projectDir: PROJECT_DIR,
    advise: (error) => adviceOnMissingName(error, declarations),
  });
}

async function savedNotebook(notebook: number) {
  const [path] = await listNotebooks([`${notebook}_`]);
  return await readNotebook(path);
}

/** What a {@linkcode Lab} is put together from. */
interface LabParts {
  readonly notebook: number;
  readonly where: Whereabouts;
  readonly clients: Clients;
  readonly files: AwsFiles;
  readonly ask: Ask;
}

/** Builds a {@linkcode Lab}. */
export function labOf({ notebook, where, clients, files, ask }: LabParts): Lab {
  return {
    ...where,
    ...clients,
    notebook,
    files,
    ask,
    names: namesOf(notebook, where),
    tags: tagsOf(notebook),
    findMistake: async () => {
      const { summary, reason } = await mistakeIn(await savedNotebook(notebook));
      await show(reason === undefined ? summary : textFile(summary, reason));
    },
    askFirst: (what) => {
      if (where.mode === "sandbox" || ask(`Create ${what} in ${where.accountId}?`)) return;
      throw new Error(
        `Nobody said yes to ${what} in the real account ${where.accountId}: nothing was created. ` +
          "Run this cell again and say yes, or go on with cells that do not need it.",
      );
    },
  };
}

/**
 * Makes a profile the one of this process, also for clients that a cell creates by itself, and
 * removes the variables that would lead the SDK past it.
 */
function chooseInProcess(profile: string, strange: RegExp): void {
  for (const name of Object.keys(process.env)) {
    if (strange.test(name)) delete process.env[name];
  }
  process.env.AWS_PROFILE = profile;
}

interface Entered {
  readonly where: Whereabouts;
  /** Of its console; a sandbox of an older version, and a real account, have none. */
  readonly consoleAddress?: string | undefined;
}

/**
 * Starts the sandbox if it does not run, and leads the SDK there, in this process only. Throws an
 * `Error` that says what to do if the one that runs speaks HTTPS: this process does not trust its
 * authority.
 */
async function enterSandbox(): Promise<Entered> {
  const place = await chosenSandbox(process.env);
  const sandbox = await ensureSandbox(place);
  const { awsDir, endpoint, accountId, region, speed } = sandbox;
  const files = { config: join(awsDir, "config"), credentials: join(awsDir, "credentials") };
  const { endpoint_url: address } = await profileSettings(files, "config", SANDBOX_PROFILE);
  if (address?.startsWith("https:")) {
    throw new Error(
      `The sandbox at ${address} was started with --tls, and the notebooks speak HTTP. Stop it, and ` +
        "run this cell again: it starts another one on the same data.",
    );
  }
  chooseInProcess(SANDBOX_PROFILE, SANDBOX_OVERRIDES);
  Object.assign(process.env, noProxyHere(process.env));
  process.env.AWS_CONFIG_FILE = files.config;
  process.env.AWS_SHARED_CREDENTIALS_FILE = files.credentials;
  const where: Whereabouts = {
    mode: "sandbox",
    profile: SANDBOX_PROFILE,
    partition: "aws",
    accountId,
    region,
    arn: `arn:aws:iam::${accountId}:root`,
    endpoint,
    speed,
  };
  return { where, consoleAddress: await newConsoleAddress(sandbox) };
}

async function findReal(profile: string): Promise<Whereabouts> {
  chooseInProcess(profile, PROFILE_OVERRIDES);
  const account = await findAccount(profile);
  const [, partition] = account.arn.split(":");
  return { mode: "real account", ...account, partition, endpoint: undefined, speed: 1 };
}

function assertAgreed({ profile, accountId }: Whereabouts, ask: Ask): void {
  if (ask(`Use the real AWS account ${accountId} (profile ${profile})?`)) return;
  throw new Error(
    `AWS_PROFILE is "${profile}", a real account, and nobody said yes to it: nothing was created. ` +
      `Run this cell again and say yes, or set FIREHOSE_LAB_PROFILE to "${SANDBOX_PROFILE}" and ` +
      "restart the kernel.",
  );
}
