/**
 * Finds out what an operation does with each member of its input, by calling it.
 *
 * Each member gets its own call. It is *refused* if the call ends in an error that says so, and
 * *supported* if the call succeeds and the operation reads it. Anything else is a problem: a setting
 * would be accepted and silently ignored. Members that rightly change nothing are declared with the
 * reason. A false declaration is a problem too.
 * @module
 */

import { NormalizedSchema } from "@smithy/core/schema";
import { violations } from "../constraints.ts";
import { AwsError } from "../errors.ts";
import type { BoundOperation } from "../operation.ts";
import { type Member, membersBelow, sampleOf, valueAt, withValueAt } from "./members.ts";
import { Reads } from "./reads.ts";
import type { Scene } from "./scene.ts";

/** Makes the input of one call, and creates what it names. */
export type InputOf = (scene: Scene) => Input | Promise<Input>;
type Input = Readonly<Record<string, unknown>>;

/** How an operation is called. */
export interface Probe {
  /** The caller: root, unless the operation needs a user. */
  readonly caller?: "root" | "user";
  /** The error code in which every valid call ends, if there is nothing else to read. */
  readonly answersWith?: string;
  /** Headers that every call needs. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A valid input, the fuller the better. */
  readonly input: InputOf;
  /**
   * Values for members, by path, where neither `input` has one nor would one made up by type be
   * valid; the first is also what members in it are added to.
   */
  readonly values?: Readonly<Record<string, readonly unknown[]>>;
  /** Whole inputs that give a member, by path, and with what value. */
  readonly calls?: Readonly<Record<string, Readonly<Record<string, InputOf>>>>;
  /** Members of the input that are left out where the member at a path, or one in it, is given. */
  readonly without?: Readonly<Record<string, readonly string[]>>;
  /** Members that are refused with any value, in AWS's words, which do not say so. */
  readonly refused?: readonly string[];
  /** Members that are accepted and not read, by path, and why. */
  readonly unread?: Readonly<Record<string, string>>;
  /** The same for members that many operations of a service share. */
  readonly usual?: Pick<Probe, "values" | "unread">;
}

/** What the operation does with a member. */
export type Verdict =
  /** Read; `refused` are the values that are not supported, with their errors. */
  | { readonly kind: "supported"; readonly refused: readonly RefusedValue[] }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unread"; readonly reason: string };

/** A value of a member that the sandbox does not support. */
export interface RefusedValue {
  readonly value: string;
  readonly code: string;
}

/** What is known of an operation. */
export interface OperationReport {
  readonly name: string;
  readonly members: readonly (readonly [path: string, verdict: Verdict])[];
  /** Why the page would be wrong. */
  readonly problems: readonly string[];
}

/** Calls `operation` once for each member of its input that the probe's own input does not give. */
export async function probeOperation(
  operation: BoundOperation,
  probe: Probe,
  scene: Scene,
): Promise<OperationReport> {
  const prober = new Prober(operation, probe, scene);
  await prober.probeAll();
  return { name: operation.schema[2], members: prober.members, problems: prober.problems };
}

interface Outcome {
  readonly reads: Reads;
  readonly error: AwsError | undefined;
}

class Prober {
  readonly members: (readonly [string, Verdict])[] = [];
  readonly problems: string[] = [];
  readonly #schema: NormalizedSchema;
  readonly #judged = new Set<string>();

  constructor(
    readonly operation: BoundOperation,
    readonly probe: Probe,
    readonly scene: Scene,
  ) {
    this.#schema = NormalizedSchema.of(operation.schema[4]);
  }

  async probeAll(): Promise<void> {
    const { error } = await this.#call(await this.probe.input(this.scene));
    if (error) this.#complain("", `the probe's own input is refused: ${error.message}`);
    const constraint = { members: this.operation.constraints };
    await this.#probeBelow({ path: "", schema: this.#schema, constraint });
    const { values = {}, calls = {}, unread = {}, without = {}, refused = [] } = this.probe;
    const declared = [...[values, calls, unread, without].flatMap(Object.keys), ...refused];
    for (const path of new Set(declared)) {
      if (!this.#judged.has(path)) this.#complain(path, "the probe names it, and it is not asked");
    }
  }

  async #probeBelow(parent: Member): Promise<void> {
    for (const member of membersBelow(parent)) {
      const verdict = await this.#judge(member);
      if (!verdict) continue;
      // The members of an item of a list or map stand for the item, if it has any.
      this.members.push([member.path, verdict]);
      if (verdict.kind === "supported") await this.#probeBelow(member);
    }
  }

  async #judge(member: Member): Promise<Verdict | undefined> {
    this.#judged.add(member.path);
    const outcomes: [unknown, Outcome][] = [];
    for (const value of this.#valuesOf(member)) {
      outcomes.push([value, await this.#callWith(member, value)]);
    }
    for (const [label, input] of Object.entries(this.probe.calls?.[member.path] ?? {})) {
      outcomes.push([label, await this.#call(await input(this.scene))]);
    }
    const errors = outcomes.flatMap(([value, { error }]) => error ? [{ value, error }] : []);
    const refused = errors.filter(({ error }) => isUnsupported(error));
    const { path } = member;
    if (refused.length === outcomes.length || this.probe.refused?.includes(path)) {
      if (errors.length < outcomes.length) return this.#complain(path, "is not always refused");
      return { kind: "refused", code: errors[0].error.code };
    }
    const accepted = outcomes.flatMap(([, { error, reads }]) => error ? [] : reads);
    if (accepted.length === 0) {
      return this.#complain(path, `no call with it succeeds: ${errors[0].error.message}`);
    }
    const isRead = accepted.some((reads) => reads.has(path));
    const usual = isRead ? undefined : this.probe.usual?.unread?.[path];
    const reason = this.probe.unread?.[path] ?? usual;
    if (isRead && reason !== undefined) return this.#complain(path, "is read after all");
    if (reason !== undefined) return { kind: "unread", reason };
    if (!isRead) return this.#complain(path, "is accepted, and nothing reads it");
    return {
      kind: "supported",
      refused: refused.map(({ value, error: { code } }) => ({ value: textOf(value), code })),
    };
  }

  /** The values to try; undefined is that of the probe's own input, or one made up. */
  #valuesOf({ path, constraint }: Member): readonly unknown[] {
    if (this.probe.calls?.[path]) return this.probe.values?.[path] ?? [];
    return this.#givenValues(path) ?? constraint?.enum ?? [undefined];
  }

  #givenValues(path: string): readonly unknown[] | undefined {
    return this.probe.values?.[path] ?? this.probe.usual?.values?.[path];
  }

  #sampleAt = (path: string): unknown => this.#givenValues(path)?.[0];

  async #callWith({ path, schema, constraint }: Member, wanted: unknown): Promise<Outcome> {
    const input = await this.probe.input(this.scene);
    const value = wanted ?? valueAt(input, path, this.#sampleAt) ??
      sampleOf(schema, constraint);
    const given = withValueAt(input, path, value, this.#sampleAt);
    for (const [outer, names] of Object.entries(this.probe.without ?? {})) {
      if (!isWithin(path, outer)) continue;
      for (const name of names) delete given[name];
    }
    return await this.#call(given);
  }

  async #call(input: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const reads = new Reads();
    const violated = violations(this.operation.constraints, input, { showsValue: () => true });
    if (violated) return { reads, error: new AwsError("ValidationException", 400, violated) };
    const request = this.scene.request(this.probe);
    try {
      const watched = reads.watch(this.#schema, input);
      this.operation.access(watched, request);
      await this.operation.run(watched, request);
      return { reads, error: undefined };
    } catch (error) {
      const isUsual = error instanceof AwsError && error.code === this.probe.answersWith;
      if (isUsual) return { reads, error: undefined };
      if (error instanceof AwsError) return { reads, error };
      throw new Error(`${this.operation.schema[2]} failed`, { cause: error });
    }
  }

  #complain(path: string, problem: string): undefined {
    this.problems.push(`${this.operation.schema[2]} ${path}: ${problem}`);
  }
}

const textOf = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);

const isWithin = (path: string, outer: string): boolean =>
  path === outer || [".", "[", "{"].some((step) => path.startsWith(outer + step));

/** The codes of S3 for what the sandbox does not support; those about ACLs are AWS's own. */
const REFUSAL_CODES = new Set([
  "NotImplemented",
  "AccessControlListNotSupported",
  "InvalidBucketAclWithObjectOwnership",
]);

/** How services of the sandbox refuse what they do not support. */
const isUnsupported = ({ code, message }: AwsError): boolean =>
  REFUSAL_CODES.has(code) || message.includes("sandbox does not support");
