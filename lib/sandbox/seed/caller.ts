/**
 * Calls the sandbox's own operations as the root user, with the constraints of AWS's models, as the
 * front door does for a signed request.
 * @module
 */

import type { Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import { violations } from "../constraints.ts";
import { AwsError } from "../errors.ts";
import { verifiedBody } from "../http/body.ts";
import type { BoundOperation, Service } from "../operation.ts";
import type { Random } from "../random.ts";
import type { Members } from "./operations.ts";

/** What calls need. */
export interface CallerParts {
  readonly root: Caller;
  readonly clock: Clock;
  readonly random: Random;
  /** The services of a region; undefined if there is no such region. */
  readonly servicesIn: (region: string) => Promise<readonly Service[] | undefined>;
}

/** Operations of one region. */
export class RootCaller {
  readonly #parts: CallerParts;
  readonly #region: string;
  readonly #services: readonly Service[];

  private constructor(parts: CallerParts, region: string, services: readonly Service[]) {
    this.#parts = parts;
    this.#region = region;
    this.#services = services;
  }

  /** Throws a `RangeError` if there is no such region. */
  static async in(region: string, parts: CallerParts): Promise<RootCaller> {
    const services = await parts.servicesIn(region);
    if (!services) throw new RangeError(`${region} is no region of AWS`);
    return new RootCaller(parts, region, services);
  }

  get accountId(): string {
    return this.#parts.root.accountId;
  }

  operation(service: string, name: string): BoundOperation {
    const found = this.#services.find(({ signingName }) => signingName === service)
      ?.operations.get(name);
    if (!found) throw new Error(`${service} has no ${name}`);
    return found;
  }

  /** Throws an `AwsError` if the input violates a constraint of the model. */
  check(service: string, name: string, input: Members): void {
    const { constraints } = this.operation(service, name);
    const violated = violations(constraints, input, { showsValue: () => true });
    if (violated) throw new AwsError("ValidationException", 400, violated);
  }

  /** Calls an operation. Throws its `AwsError`. */
  async call(service: string, name: string, input: Members): Promise<Members> {
    const operation = this.operation(service, name);
    this.check(service, name, input);
    const nowMs = this.#parts.clock.nowMs();
    const context = {
      caller: this.#parts.root,
      region: this.#region,
      requestId: this.#parts.random.uuid(),
      nowMs,
      headers: new Headers(),
      signature: { version: 4, place: "header", signedMs: nowMs },
    } as const;
    // The root user may do everything; some operations check here what they are about.
    operation.access(input, context);
    return { ...Object(await operation.run(streamed(name, input), context)) };
  }
}

/** PutObject reads its body as it comes. */
function streamed(name: string, input: Members): Members {
  if (name !== "PutObject") return input;
  const { Body } = input;
  const bytes = Body instanceof Uint8Array ? new Uint8Array(Body) : new Uint8Array();
  const body = verifiedBody(new Blob([bytes]).stream(), {
    headers: new Headers({ "content-length": `${bytes.length}` }),
    chunkSignatures: undefined,
  });
  return { ...input, Body: body };
}
