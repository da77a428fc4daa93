/**
 * Cells that run out of order. A cell uses names that earlier cells of its step declare; after a
 * restart of the kernel they are gone, and JavaScript would say "accessKeyId is not defined". Here
 * each of these names gets a stand-in that says which step declares it.
 * @module
 */

import type { Cell } from "./notebook_file.ts";

/** Where a name is declared first. */
export interface Declaration {
  readonly name: string;
  /** The heading above the cell, `Step 2: A key, in a profile`; empty if there is none. */
  readonly heading: string;
}

/**
 * The names that the code cells after the first one, the setup cell, declare at the top level, in
 * order and each once. The cells are laid out by `deno fmt`: a top-level statement begins a line.
 */
export function declarationsOf(cells: readonly Pick<Cell, "type" | "source">[]): Declaration[] {
  const found = new Map<string, Declaration>();
  const setup = cells.findIndex(({ type }) => type === "code");
  let heading = "";
  for (const { type, source } of cells.slice(setup + 1)) {
    if (type === "markdown") heading = /^##? +(.+?) *$/m.exec(source)?.[1] ?? heading;
    if (type !== "code") continue;
    for (const name of namesIn(source)) {
      if (!found.has(name)) found.set(name, { name, heading });
    }
  }
  return [...found.values()];
}

/** Names that a cell's top-level declarations make, those inside patterns too. */
export function namesIn(code: string): string[] {
  const declarations = code.matchAll(
    /^(?:(?:const|let|var) (?:(\w+)\b|([[{][\s\S]*?[\]}])(?=\s*(?:=|:)\s))|(?:async )?function\*? (\w+)|class (\w+))/gm,
  );
  return [...declarations].flatMap(([, plain, pattern, fn, klass]) =>
    pattern === undefined ? [plain ?? fn ?? klass] : namesInPattern(pattern)
  );
}

/** Names that a cell's imports make, but for those of types. */
export function importsIn(code: string): string[] {
  const imports = code.matchAll(/^import (?!type\b)(?:\* as (\w+)|\{([^}]*)\}) from /gm);
  return [...imports].flatMap(([, all, some = ""]) =>
    all !== undefined ? [all] : some.split(",").flatMap((part) => {
      const name = /(\w+)\s*$/.exec(part)?.[1];
      return name === undefined || /^\s*type\s/.test(part) ? [] : [name];
    })
  );
}

/** `{ a, b: c, d = 1, ...rest }` declares a, c, d and rest. */
function namesInPattern(pattern: string): string[] {
  return pattern.slice(1, -1)
    .split(",")
    .map((part) => /(?:^|[:{[.])\s*(\w+)\s*(?:=.*)?[\]}]*$/.exec(part.trim())?.[1])
    .filter((name) => name !== undefined);
}

/**
 * Says which step to run for a name that is missing, and what to do if its cell has a syntax error:
 * such a cell shows nothing in Deno's kernel, so its reader believes that it ran.
 */
const missingName = ({ name, heading }: Declaration) =>
  `This cell needs "${name}", which an earlier cell makes. Run "${heading}" from its first cell on, ` +
  "then this cell again. If one of those cells shows nothing, Deno can't read it: save (Ctrl+S), and " +
  "run `await lab.findMistake()` in a new cell.";

/**
 * What to do about `NAME is not defined`, if one of the declarations makes that name: a cell that
 * failed or was stopped leaves its names without a value, and without a stand-in.
 */
export function adviceOnMissingName(
  error: Error,
  declarations: readonly Declaration[],
): string | undefined {
  const [, missing] = /^(\w+) is not defined$/.exec(error.message) ?? [];
  const declaration = declarations.find(({ name }) => name === missing);
  return declaration && missingName(declaration);
}

/**
 * Gives each declared name a stand-in on `target`, the kernel's global object. Reading it throws a
 * `ReferenceError` that says which step to run; declaring the name, as that step does, hides it.
 * Names that already mean something there stay as they are.
 */
export function standInForNames(declarations: readonly Declaration[], target: object): void {
  for (const { name, heading } of declarations) {
    if (name in target) continue;
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable: false,
      get() {
        const error = new ReferenceError(missingName({ name, heading }));
        error.stack = String(error);
        throw error;
      },
      // An assignment without a declaration makes an ordinary global, as without a stand-in.
      set(value: unknown) {
        Object.defineProperty(target, name, {
          configurable: true,
          enumerable: true,
          writable: true,
          value,
        });
      },
    });
  }
}
