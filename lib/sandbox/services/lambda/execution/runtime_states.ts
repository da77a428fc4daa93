/**
 * The states of a runtime as the Runtime API sees it, and the allowed steps between them. The names are
 * those of AWS's Runtime Interface Emulator, because its error texts print them.
 * @module
 */

/** The state of a runtime. */
export type RuntimeStateName =
  | "Started"
  | "InitError"
  | "Ready"
  | "Running"
  | "InvocationResponse"
  | "InvocationErrorResponse"
  | "RuntimeResponseSentState";

const ALLOWED: Readonly<Record<RuntimeStateName, readonly RuntimeStateName[]>> = {
  Started: ["Ready", "InitError"],
  InitError: [],
  // A second poller waits as well.
  Ready: ["Ready", "Running"],
  // A runtime that asks again gets the same invocation again.
  Running: ["Running", "InvocationResponse", "InvocationErrorResponse"],
  InvocationResponse: ["RuntimeResponseSentState"],
  InvocationErrorResponse: ["RuntimeResponseSentState"],
  RuntimeResponseSentState: ["Ready"],
};

/** A step that the order of states does not allow; its message is the one on the wire. */
export class InvalidStateTransition extends Error {
  constructor(from: RuntimeStateName, to: RuntimeStateName) {
    super(
      `State transition from ${from} to ${to} failed for runtime. ` +
        "Error: State transition is not allowed",
    );
  }
}

/** One runtime's state. */
export class RuntimeStates {
  #current: RuntimeStateName = "Started";

  get current(): RuntimeStateName {
    return this.#current;
  }

  /** Steps to `next`. Throws an {@linkcode InvalidStateTransition} where that is not allowed. */
  enter(next: RuntimeStateName): void {
    if (!ALLOWED[this.#current].includes(next)) {
      throw new InvalidStateTransition(this.#current, next);
    }
    this.#current = next;
  }
}
