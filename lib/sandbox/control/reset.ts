/**
 * `POST /_sandbox/reset`: removes everything, faults too, or what one service or one region has. The
 * root user's key stays, and so does the sandbox itself. Calls under way find nothing.
 * @module
 */

import type { Account, Accounts } from "../accounts.ts";
import type { Region } from "../region.ts";
import { isRegion } from "../region_names.ts";
import type { Activity } from "./activity.ts";
import type { Faults } from "./faults.ts";
import { ControlError } from "./control_error.ts";
import { membersOf, textIn } from "./input.ts";

/** By signing name: how a service of a region is emptied, in the order in which that is done. */
const RESETS: Readonly<Record<string, (region: Region) => Promise<void>>> = {
  // What works for others ends first, and what others write to comes last.
  firehose: ({ firehose }) => firehose.reset(),
  lambda: ({ lambda }) => lambda.reset(),
  logs: ({ logs }) => logs.reset(),
  s3: ({ s3 }) => s3.reset(),
  monitoring: ({ metrics }) => metrics.reset(),
};

/** Services that are the same in all regions. */
const GLOBAL: Readonly<Record<string, (account: Account) => Promise<void>>> = {
  iam: ({ iam }) => iam.reset("everything"),
  sts: ({ iam }) => iam.reset("sessions"),
};

/** Other names of services. */
const ALIASES: Readonly<Record<string, string>> = {
  cloudwatch: "monitoring",
  cloudwatchlogs: "logs",
};

/** What the page acts on. */
export interface ResetParts {
  readonly accounts: Pick<Accounts, "all">;
  readonly activity: Activity;
  readonly faults: Faults;
}

/** Empties what the body says. Throws a {@linkcode ControlError} for a name that is not known. */
export async function reset(body: Uint8Array, parts: ResetParts): Promise<void> {
  const members = membersOf(body, ["service", "region"]);
  await resetWhat(
    { service: textIn(members, "service"), region: textIn(members, "region") },
    parts,
  );
}

/** Empties a service, a region, a service of a region, or everything. */
export async function resetWhat(
  { service, region }: { readonly service?: string; readonly region?: string },
  { accounts, activity, faults }: ResetParts,
): Promise<void> {
  const name = service === undefined ? undefined : serviceNamed(service);
  if (region !== undefined && !isRegion(region)) {
    throw new ControlError(400, `There is no region ${region}.`);
  }
  if (name !== undefined && Object.hasOwn(GLOBAL, name)) {
    if (region !== undefined) {
      throw new ControlError(400, `${service} is the same in all regions: leave region out.`);
    }
    await Promise.all(accounts.all().map(GLOBAL[name]));
    return;
  }
  await Promise.all(accounts.all().map((account) => resetAccount(account, name, region)));
  if (service !== undefined || region !== undefined) return;
  activity.clear();
  faults.clear();
}

async function resetAccount(
  account: Account,
  service: string | undefined,
  name: string | undefined,
): Promise<void> {
  const regions = account.regions.all().filter((region) =>
    name === undefined || region.name === name
  );
  await Promise.all(regions.map((region) => resetRegion(region, service)));
  if (service === undefined && name === undefined) await GLOBAL.iam(account);
}

async function resetRegion(region: Region, service: string | undefined): Promise<void> {
  for (const [name, empty] of Object.entries(RESETS)) {
    if (service === undefined || service === name) await empty(region);
  }
}

function serviceNamed(given: string): string {
  const name = Object.hasOwn(ALIASES, given) ? ALIASES[given] : given;
  const known = [...Object.keys(RESETS), ...Object.keys(GLOBAL)];
  if (known.includes(name)) return name;
  throw new ControlError(400, `There is no service ${given}; there are ${known.join(", ")}.`);
}
