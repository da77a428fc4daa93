/**
 * The environments of all functions: kept warm within a budget of memory, scaled out up to a limit,
 * retired when idle. An environment belongs to one build of one version. After a change it is not used again.
 * @module
 */

import { allSteps } from "../../../all_steps.ts";
import type { Clock } from "../../../clock.ts";
import type { Environment, EnvironmentRequest, InvocationResult } from "./environment.ts";
import type { FunctionVersion } from "../function.ts";
import { MIB } from "../../../values.ts";

/** What is invoked: a version of a function. */
export interface Target {
  readonly functionName: string;
  readonly version: FunctionVersion;
}

/** An environment that was made for a target. */
export interface MadeEnvironment {
  readonly environment: Pick<Environment, "invoke" | "retire" | "memoryBytes">;
  /** After this moment (true time) it is not used again: its credentials end. */
  readonly usableUntilMs: number;
  /** Removes its files; called once, after it has retired. */
  dispose(): Promise<void>;
}

/** What a pool is made of. */
export interface PoolOptions {
  readonly clock: Clock;
  /** Environments of all functions that run at the same time, or are being made. */
  readonly busyMax: number;
  /** Memory that idle environments may hold together. The one that was used last always stays. */
  readonly idleBytesMax: number;
  readonly make: (target: Target) => Promise<MadeEnvironment>;
}

/** How long an environment waits for its next invocation. AWS names no time; minutes were seen. */
const IDLE_MS = 600_000;

/** What an idle environment counts at least: also where its memory can't be read. */
const ENVIRONMENT_BYTES_MIN = 16 * MIB;

/** The sandbox is ending: waiting invocations are rejected with this. */
export class PoolStopped extends Error {}

interface Slot {
  readonly buildId: string;
  made: MadeEnvironment | undefined;
  /** Aborted when it is used again. */
  idle: AbortController | undefined;
  isOutdated: boolean;
  /** Resolves when it has retired and its files are removed. */
  readonly gone: PromiseWithResolvers<void>;
}

interface Waiter {
  readonly target: Target;
  readonly give: (slot: Slot) => void;
  readonly refuse: (reason: Error) => void;
}

/** A pool of environments. */
export class EnvironmentPool {
  readonly #options: PoolOptions;
  readonly #slots = new Set<Slot>();
  /** `stop` waits for these: invocations, and environments that retire. */
  readonly #work = new Set<Promise<unknown>>();
  /**
   * Callers that wait for an answer. A race with one promise for the pool's end would keep every
   * answer in memory as long as the pool exists.
   */
  readonly #callers = new Map<PromiseWithResolvers<InvocationResult>, Target>();
  readonly #waiters: Waiter[] = [];
  #isStopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** How many environments there are. */
  get size(): number {
    return this.#slots.size;
  }

  /** Runs one invocation to its end. Throws {@linkcode PoolStopped} when the pool is stopped. */
  async run(target: Target, request: EnvironmentRequest): Promise<InvocationResult> {
    if (this.#isStopped) throw new PoolStopped();
    const running = this.#run(target, request);
    this.#track(running);
    const caller = Promise.withResolvers<InvocationResult>();
    this.#callers.set(caller, target);
    running.then(caller.resolve, caller.reject);
    try {
      return await caller.promise;
    } finally {
      this.#callers.delete(caller);
    }
  }

  /**
   * No environment of these builds is used again; those that are busy end their invocation.
   * Resolves when they are gone.
   */
  async outdate(buildIds: readonly string[]): Promise<void> {
    const outdated = [...this.#slots].filter(({ buildId }) => buildIds.includes(buildId));
    for (const slot of outdated) {
      slot.isOutdated = true;
      if (slot.idle) this.#retire(slot);
    }
    await Promise.all(outdated.map(({ gone }) => gone.promise));
  }

  /**
   * Ends every environment, also during an invocation, and resolves when they are gone. What calls a
   * function now gets `reason`. The pool goes on.
   */
  async clear(reason: (functionName: string) => Error): Promise<void> {
    for (const [caller, { functionName }] of this.#callers) caller.reject(reason(functionName));
    for (const { refuse, target } of this.#waiters.splice(0)) refuse(reason(target.functionName));
    const slots = [...this.#slots];
    for (const slot of slots) this.#retire(slot);
    await Promise.all(slots.map(({ gone }) => gone.promise));
  }

  /** Ends every environment, also during an invocation. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { reject } of this.#callers.keys()) reject(new PoolStopped());
    for (const { refuse } of this.#waiters.splice(0)) refuse(new PoolStopped());
    for (const slot of this.#slots) this.#retire(slot);
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #track(promise: Promise<unknown>): void {
    const work = promise.catch(() => {}).finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  async #run(target: Target, request: EnvironmentRequest): Promise<InvocationResult> {
    const slot = await this.#acquire(target);
    try {
      slot.made ??= await this.#options.make(target);
      if (!this.#slots.has(slot)) {
        // The pool was stopped in the meantime.
        await this.#end(slot, slot.made);
        throw new PoolStopped();
      }
      return await slot.made.environment.invoke(request);
    } finally {
      this.#release(slot);
    }
  }

  #acquire(target: Target): Promise<Slot> | Slot {
    const busy = this.#slots.size - this.#idleSlots().length;
    if (busy < this.#options.busyMax) return this.#take(target);
    return new Promise((give, refuse) => this.#waiters.push({ target, give, refuse }));
  }

  /** An idle slot of the same build, or a new one. */
  #take(target: Target): Slot {
    const nowMs = this.#options.clock.nowMs();
    for (const slot of this.#idleSlots()) {
      if (slot.buildId !== target.version.buildId) continue;
      if ((slot.made?.usableUntilMs ?? 0) > nowMs) return this.#use(slot);
      this.#retire(slot);
    }
    return this.#add(target);
  }

  /** The longest unused one first. */
  #idleSlots(): Slot[] {
    return [...this.#slots].filter(({ idle }) => idle);
  }

  #add({ version: { buildId } }: Target): Slot {
    const gone = Promise.withResolvers<void>();
    const slot: Slot = { buildId, made: undefined, idle: undefined, isOutdated: false, gone };
    this.#slots.add(slot);
    return slot;
  }

  #use(slot: Slot): Slot {
    slot.idle?.abort();
    slot.idle = undefined;
    // The last used slot comes last, so that the longest idle one ends first.
    this.#slots.delete(slot);
    this.#slots.add(slot);
    return slot;
  }

  #release(slot: Slot): void {
    if (!this.#slots.has(slot)) return;
    if (!slot.made || slot.isOutdated) this.#retire(slot);
    else this.#idle(slot);
    const next = this.#waiters.shift();
    if (next) next.give(this.#take(next.target));
    this.#keepWithinMemory();
  }

  /** Retires idle environments, the longest unused first, until the others are within the budget. */
  #keepWithinMemory(): void {
    const idle = this.#idleSlots();
    let bytes = idle.reduce((sum, slot) => sum + bytesOf(slot), 0);
    for (const slot of idle.slice(0, -1)) {
      if (bytes <= this.#options.idleBytesMax) return;
      bytes -= bytesOf(slot);
      this.#retire(slot);
    }
  }

  #idle(slot: Slot): void {
    const idle = new AbortController();
    slot.idle = idle;
    this.#options.clock.wait(IDLE_MS, idle.signal).then(() => this.#retire(slot), () => {});
  }

  #retire(slot: Slot): void {
    if (!this.#slots.delete(slot)) return;
    slot.idle?.abort();
    slot.idle = undefined;
    // A slot still being created is ended once creation finishes.
    if (!slot.made) return this.#isStopped ? undefined : slot.gone.resolve();
    this.#track(this.#end(slot, slot.made));
  }

  async #end({ gone }: Slot, { environment, dispose }: MadeEnvironment): Promise<void> {
    try {
      await allSteps(() => environment.retire(), dispose);
    } finally {
      gone.resolve();
    }
  }
}

const bytesOf = ({ made }: Slot) =>
  Math.max(made?.environment.memoryBytes ?? 0, ENVIRONMENT_BYTES_MIN);
