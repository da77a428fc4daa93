/**
 * CloudWatch Logs' state: log groups, log streams and their events; and how other services of the
 * sandbox write to them.
 * @module
 */

import type { DeliveryStreamPuts } from "../../ports/delivery_streams.ts";
import type { AccessControl } from "../../access/caller.ts";
import { allSteps } from "../../all_steps.ts";
import type { Clock } from "../../clock.ts";
import type { MetricSink } from "../../ports/metric_sink.ts";
import type { Database } from "../../store/database.ts";
import { noSuchGroup, noSuchStream } from "./errors.ts";
import {
  EVENT_OVERHEAD_BYTES,
  eventBytes,
  LogEvents,
  type NewEvent,
  STORED_BYTES_MAX,
} from "./log_events.ts";
import { Forwarding } from "./forwarding.ts";
import { type LogGroup, LogGroups, type LogStream } from "./log_groups.ts";
import { LogSweeper } from "./log_sweeper.ts";
import { SubscriptionFilters } from "./subscription_filters.ts";
import type { LogLine, LogSink } from "../../ports/log_sink.ts";

/** What CloudWatch Logs is made of. */
export interface LogsOptions {
  readonly database: Database;
  readonly access: AccessControl;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Bytes that all events may take; {@linkcode STORED_BYTES_MAX} when absent. */
  readonly storedBytesMax?: number;
  /** Where subscription filters forward to. Without it they are refused. */
  readonly deliveryStreams?: () => DeliveryStreamPuts;
  readonly metrics?: MetricSink;
  /** Called with a readable line when log events were not forwarded. */
  readonly onProblem?: (line: string) => void;
}

/** Bytes of one event, with its overhead. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
export const EVENT_BYTES_MAX = 1_048_576;

const DAY_MS = 86_400_000;

type WriteRequest = Parameters<LogSink["write"]>[0];

/** The log groups of one account in one region. */
export class LogsState implements LogSink {
  readonly groups: LogGroups;
  readonly events: LogEvents;
  readonly filters: SubscriptionFilters;
  readonly sweeper: LogSweeper;
  /** Undefined where there is nothing to forward to. */
  readonly forwarding: Forwarding | undefined;
  readonly #options: LogsOptions;

  constructor(options: LogsOptions) {
    this.#options = options;
    this.groups = new LogGroups(options.database);
    this.events = new LogEvents(options.database, options.storedBytesMax ?? STORED_BYTES_MAX);
    this.filters = new SubscriptionFilters(options.database);
    const { groups, events } = this;
    this.sweeper = new LogSweeper({ ...options, groups, events });
    const { deliveryStreams } = options;
    this.forwarding = deliveryStreams && new Forwarding({
      ...options,
      deliveryStreams,
      filters: this.filters,
      metrics: options.metrics ?? { record: () => {} },
      onProblem: options.onProblem ?? (() => {}),
    });
  }

  /** A group's ARN, which is also what tags are on. */
  groupArn(groupName: string): string {
    const { region, accountId } = this.#options;
    return `arn:aws:logs:${region}:${accountId}:log-group:${groupName}`;
  }

  /** A stream's ARN; without a stream's name, what permissions on a group are asked for. */
  streamArn(groupName: string, streamName: string): string {
    return `${this.groupArn(groupName)}:log-stream:${streamName}`;
  }

  /** The group. Throws ResourceNotFoundException. */
  group(name: string): LogGroup {
    const group = this.groups.find(name);
    if (!group) throw noSuchGroup();
    return group;
  }

  /** The stream. Throws ResourceNotFoundException. */
  stream(group: LogGroup, name: string): LogStream {
    const stream = this.groups.findStream(group, name);
    if (!stream) throw noSuchStream();
    return stream;
  }

  /** Runs a change as one commit, and resolves once it is on disk. */
  change<Result>(work: () => Result): Promise<Result> {
    return this.#options.database.commit(work);
  }

  /** The moment before which a group's events have expired; 0 where they never do. */
  expiredBeforeMs({ retentionInDays }: LogGroup): number {
    if (retentionInDays === undefined) return 0;
    return this.#options.clock.nowMs() - retentionInDays * DAY_MS;
  }

  /** Writes events, which must be in order of time, to a stream. Runs inside a commit. */
  append(group: LogGroup, stream: LogStream, events: readonly NewEvent[]): void {
    if (events.length === 0) return;
    const nowMs = this.#options.clock.nowMs();
    const ids = this.events.append(stream, events, nowMs);
    const forwarded = events.map((event, index) => ({ ...event, id: ids[index] }));
    this.forwarding?.queue(group, stream, forwarded);
    const firstMs = events[0].timestampMs;
    const lastMs = events[events.length - 1].timestampMs;
    this.groups.noteEvents(stream, { firstMs, lastMs, nowMs });
    this.expire(group);
  }

  /** Removes what a group's retention does not keep: a portion now, the rest aside. */
  expire(group: LogGroup): void {
    const beforeMs = this.expiredBeforeMs(group);
    const isMore = beforeMs > 0 && this.events.expire(group.id, beforeMs);
    if (isMore) this.#options.database.afterCommit(() => this.sweeper.expire(group.id, beforeMs));
  }

  /** Removes a group, or a stream, and its events after it. Runs inside a commit. */
  remove(group: LogGroup, stream?: LogStream): void {
    if (stream) this.groups.removeStream(stream);
    else this.groups.remove(group);
    this.#options.database.afterCommit(() => this.sweeper.wake());
  }

  /** Removes all groups, and what is still to be forwarded. Their events follow in portions. */
  async reset(): Promise<void> {
    await this.change(() => {
      for (const group of this.groups.all()) this.remove(group);
      this.filters.clearQueue();
    });
    this.forwarding?.forget();
  }

  /** Continues what was under way when the sandbox last ended. */
  start(): void {
    this.sweeper.wake();
    this.forwarding?.start();
  }

  /** Ends all work. */
  async stop(): Promise<void> {
    await allSteps(() => this.forwarding?.stop(), () => this.sweeper.stop());
  }

  async write(request: WriteRequest): Promise<void> {
    const events = eventsOf(request.lines);
    if (events.length === 0) return;
    await this.change(() => {
      const place = this.#placeFor(request);
      if (place && this.#may(request, "PutLogEvents", request.logStreamName)) {
        this.append(place.group, place.stream, events);
      }
    });
  }

  /** Where the lines of `request` go, made if that may be; undefined where they go nowhere. */
  #placeFor(request: WriteRequest): { group: LogGroup; stream: LogStream } | undefined {
    const { logGroupName, logStreamName, onMissing } = request;
    const nowMs = this.#options.clock.nowMs();
    const mayMake = (action: string, streamName: string) =>
      onMissing === "create" && this.#may(request, action, streamName);
    if (!this.groups.find(logGroupName)) {
      if (!mayMake("CreateLogGroup", "")) return undefined;
      const logGroupClass = "STANDARD";
      this.groups.insert({ name: logGroupName, createMs: nowMs, logGroupClass, tags: {} });
    }
    const group = this.group(logGroupName);
    if (!this.groups.findStream(group, logStreamName)) {
      if (!mayMake("CreateLogStream", logStreamName)) return undefined;
      this.groups.insertStream(group, logStreamName, nowMs);
    }
    return { group, stream: this.stream(group, logStreamName) };
  }

  #may({ caller, logGroupName }: WriteRequest, action: string, streamName: string): boolean {
    const resource = this.streamArn(logGroupName, streamName);
    return this.#options.access.decide(caller, { action: `logs:${action}`, resource }).allowed;
  }
}

/** Lines as events: in order of time, none empty, none longer than an event may be. */
function eventsOf(lines: readonly LogLine[]): NewEvent[] {
  return lines
    .filter(({ message }) => message !== "")
    .map(({ timestampMs, message }) => ({ timestampMs, message: cut(message) }))
    .sort((a, b) => a.timestampMs - b.timestampMs);
}

function cut(message: string): string {
  if (eventBytes(message) <= EVENT_BYTES_MAX) return message;
  const room = new Uint8Array(EVENT_BYTES_MAX - EVENT_OVERHEAD_BYTES);
  const { read } = new TextEncoder().encodeInto(message, room);
  return message.slice(0, read);
}
