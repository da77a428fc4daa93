/**
 * Which files are ES modules for Lambda's Node. Before nodejs24.x, `require` takes no ES module, and a
 * `.js` file is one only if its package says so: Lambda switches off what newer versions of Node 20 and 22
 * do about that ("Experimental Node.js features",
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html, read in December 2026).
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What a runtime does with ES modules; the variable NODE_OPTIONS switches both on in Node 20 and 22. */
export function moduleRulesOf(runtime, nodeOptions = "") {
  const major = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 22);
  const hasOption = (name) => major >= 20 && nodeOptions.includes(`--experimental-${name}`);
  return {
    /** Whether `require` takes an ES module. */
    requiresModules: major >= 24 || hasOption("require-module"),
    /** Whether a `.js` file with `import` or `export` is an ES module though its package does not say so. */
    detectsModules: major >= 24 || hasOption("detect-module"),
  };
}

/** Whether the nearest package.json above, up to `root`, says that .js is ESM. */
export function isInModulePackage(folder, root) {
  if (folder.endsWith("/node_modules")) return false;
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, "utf8"))?.type === "module";
    } catch (error) {
      console.warn(
        `${file} cannot be read, it will be ignored for ES module detection purposes.`,
        error,
      );
      return false;
    }
  }
  return folder === root ? false : isInModulePackage(dirname(folder), root);
}

/** Whether a file below `root` is an ES module by its name or its package. */
export function isModuleFile(file, root) {
  return file.endsWith(".mjs") ||
    (file.endsWith(".js") && isInModulePackage(dirname(file), root));
}

/** What V8 says of the syntax of an ES module in another file. */
const MODULE_SYNTAX = new RegExp(
  "^(?:Cannot use import statement outside a module|Unexpected token 'export'|" +
    "Cannot use 'import\\.meta' outside a module|await is only valid in async functions and the top level)",
);

/** Whether an error is V8's about the syntax of an ES module in a CommonJS one. */
export const isOfModuleSyntax = (error) =>
  error instanceof SyntaxError && MODULE_SYNTAX.test(error.message);

/** Where such syntax may be: most files need no second look. */
const MAY_BE_MODULE = /(?:^|[;}\n])\s*(?:import|export)\b|\bimport\.meta\b/;
const { Function: Compiled } = globalThis;

/** V8's `SyntaxError` for a file with the syntax of an ES module; undefined for others. */
export function moduleSyntaxErrorOf(file) {
  const source = readFileSync(file, "utf8");
  if (!MAY_BE_MODULE.test(source)) return undefined;
  try {
    new Compiled("exports", "require", "module", "__filename", "__dirname", source);
  } catch (error) {
    if (isOfModuleSyntax(error)) return error;
  }
  return undefined;
}

/** What Node throws where an ES module is required. Both are paths as the function sees them. */
export function requiredModuleError(file, parent) {
  const [from, place] = parent === undefined ? ["", ""] : [` from ${parent}`, ` in ${parent}`];
  const name = file.endsWith(".mjs") ? file : basename(file);
  const error = new Error(
    `require() of ES Module ${file}${from} not supported.\nInstead change the require of ${name}${place} ` +
      "to a dynamic import() which is available in all CommonJS modules.",
  );
  error.stack = error.stack.replace(/^Error/, "Error [ERR_REQUIRE_ESM]");
  return Object.assign(error, { code: "ERR_REQUIRE_ESM" });
}
