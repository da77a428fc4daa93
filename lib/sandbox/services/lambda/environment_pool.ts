/**
 * The environments of all functions: kept warm, scaled out up to a limit, retired when idle.
 * An environment is of one build of one version; when that changes it is used no more.
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Environment, InvocationRequest, InvocationResult } from "./environment.ts";
import type { FunctionVersion } from "./function.ts";

/** What is invoked: a version of a function. */
export interface Target {
  readonly functionName: string;
  readonly version: FunctionVersion;
}

/** An environment that was made for a target. */
export interface MadeEnvironment {
  readonly environment: Environment;
  /** After this moment (true time) it is not used again: its credentials end. */
  readonly usableUntilMs: number;
  /** Removes its files; called once, after it has retired. */
  dispose(): Promise<void>;
}

/** What a pool is made of. */
export interface PoolOptions {
  readonly clock: Clock;
  /** Environments that exist at the same time, of all functions. */
  readonly environmentsMax: number;
  readonly make: (target: Target) => Promise<MadeEnvironment>;
}

/** How long an environment waits for its next invocation. AWS names no time; minutes were seen. */
const IDLE_MS = 600_000;

/** The sandbox is about to end: whoever waits for an invocation waits no more. */
export class PoolStopped extends Error {}

interface Slot {
  readonly buildId: string;
  made: MadeEnvironment | undefined;
  /** Aborted when it is used again. */
  idle: AbortController | undefined;
  isOutdated: boolean;
}

interface Waiter {
  readonly target: Target;
  readonly give: (slot: Slot) => void;
}

/** A pool of environments. */
export class EnvironmentPool {
  readonly #options: PoolOptions;
  readonly #slots = new Set<Slot>();
  readonly #retiring = new Set<Promise<void>>();
  readonly #stopped = Promise.withResolvers<never>();
  #waiters: Waiter[] = [];
  #isStopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#stopped.promise.catch(() => {});
  }

  /** How many environments there are. */
  get size(): number {
    return this.#slots.size;
  }

  /** Runs one invocation to its end. Throws {@linkcode PoolStopped} when the pool is stopped. */
  async run(target: Target, request: InvocationRequest): Promise<InvocationResult> {
    if (this.#isStopped) throw new PoolStopped();
    return await Promise.race([this.#run(target, request), this.#stopped.promise]);
  }

  /** No environment of this build is used again; those that are busy end their invocation. */
  outdate(buildIds: readonly string[]): void {
    for (const slot of this.#slots) {
      if (!buildIds.includes(slot.buildId)) continue;
      slot.isOutdated = true;
      if (slot.idle) this.#retire(slot);
    }
  }

  /** Ends every environment, also in the midst of an invocation. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopped.reject(new PoolStopped());
    this.#waiters = [];
    for (const slot of this.#slots) this.#retire(slot);
    await this.settled();
  }

  /** Resolves when what was to retire is gone. */
  async settled(): Promise<void> {
    while (this.#retiring.size > 0) await Promise.all(this.#retiring);
  }

  async #run(target: Target, request: InvocationRequest): Promise<InvocationResult> {
    const slot = await this.#acquire(target);
    try {
      slot.made ??= await this.#options.make(target);
      if (!this.#slots.has(slot)) {
        // The pool was stopped in the meantime.
        await this.#end(slot.made);
        throw new PoolStopped();
      }
      return await slot.made.environment.invoke(request);
    } finally {
      this.#release(slot);
    }
  }

  #acquire(target: Target): Promise<Slot> | Slot {
    const nowMs = this.#options.clock.nowMs();
    for (const slot of this.#slots) {
      if (!slot.idle || slot.buildId !== target.version.buildId) continue;
      if ((slot.made?.usableUntilMs ?? 0) > nowMs) return this.#use(slot);
      this.#retire(slot);
    }
    if (this.#slots.size < this.#options.environmentsMax) return this.#add(target);
    const idle = [...this.#slots].find((slot) => slot.idle);
    if (idle) {
      this.#retire(idle);
      return this.#add(target);
    }
    return new Promise((give) => this.#waiters.push({ target, give }));
  }

  #add({ version: { buildId } }: Target): Slot {
    const slot: Slot = { buildId, made: undefined, idle: undefined, isOutdated: false };
    this.#slots.add(slot);
    return slot;
  }

  #use(slot: Slot): Slot {
    slot.idle?.abort();
    slot.idle = undefined;
    // The one used last is found last: those that are idle longest end first.
    this.#slots.delete(slot);
    this.#slots.add(slot);
    return slot;
  }

  #release(slot: Slot): void {
    if (!this.#slots.has(slot)) return;
    if (!slot.made || slot.isOutdated) {
      this.#retire(slot);
      const next = this.#waiters.shift();
      if (next) next.give(this.#add(next.target));
      return;
    }
    const next = this.#waiters.shift();
    if (!next) return this.#idle(slot);
    if (next.target.version.buildId === slot.buildId) return next.give(slot);
    this.#retire(slot);
    next.give(this.#add(next.target));
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
    if (!slot.made) return;
    const retiring = this.#end(slot.made).finally(() => this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }

  async #end({ environment, dispose }: MadeEnvironment): Promise<void> {
    await environment.retire();
    await dispose();
  }
}
