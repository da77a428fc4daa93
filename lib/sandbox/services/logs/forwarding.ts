/**
 * Forwarding: what matches a subscription filter goes to its delivery stream. A write to a log
 * stream commits its events together with the documents that are to be forwarded; each document
 * leaves the queue in the commit in which the delivery stream takes it. Whatever the moment of a
 * kill, it arrives once.
 *
 * Errors as AWS documents them: what is throttled is tried again for 24 hours. What is refused
 * (no permission, no such stream) is not; the filter then skips events for ten minutes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 * @module
 */

import type { AccessControl, Caller } from "../../access/caller.ts";
import type { Clock } from "../../clock.ts";
import type { DeliveryStreamPuts, PutOutcome } from "../../ports/delivery_streams.ts";
import type { MetricSink } from "../../ports/metric_sink.ts";
import type { Database } from "../../store/database.ts";
import { type MessageFilter, parseFilterPattern } from "./filter_pattern.ts";
import type { LogGroup, LogStream } from "./log_groups.ts";
import {
  dataMessage,
  eventCount,
  type ForwardedEvent,
  halves,
  recordOf,
} from "./subscription_document.ts";
import type { Forward, SubscriptionFilter, SubscriptionFilters } from "./subscription_filters.ts";

/** How long what is throttled is tried again, in true time. */
const RETRY_MS_MAX = 24 * 3_600_000;
/** Pauses between attempts. AWS does not document its own. */
const PAUSE_FIRST_MS = 1_000;
const PAUSE_LAST_MS = 60_000;
/** How long a filter skips events once it was refused. AWS: up to ten minutes. */
const DISABLED_MS = 600_000;
/** Patterns that are kept parsed. */
const PATTERNS_MAX = 1_000;

const TOO_LARGE = { kind: "refused", reason: "one log event is too large for a record" } as const;

/** From which group documents go where, and as which role. */
type Way = Pick<Forward, "groupName" | "roleArn" | "destinationArn">;

/** What {@linkcode Forwarding} acts on. */
export interface ForwardingOptions {
  readonly database: Database;
  readonly access: AccessControl;
  readonly clock: Clock;
  readonly metrics: MetricSink;
  readonly region: string;
  readonly accountId: string;
  readonly filters: SubscriptionFilters;
  readonly deliveryStreams: () => DeliveryStreamPuts;
  /** Called with a readable line when events do not arrive. */
  readonly onProblem: (line: string) => void;
}

/** The way of log events to delivery streams. */
export class Forwarding {
  readonly #options: ForwardingOptions;
  readonly #stopping = new AbortController();
  /** Work by filter id. */
  readonly #running = new Map<number, Promise<void>>();
  /** By filter id: the moment until which a filter that was refused skips events. */
  readonly #disabledUntilMs = new Map<number, number>();
  readonly #patterns = new Map<string, MessageFilter>();

  constructor(options: ForwardingOptions) {
    this.#options = options;
  }

  /** Takes up what was queued when the sandbox last ended. */
  start(): void {
    for (const filterId of this.#options.filters.waiting()) this.#wake(filterId);
  }

  /** Ends all work; what is queued goes on its way after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.values());
  }

  /** Resolves when nothing is queued that can be forwarded now; `signal` ends the wait. */
  async drained(signal: AbortSignal): Promise<void> {
    while (this.#running.size > 0 && !signal.aborted) {
      const aborted = Promise.withResolvers<void>();
      const abort = () => aborted.resolve();
      signal.addEventListener("abort", abort, { once: true });
      await Promise.race([Promise.all(this.#running.values()), aborted.promise]);
      signal.removeEventListener("abort", abort);
    }
  }

  /** Forgets which filters were refused. */
  forget(): void {
    this.#disabledUntilMs.clear();
  }

  /** Queues those of the events that filters of their group match. Runs inside a commit. */
  queue(group: LogGroup, stream: LogStream, events: readonly ForwardedEvent[]): void {
    for (const filter of this.#options.filters.of(group.id)) {
      if (this.#isDisabled(filter)) continue;
      const matches = this.#parsed(filter.pattern);
      const matching = events.filter(({ message }) => matches(message));
      if (matching.length > 0) this.#queueDocument(filter, group, stream, matching);
    }
  }

  #isDisabled({ id }: SubscriptionFilter): boolean {
    return (this.#disabledUntilMs.get(id) ?? 0) > this.#options.clock.nowMs();
  }

  #parsed(pattern: string): MessageFilter {
    const known = this.#patterns.get(pattern);
    if (known) return known;
    const parsed = parseFilterPattern(pattern);
    if (this.#patterns.size >= PATTERNS_MAX) this.#patterns.clear();
    this.#patterns.set(pattern, parsed);
    return parsed;
  }

  #queueDocument(
    { id: filterId, name: filterName, destinationArn, roleArn }: SubscriptionFilter,
    { name: groupName }: LogGroup,
    { name: logStream }: LogStream,
    events: readonly ForwardedEvent[],
  ): void {
    const { accountId: owner, clock, database, filters } = this.#options;
    const document = dataMessage({ owner, logGroup: groupName, logStream, filterName, events });
    const createMs = clock.nowMs();
    filters.enqueue({
      filterId,
      filterName,
      groupName,
      destinationArn,
      roleArn,
      createMs,
      document,
    });
    database.afterCommit(() => this.#wake(filterId));
  }

  #wake(filterId: number): void {
    if (this.#running.has(filterId) || this.#stopping.signal.aborted) return;
    const work = this.#forwardAll(filterId)
      .catch((error) => this.#options.onProblem(`forwarding log events failed: ${error}`))
      .finally(() => {
        this.#running.delete(filterId);
        // Something may have been queued since the queue was seen to be empty.
        if (!this.#stopping.signal.aborted && this.#options.filters.next(filterId)) {
          this.#wake(filterId);
        }
      });
    this.#running.set(filterId, work);
  }

  async #forwardAll(filterId: number): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      const forward = this.#options.filters.next(filterId);
      if (!forward) return;
      const outcome = await this.#forward(forward);
      if (outcome.kind === "throttled" && !this.#isTooOld(forward)) {
        this.#record(forward, { DeliveryThrottling: eventCount(forward.document) });
        const pauseMs = Math.min(PAUSE_FIRST_MS * 2 ** failures++, PAUSE_LAST_MS);
        await this.#options.clock.wait(pauseMs, signal).catch(() => {});
        continue;
      }
      failures = 0;
      if (outcome.kind !== "accepted") await this.#giveUp(forward, outcome);
    }
  }

  #isTooOld({ createMs }: Forward): boolean {
    return this.#options.clock.nowMs() - createMs >= RETRY_MS_MAX;
  }

  async #forward(forward: Forward): Promise<PutOutcome> {
    const record = await recordOf(forward.document);
    if (!record) return await this.#divide(forward);
    const outcome = await this.#put(forward, record, () => this.#options.filters.done(forward));
    if (outcome.kind !== "accepted") return outcome;
    const ForwardedLogEvents = eventCount(forward.document);
    this.#record(forward, { ForwardedBytes: record.length, ForwardedLogEvents });
    return outcome;
  }

  /** Sends one document at once, and does not try again. */
  async send({ document, ...way }: Way & { readonly document: string }): Promise<PutOutcome> {
    const record = await recordOf(document);
    return record ? await this.#put(way, record) : TOO_LARGE;
  }

  async #put(
    { groupName, roleArn, destinationArn }: Way,
    data: Uint8Array,
    alongside?: () => void,
  ): Promise<PutOutcome> {
    const { accountId, deliveryStreams, region } = this.#options;
    const [, , , ofRegion, ofAccount, stream = ""] = destinationArn.split(":");
    if (ofRegion !== region || ofAccount !== accountId) {
      return { kind: "refused", reason: `${destinationArn} is of another account or region` };
    }
    const caller = this.#assumeRole(roleArn, groupName);
    if (!caller) return { kind: "refused", reason: `the role ${roleArn} cannot be assumed` };
    const streamName = stream.replace(/^deliverystream\//, "");
    return await deliveryStreams().putFromLogs({ caller, streamName, data, alongside });
  }

  /** Puts two documents in the place of one that no record can hold. */
  async #divide(forward: Forward): Promise<PutOutcome> {
    const { database, filters } = this.#options;
    const parts = halves(forward.document);
    if (!parts) return TOO_LARGE;
    await database.commit(() => {
      filters.done(forward);
      for (const document of parts) filters.enqueue({ ...forward, document });
    });
    return { kind: "accepted" };
  }

  async #giveUp(
    forward: Forward,
    { reason }: Exclude<PutOutcome, { readonly kind: "accepted" }>,
  ): Promise<void> {
    const { clock, database, filters, onProblem } = this.#options;
    const { filterId, filterName, groupName } = forward;
    await database.commit(() => filters.done(forward));
    const events = eventCount(forward.document);
    this.#record(forward, { DeliveryErrors: events });
    this.#disabledUntilMs.set(filterId, clock.deadlineMs(clock.nowMs(), DISABLED_MS));
    onProblem(
      `subscription filter ${filterName} of log group ${groupName}: ${events} events were not ` +
        `forwarded, and it skips events for ten minutes, as on AWS: ${reason}`,
    );
  }

  /**
   * The session in which a filter of a group forwards; undefined if CloudWatch Logs may not assume
   * the role. Its conditions: the account, and the group's ARN without `:*` (isolated on AWS,
   * August 2026).
   */
  #assumeRole(roleArn: string, groupName: string): Caller | undefined {
    const { access, accountId, region } = this.#options;
    const session = (service: string) =>
      access.assumeRoleForService({
        roleArn,
        service,
        sessionName: "CloudWatchLogs", // ours: AWS's is not known
        conditions: {
          "aws:SourceAccount": accountId,
          "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:log-group:${groupName}`,
        },
      });
    // Roles name either of the two.
    return session("logs.amazonaws.com") ?? session(`logs.${region}.amazonaws.com`);
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html */
  #record({ groupName, filterName }: Forward, values: Readonly<Record<string, number>>): void {
    const timestampMs = this.#options.clock.nowMs();
    const dimensions = {
      LogGroupName: groupName,
      DestinationType: "Firehose",
      FilterName: filterName,
    };
    this.#options.metrics.record(
      Object.entries(values).map(([metricName, value]) => ({
        namespace: "AWS/Logs",
        metricName,
        dimensions,
        value,
        unit: metricName === "ForwardedBytes" ? "Bytes" : "None",
        timestampMs,
      })),
    );
  }
}
