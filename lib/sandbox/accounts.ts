/**
 * The accounts of a sandbox: its own and, with `--open`, one for each twelve-digit access key that a
 * client uses, as LocalStack's users expect. Each has its own users, buckets, streams and functions.
 * @module
 */

import { join } from "node:path";
import type { AccessControl, Caller, KeyRing, KeyUse, SigningKey } from "./access/caller.ts";
import { allEnded, allSteps } from "./all_steps.ts";
import { accountFolder, folderNames, regionFolder, regionFolders } from "./data_dir.ts";
import { AwsError } from "./errors.ts";
import { openAccess } from "./http/open_gate.ts";
import type { Service } from "./operation.ts";
import { openRegion, regionDatabase, type RegionParts, Regions } from "./region.ts";
import { iamService } from "./services/iam/service.ts";
import { IamState } from "./services/iam/state.ts";
import { stsService } from "./services/sts/service.ts";

/** The parts that all accounts share. */
export interface AccountsOptions extends
  Pick<
    RegionParts,
    | "bodyThread"
    | "clock"
    | "random"
    | "engines"
    | "quotas"
    | "endpoint"
    | "watch"
    | "faults"
    | "recordWatch"
    | "onProblem"
  > {
  /** The sandbox's own account. */
  readonly homeId: string;
  /** The region of IAM's and STS's data, and of S3's oldest rules. */
  readonly homeRegion: string;
  /** Folder of all data; undefined keeps them in memory. */
  readonly folder: string | undefined;
  /** Folder of functions' files while the data are in memory. */
  readonly tempFolder: string;
  /** Whether everything is allowed, and other accounts are opened. */
  readonly isOpen: boolean;
}

/** One account. */
export interface Account {
  readonly iam: IamState;
  readonly access: AccessControl;
  readonly regions: Regions;
  /** The services in a region; undefined if there is no such region. */
  servicesIn(region: string): Promise<readonly Service[] | undefined>;
  stop(): Promise<void>;
}

/** Accounts that one sandbox opens: each keeps databases and threads of functions. */
const ACCOUNTS_MAX = 50;

const ACCOUNT_ID = /^\d{12}$/;

/** All accounts, and their keys. */
export class Accounts implements KeyRing {
  readonly home: Account;
  readonly #options: AccountsOptions;
  readonly #accounts = new Map<string, Account>();

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.home = this.#open(options.homeId);
  }

  /** Opens every region with data, so that work under way goes on. */
  async resume(): Promise<void> {
    const { folder, isOpen, homeId } = this.#options;
    if (folder === undefined) return;
    const others = isOpen ? folderNames(join(folder, "accounts")) : [];
    for (const id of [homeId, ...others.filter((name) => ACCOUNT_ID.test(name))]) {
      const account = this.account(id);
      for (const name of regionFolders(this.#folderOf(id) ?? "")) await account.regions.find(name);
    }
  }

  /** The account, opened if it was not. Throws an `AwsError` if there are too many. */
  account(id: string): Account {
    const known = this.#accounts.get(id);
    if (known) return known;
    if (this.#accounts.size < ACCOUNTS_MAX) return this.#open(id);
    throw new AwsError(
      "LimitExceededException",
      400,
      `The sandbox opens at most ${ACCOUNTS_MAX} accounts. Use fewer, or start it again.`,
    );
  }

  /** The root user of the account that a key chooses with `--open`. */
  rootOf(accessKeyId: string): Caller {
    const { homeId } = this.#options;
    const accountId = ACCOUNT_ID.test(accessKeyId) ? accessKeyId : homeId;
    const arn = `arn:aws:iam::${accountId}:root`;
    return { kind: "root", accountId, arn, userId: accountId };
  }

  /** A key of any account: functions sign with the keys of their account. */
  find(accessKeyId: string): SigningKey | undefined {
    return this.#ownerOf(accessKeyId)?.iam.find(accessKeyId);
  }

  noteUse(accessKeyId: string, use: KeyUse): void {
    (this.#ownerOf(accessKeyId) ?? this.home).iam.noteUse(accessKeyId, use);
  }

  /** The account if it is open. */
  opened(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  /** Ends every function's process, also in the middle of an invocation. */
  async endFunctions(): Promise<void> {
    await allEnded(this.all().map(({ regions }) => regions.endFunctions()));
  }

  /** Ends all work and closes the databases. */
  async stop(): Promise<void> {
    await allEnded(this.all().map((account) => account.stop()));
  }

  /** All open accounts. */
  all(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  #ownerOf(accessKeyId: string): Account | undefined {
    return this.all().find(({ iam }) => iam.find(accessKeyId) !== undefined);
  }

  #folderOf(id: string): string | undefined {
    const { folder, homeId } = this.#options;
    return folder === undefined || id === homeId ? folder : accountFolder(folder, id);
  }

  #open(id: string): Account {
    const { clock, random, isOpen, onProblem, homeRegion, tempFolder, ...shared } = this.#options;
    const folder = this.#folderOf(id);
    const database = regionDatabase(folder);
    const iam = new IamState({ database, clock, random, accountId: id, onProblem });
    const access = isOpen ? openAccess(iam, id) : iam;
    const regions: Regions = new Regions((name) => {
      const isHome = name === homeRegion;
      const path = folder === undefined || isHome ? folder : regionFolder(folder, name);
      return openRegion({
        ...shared,
        ...{ name, clock, random, access, onProblem },
        accountId: id,
        folder: path,
        workFolder: path === undefined ? join(tempFolder, `${id}-${name}`) : join(path, "lambda"),
        database: isHome ? database : regionDatabase(path),
        resourceTags: iam.resourceTags,
        s3Regions: regions,
      });
    });
    const services = [iamService(iam), stsService(iam)];
    const account = {
      ...{ iam, access, regions },
      servicesIn: async (name: string) => {
        const region = await regions.find(name);
        return region && [...services, ...region.services];
      },
      stop: () => allSteps(() => regions.stop(), () => database.close()),
    };
    this.#accounts.set(id, account);
    return account;
  }
}
