/**
 * The commands of the packages, from the tasks of `deno.json`: the same programs, options and
 * permissions.
 * @module
 */

/** Tasks that are commands of the packages under the same name. */
export const TASKS: readonly string[] = [
  "sandbox",
  "console",
  "rehearse",
  "explain",
  "redrive",
  "deploy-lambda",
];

/** How a package's launcher starts a command. */
export interface Command {
  /** Variables of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Options of `deno run`; `{runtimes}` stands for the folder of runtimes. */
  readonly options: readonly string[];
  /** The module, TypeScript, by its path in the project. */
  readonly module: string;
  /** Arguments before the user's own. */
  readonly args: readonly string[];
}

/**
 * A task as a command. Throws a `SyntaxError` for one that does more than to run a module.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(commandOf("A=1 deno run '--allow-net=[::1]' --allow-write=.runtimes lib/x.ts --fast"), {
 *   env: { A: "1" },
 *   options: ["--allow-net=[::1]", "--allow-write={runtimes}"],
 *   module: "lib/x.ts",
 *   args: ["--fast"],
 * });
 * ```
 */
export function commandOf(task: string): Command {
  const words = [...task.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
  const start = words.findIndex((word) => !/^\w+=/.test(word));
  const module = words.findIndex((word, index) => index > start + 1 && !word.startsWith("-"));
  if (words[start] !== "deno" || words[start + 1] !== "run" || !words[module]?.endsWith(".ts")) {
    throw new SyntaxError(`This task does not run a module with Deno: ${task}`);
  }
  return {
    env: Object.fromEntries(words.slice(0, start).map((word) => word.split("=", 2))),
    // Here it is a folder of the project; an installed package does not write to its own folder.
    options: words.slice(start + 2, module).map((word) =>
      word.replace(/(?<=[=,])\.runtimes\b/, "{runtimes}")
    ),
    module: words[module],
    args: words.slice(module + 1),
  };
}
