/**
 * Regions: each has its own buckets, streams, functions, logs and data. IAM and STS belong to the
 * account and are the same in all regions.
 * @module
 */

import { join } from "node:path";
import type { AccessControl } from "./access/caller.ts";
import { allEnded, allSteps, throwAfter } from "./all_steps.ts";
import type { ResourceTags } from "./access/resource_tags.ts";
import type { Clock } from "./clock.ts";
import type { Service } from "./operation.ts";
import { ensurePrivateFile } from "./private_files.ts";
import type { FaultSource } from "./ports/fault_source.ts";
import type { Random } from "./random.ts";
import { isRegion } from "./region_names.ts";
import { tagsOfStream } from "./services/firehose/resource_tags.ts";
import type { DeliveryAttempt, PutQuotas } from "./services/firehose/options.ts";
import { firehoseService } from "./services/firehose/service.ts";
import { FirehoseState } from "./services/firehose/state.ts";
import type { FirehoseWatch } from "./services/firehose/watch.ts";
import type { Engines } from "./services/lambda/execution/engine.ts";
import { ENVIRONMENTS, outsideView } from "./services/lambda/execution/outside_view.ts";
import { tagsOfFunction } from "./services/lambda/resource_tags.ts";
import type { InvocationNote } from "./services/lambda/options.ts";
import { lambdaService } from "./services/lambda/service.ts";
import { LambdaState } from "./services/lambda/state.ts";
import { tagsOfLogGroup } from "./services/logs/resource_tags.ts";
import { logsService } from "./services/logs/service.ts";
import { LogsState } from "./services/logs/state.ts";
import { metricsService } from "./services/metrics/service.ts";
import { MetricsState } from "./services/metrics/state.ts";
import { s3Service } from "./services/s3/service.ts";
import { type S3Regions, S3State } from "./services/s3/state.ts";
import type { BodyThread } from "./store/body_thread.ts";
import { Database } from "./store/database.ts";
import { diskFiles, memoryFiles } from "./store/object_files.ts";
import { diskSegments, memorySegments } from "./store/segment_files.ts";

/** A region that is open. */
export interface Region {
  readonly name: string;
  readonly accountId: string;
  readonly s3: S3State;
  readonly lambda: LambdaState;
  readonly logs: LogsState;
  readonly metrics: MetricsState;
  readonly firehose: FirehoseState;
  readonly services: readonly Service[];
  /** Ends all work and closes the database. */
  stop(): Promise<void>;
}

/** Gets what happens in a region. */
export interface ActivityWatch {
  readonly noteDelivery: (attempt: DeliveryAttempt) => void;
  readonly noteInvocation: (invocation: InvocationNote) => void;
}

/** What a region is made of. */
export interface RegionParts {
  readonly name: string;
  readonly accountId: string;
  /** Folder of its data; undefined keeps them in memory. */
  readonly folder: string | undefined;
  /** Folder of functions' files: in `folder`, or a temporary one that its owner removes. */
  readonly workFolder: string;
  readonly database: Database;
  /** Writes what goes into files. */
  readonly bodyThread: BodyThread;
  readonly access: AccessControl;
  /** Where the region's services register the tags of their resources. */
  readonly resourceTags: ResourceTags;
  readonly clock: Clock;
  readonly random: Random;
  /** The buckets of all regions, whose names are unique together. */
  readonly s3Regions: S3Regions;
  readonly engines: Engines;
  readonly quotas: PutQuotas;
  /** `http://127.0.0.1:4566`, once it is known: where functions call the sandbox. */
  readonly endpoint: Promise<string>;
  /** Faults on demand; absent means that there are none. */
  readonly faults?: FaultSource;
  /** Absent if nobody watches. */
  readonly watch?: ActivityWatch;
  /** What watches the records of a region's streams; absent if nobody does. */
  readonly recordWatch?: (accountId: string, region: string) => FirehoseWatch;
  /** Gets a line for people: about what AWS shows only in logs, and about faults of the sandbox. */
  readonly onProblem: (line: string, error?: unknown) => void;
}

/** The database of a region in `folder`, or in memory. */
export function regionDatabase(folder: string | undefined): Database {
  if (folder === undefined) return new Database(":memory:");
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "state.sqlite");
  // SQLite gives its -wal and -shm the mode of the database.
  ensurePrivateFile(path);
  return new Database(path);
}

/** Opens a region and continues the work that was under way in it. */
export async function openRegion(parts: RegionParts): Promise<Region> {
  const { name, folder, workFolder, database, access, s3Regions, onProblem } = parts;
  const common = { ...parts, region: name };
  const filesIn = (name: string) =>
    folder === undefined ? memoryFiles() : diskFiles(join(folder, name), parts.bodyThread);
  const files = filesIn("objects");
  const segments = folder === undefined ? memorySegments() : diskSegments(join(folder, "journal"));
  const s3 = new S3State({ ...common, files, access, regions: s3Regions });
  const metrics = new MetricsState(common);
  const logs = new LogsState({
    ...common,
    access,
    metrics,
    deliveryStreams: () => firehose,
    onProblem,
  });
  if (folder === undefined) {
    outsideView.guard({ folder: workFolder, environments: join(workFolder, ENVIRONMENTS) });
  }
  const lambda = new LambdaState({
    ...common,
    s3,
    zips: filesIn("functions"),
    access,
    logs,
    metrics,
    onInternalError: (error, what) => onProblem(`${what} failed:`, error),
    onInvocation: parts.watch?.noteInvocation,
  });
  const firehose: FirehoseState = new FirehoseState({
    ...common,
    s3,
    segments,
    access,
    logs,
    metrics,
    invoker: lambda.invocations,
    onDeliveryProblem: onProblem,
    onDelivery: parts.watch?.noteDelivery,
    watch: parts.recordWatch?.(parts.accountId, name),
  });
  const stop = () =>
    allSteps(
      () => lambda.stop(),
      () => logs.stop(),
      () => firehose.stop(),
      () => metrics.flush(),
      () => database.close(),
    );
  try {
    await s3.sweep();
    await lambda.start();
    firehose.start();
    logs.start();
  } catch (error) {
    return await throwAfter(error, stop);
  }
  const { resourceTags } = parts;
  resourceTags.add("firehose", name, (arn) => tagsOfStream(firehose, arn));
  resourceTags.add("lambda", name, (arn) => tagsOfFunction(lambda, arn));
  resourceTags.add("logs", name, (arn) => tagsOfLogGroup(logs, arn));
  const services = [
    s3Service(s3),
    lambdaService(lambda),
    logsService(logs),
    metricsService(metrics),
    firehoseService(firehose),
  ];
  return { name, accountId: parts.accountId, s3, lambda, logs, metrics, firehose, services, stop };
}

/** The regions of a sandbox. Each is opened at its first use. */
export class Regions implements S3Regions {
  readonly #open: (name: string) => Promise<Region>;
  readonly #opening = new Map<string, Promise<Region>>();
  readonly #opened: Region[] = [];

  constructor(open: (name: string) => Promise<Region>) {
    this.#open = open;
  }

  /** The region, opened if needed; undefined if this is not the name of a region. */
  find(name: string): Promise<Region> | undefined {
    const known = this.#opening.get(name);
    if (known) return known;
    if (!isRegion(name)) return undefined;
    const opening = this.#open(name).then((region) => {
      this.#opened.push(region);
      return region;
    });
    this.#opening.set(name, opening);
    // A region that failed to open may open the next time.
    opening.catch(() => this.#opening.delete(name));
    return opening;
  }

  /** The region, if it is open already. */
  opened(name: string): Region | undefined {
    return this.#opened.find((region) => region.name === name);
  }

  /** All open regions. */
  all(): readonly Region[] {
    return this.#opened;
  }

  /** The buckets of all open regions. Regions with data are open from the start. */
  s3States(): readonly S3State[] {
    return this.#opened.map(({ s3 }) => s3);
  }

  async s3In(name: string): Promise<S3State | undefined> {
    return (await this.find(name))?.s3;
  }

  /** Ends the process of every function, also during an invocation. */
  async endFunctions(): Promise<void> {
    await allEnded(this.#opened.map(({ lambda }) => lambda.stop()));
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#opening.values());
    await allEnded(this.#opened.map((region) => region.stop()));
  }
}
