/**
 * Lambda's state: functions, their packages, and their changes over time.
 * @module
 */

import { join } from "node:path";
import { allSteps } from "../../all_steps.ts";
import { CodeLinks } from "./code_links.ts";
import { functionNotFound, functionsOnly, resourceConflict } from "./errors.ts";
import { type FunctionCode, type LambdaFunction, versionsOf } from "./function.ts";
import { NamedRows } from "../../store/named_rows.ts";
import { Invocations } from "./execution/invocations.ts";
import { functionArn, type FunctionReference, parseFunctionName } from "./names.ts";
import type { LambdaOptions } from "./options.ts";
import { Packages } from "./packages.ts";

/**
 * How long a function is Pending, and an update InProgress: a second or two were seen for a zip
 * without a VPC.
 */
const TRANSITION_MS = 1_500;

/** The functions of one account in one region. */
export class LambdaState {
  readonly options: LambdaOptions;
  readonly packages: Packages;
  readonly invocations: Invocations;
  readonly codeLinks: CodeLinks;
  readonly #functions: NamedRows<Omit<LambdaFunction, "id">>;
  readonly #stopping = new AbortController();
  readonly #background = new Set<Promise<void>>();

  constructor(options: LambdaOptions) {
    this.options = options;
    this.#functions = new NamedRows(options.database, "lambda_function");
    this.packages = new Packages(options.zips, join(options.workFolder, "tasks"));
    this.invocations = new Invocations(this);
    this.codeLinks = new CodeLinks(this.packages, options);
  }

  /** Resumes the changes that were under way when the sandbox last ended. */
  async start(): Promise<void> {
    await this.packages.sweep(this.#codeInUse());
    await this.invocations.start();
    for (const fn of this.#functions.all()) this.#awaitTransition(fn);
  }

  /** Ends all work, and every function's process. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await allSteps(() => this.invocations.stop(), () => Promise.all(this.#background));
  }

  // --- names ----------------------------------------------------------------------------------

  /** What a `FunctionName` and a `Qualifier` mean. */
  reference(functionName: string, qualifier?: string): FunctionReference {
    return parseFunctionName(functionName, this.options, qualifier);
  }

  /**
   * The name of the function whose `$LATEST` is changed. Throws where a version or another alias is
   * named: nothing else changes. The text is that of other operations.
   */
  changeable(functionName: string): string {
    const { name, qualifier = "$LATEST" } = this.reference(functionName);
    if (qualifier !== "$LATEST") throw functionsOnly();
    return name;
  }

  /** The ARN of what is meant, for permissions and error texts. */
  arn(reference: FunctionReference): string {
    return functionArn(reference, this.options);
  }

  // --- functions ------------------------------------------------------------------------------

  find(name: string): LambdaFunction | undefined {
    return this.#functions.find(name);
  }

  /** The function. Throws ResourceNotFoundException, with the qualifier if one was given. */
  function(reference: FunctionReference): LambdaFunction {
    const found = this.#functions.find(reference.name);
    if (!found) throw functionNotFound(this.arn(reference));
    return found;
  }

  /** All functions, by name. */
  functions(): readonly LambdaFunction[] {
    return this.#functions.all();
  }

  /** Adds a function, Pending at first. Throws ResourceConflictException. */
  async create(draft: Omit<LambdaFunction, "id">): Promise<LambdaFunction> {
    const created = await this.#functions.change(() => {
      if (this.#functions.find(draft.name)) {
        throw resourceConflict(`Function already exist: ${draft.name}`);
      }
      return this.#functions.insert(draft);
    });
    this.#awaitTransition(created);
    return created;
  }

  /** Replaces a function by the result of `change`, which gets the function at the time of the commit. */
  async update(
    reference: FunctionReference,
    change: (fn: LambdaFunction) => LambdaFunction,
  ): Promise<LambdaFunction> {
    let before: LambdaFunction | undefined;
    const after = await this.#functions.change(() => {
      before = this.function(reference);
      const changed = change(before);
      this.#functions.save(changed);
      return changed;
    });
    if (before && after.status !== before.status) this.#awaitTransition(after);
    if (before) this.#retireBuilds(before, after);
    return after;
  }

  /** Runs a change that gives a function a package. Removes the package if the change fails. */
  async taking<Result>(code: FunctionCode, change: () => Promise<Result>): Promise<Result> {
    try {
      return await change();
    } catch (error) {
      await this.discard(code);
      throw error;
    }
  }

  /** Removes a package that no function uses. */
  discard(code: FunctionCode): Promise<void> {
    return this.packages.remove([code], () => this.#codeInUse());
  }

  /** Deletes a function with all that belongs to it; its log group stays. */
  async delete(reference: FunctionReference): Promise<void> {
    const removed = await this.#functions.change(() => {
      const fn = this.function(reference);
      this.#functions.remove(fn);
      return fn;
    });
    this.#retireBuilds(removed, undefined);
  }

  /** Deletes all functions, drops their queued events, and ends their processes. */
  async reset(): Promise<void> {
    const removed = await this.#functions.change(() => {
      const functions = this.#functions.all();
      for (const fn of functions) this.#functions.remove(fn);
      this.invocations.clearQueue();
      return functions;
    });
    for (const fn of removed) this.#retireBuilds(fn, undefined);
    await this.invocations.endAll();
  }

  // --- changes over time ----------------------------------------------------------------------

  #inBackground(work: Promise<void>, what: string): void {
    const running = work
      .catch((error) => this.options.onInternalError(error, what))
      .finally(() => this.#background.delete(running));
    this.#background.add(running);
  }

  #awaitTransition(fn: LambdaFunction): void {
    if (fn.status === "Ready") return;
    this.#inBackground(this.#transit(fn), `the change of function ${fn.name}`);
  }

  /** Pending becomes Active, and InProgress Successful. */
  async #transit({ id, name, statusMs }: LambdaFunction): Promise<void> {
    const { clock, random } = this.options;
    try {
      await clock.waitUntil(clock.deadlineMs(statusMs, TRANSITION_MS), this.#stopping.signal);
    } catch {
      return; // stopped: taken up at the next start
    }
    if (this.find(name)?.id !== id) return;
    const ready = ({ running: _, latest, versions, ...rest }: LambdaFunction): LambdaFunction => ({
      ...rest,
      latest: { ...latest, revisionId: random.uuid() },
      // What was published with it becomes Active, too, and gets another revision (recorded).
      versions: versions.map((version) =>
        version.publishedBuildId === latest.buildId
          ? { ...version, revisionId: random.uuid() }
          : version
      ),
      status: "Ready",
      statusMs: clock.nowMs(),
    });
    try {
      await this.update({ name }, (fn) => fn.id === id ? ready(fn) : fn);
    } catch (error) {
      // It may have been deleted since.
      if (this.find(name)?.id === id) throw error;
    }
  }

  /** Ends the environments of builds that no longer exist, and removes their files. */
  #retireBuilds(before: LambdaFunction, after: LambdaFunction | undefined): void {
    const kept = new Set(after ? versionsOf(after).map(({ buildId }) => buildId) : []);
    const gone = versionsOf(before).filter(({ buildId }) => !kept.has(buildId));
    if (gone.length === 0) return;
    const retired = this.invocations.outdate(gone.map(({ buildId }) => buildId));
    const removed = retired.then(() =>
      this.packages.remove(gone.map(({ code }) => code), () => this.#codeInUse())
    );
    this.#inBackground(removed, `the removal of code of function ${before.name}`);
  }

  #codeInUse(): FunctionCode[] {
    const kept = this.#functions.all().flatMap(versionsOf).map(({ code }) => code);
    return [...kept, ...this.invocations.codeInUse()];
  }
}
