/**
 * Finds a function's handler: which file, which export, and what AWS says where there is none.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeFault } from "./faults.mjs";
import { wordLoading } from "./guest/builtins.mjs";
import { isInModulePackage, moduleSyntaxErrorOf } from "./guest/module_kinds.mjs";
import { unwrapped } from "./guest/resolution.mjs";
import { explainScope, syntaxErrorOf } from "./syntax.mjs";

/** As AWS's client requires, whose file it is said to be in messages. */
const require = createRequire(new URL("./index.mjs", import.meta.url));

/**
 * The handler called `name` below `root`. Throws a {@linkcode RuntimeFault} with AWS's error type.
 * nodejs24.x (`isModern`) imports every file; older runtimes require what is no ES module.
 */
export async function loadHandler({ root, name, isModern }) {
  if (name.includes("..")) {
    throw new RuntimeFault(
      "Runtime.MalformedHandlerName",
      `'${name}' is not a valid handler name. ` +
        "Use absolute paths when specifying root directories in handler names.",
    );
  }
  const file = basename(name);
  const folder = name.slice(0, name.length - file.length);
  const [, moduleName, exportPath] = /^([^.]*)\.(.*)$/.exec(file) ?? [];
  if (moduleName === undefined) {
    throw new RuntimeFault("Runtime.MalformedHandlerName", "Bad handler");
  }
  const loaded = await loadModule({ root, folder, moduleName, isModern });
  // From now on the function's own imports are worded, too.
  wordLoading();
  const handler = findExport(loaded, exportPath) ??
    (isModern ? findExport(loaded?.default, exportPath) : undefined);
  if (!handler) {
    throw new RuntimeFault("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof handler !== "function") {
    throw new RuntimeFault("Runtime.HandlerNotFound", `${name} is not a function`);
  }
  return handler;
}

const findExport = (exports, path) =>
  path.split(".").reduce((value, key) => value && value[key], exports);

async function loadModule({ root, folder, moduleName, isModern }) {
  const path = resolve(root, folder, moduleName);
  try {
    const found = isModern ? await importFile(path, root) : await loadFile(path, root);
    return found ?? loadPackage(root, moduleName, dirname(path));
  } catch (wrapped) {
    const error = unwrapped(wrapped);
    explainScope(error);
    const told = syntaxErrorOf(error);
    if (told) throw new RuntimeFault("Runtime.UserCodeSyntaxError", String(told));
    if (error?.code === "MODULE_NOT_FOUND") {
      throw new RuntimeFault("Runtime.ImportModuleError", `Error: ${error.message}`);
    }
    throw error;
  }
}

/**
 * Imports `file` as fast as Deno can. If that fails, a second import has the words of Node: a graph
 * that cannot be loaded ran nothing, and a module that threw gives the same error without running.
 */
async function importOf(file) {
  const url = pathToFileURL(file).href;
  try {
    return await import(url);
  } catch {
    wordLoading();
    return await import(url);
  }
}

/** Requires `file`, or a package's folder. */
function requireOf(file) {
  wordLoading();
  return require(file);
}

/** nodejs24.x and later. */
async function importFile(path, root) {
  const extension = ["", ".js", ".mjs", ".cjs"].find((one) => isFile(path + one));
  if (extension === undefined) return undefined;
  const file = path + extension;
  // Deno would take what says nothing of its kind for an ES module.
  const isCommon = extension === ".js" && !isInModulePackage(dirname(path), root) &&
    moduleSyntaxErrorOf(file) === undefined;
  return isCommon ? requireOf(file) : await importOf(file);
}

/** nodejs22.x and earlier. */
async function loadFile(path, root) {
  if (isFile(path)) return requireOf(path);
  const isModule = existsSync(`${path}.js`) && isInModulePackage(dirname(path), root);
  if (existsSync(`${path}.js`)) {
    return isModule ? await importOf(`${path}.js`) : requireOf(`${path}.js`);
  }
  if (existsSync(`${path}.mjs`)) return await importOf(`${path}.mjs`);
  return existsSync(`${path}.cjs`) ? requireOf(`${path}.cjs`) : undefined;
}

function isFile(path) {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A package of the zip, as Node finds one. Throws MODULE_NOT_FOUND in AWS's words. */
function loadPackage(root, moduleName, folder) {
  const paths = [root, folder].flatMap((from) => [from, ...module.Module._nodeModulePaths(from)]);
  const found = paths.filter((path) => path.startsWith(root))
    .map((path) => join(path, moduleName)).find((path) => existsSync(path));
  if (found !== undefined) return requireOf(found);
  const error = new Error(
    `Cannot find module '${moduleName}'\nRequire stack:\n- /var/runtime/index.mjs`,
  );
  throw Object.assign(error, { code: "MODULE_NOT_FOUND" });
}
