/**
 * The faults that were put, and which calls they strike.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import { wildcardMatches } from "../access/wildcards.ts";
import type { Clock } from "../clock.ts";
import type { FaultedCall, FaultEffect, FaultSource } from "../ports/fault_source.ts";
import { type Random, seededFractions } from "../random.ts";
import type { FaultAct, FaultSpec, FaultTarget } from "./fault.ts";
import { faultError } from "./fault_errors.ts";
import { ControlError } from "./control_error.ts";

/** How many faults there can be. */
const FAULTS_MAX = 1_000;

/** A fault as the page lists it. */
export interface ListedFault extends FaultSpec {
  readonly id: string;
  /** Calls that `on` fitted since the fault was put, and those that it struck. */
  readonly calls: number;
  readonly struck: number;
}

interface Fault {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly putMs: number;
  /** The next chance, from 0 to 1. */
  readonly draw: () => number;
  calls: number;
  struck: number;
}

/** What {@linkcode Faults} is made of. */
export interface FaultsOptions {
  readonly clock: Pick<Clock, "trueMs">;
  readonly random: Random;
}

/** All faults, in the order in which they were put. */
export class Faults implements FaultSource {
  readonly #options: FaultsOptions;
  readonly #faults = new Map<string, Fault>();
  /** Ends delays: the sandbox is ending, or the faults are removed. */
  #delays = new AbortController();

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  get isQuiet(): boolean {
    return this.#faults.size === 0;
  }

  /** Adds a fault, and gives it an id. Throws a {@linkcode ControlError} if there are too many. */
  put(spec: FaultSpec): string {
    if (this.#faults.size >= FAULTS_MAX) {
      throw new ControlError(409, `There are ${FAULTS_MAX} faults already: remove some.`);
    }
    const id = this.#options.random.uuid();
    const seeded = withSeed(spec, this.#options.random);
    const draw = seededFractions(seeded.when?.seed ?? 0);
    const putMs = this.#options.clock.trueMs();
    this.#faults.set(id, { id, spec: seeded, putMs, draw, calls: 0, struck: 0 });
    return id;
  }

  list(): ListedFault[] {
    return [...this.#faults.values()].map(({ id, spec, calls, struck }) => ({
      id,
      ...spec,
      calls,
      struck,
    }));
  }

  /** Removes a fault. Throws a {@linkcode ControlError} if there is none with this id. */
  remove(id: string): void {
    if (!this.#faults.delete(id)) throw new ControlError(404, `There is no fault ${id}.`);
  }

  /** Removes all faults, and ends the delays of calls under way. */
  clear(): void {
    this.#faults.clear();
    this.#delays.abort();
    this.#delays = new AbortController();
  }

  async strike(call: FaultedCall, signal?: AbortSignal): Promise<FaultEffect | undefined> {
    for (const fault of [...this.#faults.values()]) {
      if (!fits(fault.spec.on, call) || !this.#isItsTurn(fault)) continue;
      const { then } = fault.spec;
      if (!("delayMs" in then)) return effectOf(then, call);
      await this.#delay(then.delayMs, signal);
    }
    return undefined;
  }

  /** Counts a call that fits, and draws whether it is struck. */
  #isItsTurn(fault: Fault): boolean {
    const { first = Infinity, every = 1, chance, seconds = Infinity } = fault.spec.when ?? {};
    if (this.#options.clock.trueMs() - fault.putMs >= seconds * 1000) return false;
    fault.calls++;
    // Drawn for every call, so that it does not depend on the other members.
    const isDrawn = chance === undefined || fault.draw() < chance;
    if (fault.struck >= first || fault.calls % every !== 0 || !isDrawn) return false;
    fault.struck++;
    return true;
  }

  /** In true time: a client's own limits are. */
  async #delay(delayMs: number, signal?: AbortSignal): Promise<void> {
    const ends = AbortSignal.any([this.#delays.signal, ...(signal ? [signal] : [])]);
    await pause(delayMs, undefined, { signal: ends }).catch(() => {});
    signal?.throwIfAborted();
  }
}

function fits(on: FaultTarget, call: FaultedCall): boolean {
  const { service, operation, stream, bucket, caller } = on;
  return service === call.service &&
    (operation === undefined || operation === call.operation) &&
    (stream === undefined || stream === call.stream) &&
    (bucket === undefined || bucket === call.bucket) &&
    (on.function === undefined || on.function === functionName(call.function)) &&
    (caller === undefined || wildcardMatches(caller, call.caller.arn));
}

/** The name in a function's ARN, partial ARN or name, without a qualifier. */
function functionName(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const [, name] = /(?:^|:)function:([^:]+)/.exec(given) ?? [];
  return name ?? given.split(":")[0];
}

function effectOf(
  then: Exclude<FaultAct, { readonly delayMs: number }>,
  call: FaultedCall,
): FaultEffect {
  if ("error" in then) return { kind: "error", error: faultError(then.error, call, then.message) };
  if ("failRecords" in then) return { kind: "failRecords", records: then.failRecords };
  return { kind: "lost", afterBytes: "cut" in then ? then.cut : undefined };
}

/** With a seed for its chances, so that a run can be repeated: the list shows it. */
function withSeed(spec: FaultSpec, random: Random): FaultSpec {
  const { when } = spec;
  if (when?.chance === undefined || when.seed !== undefined) return spec;
  const [seed] = new Uint32Array(random.bytes(4).buffer);
  return { ...spec, when: { ...when, seed } };
}
