/**
 * What is imported and not there, in the words of Node.
 * @module
 */
import { existsSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isModuleFile, moduleSyntaxErrorOf } from "./module_kinds.mjs";

/** The error thrown last. Deno wraps it in another error. */
let thrown;

/** Node's error, where `error` is Deno's about it. */
export function unwrapped(error) {
  const message = String(error?.message ?? "");
  const [, builtin] = /^(?:Error: )?No such built-in module: (\S+)/.exec(message) ?? [];
  if (builtin && error instanceof TypeError) return unknownBuiltin(builtin);
  const isWrapper = thrown !== undefined && message.startsWith(`${thrown.name}: ${thrown.message}`);
  return isWrapper ? thrown : error;
}

/** Resolves an import by `next`. Throws Node's errors where that leads to no file, or to one of another kind. */
export function resolveAsNode({ folders, rules }, specifier, context, next) {
  if (specifier.startsWith("node:") && !module.isBuiltin(specifier)) {
    throw unknownBuiltin(specifier);
  }
  const resolved = next(specifier, context);
  if (!resolved.url?.startsWith("file:")) return resolved;
  const path = fileURLToPath(resolved.url);
  if (!isBelow(folders, path)) return resolved;
  const wrong = existsSync(path)
    ? kindError(folders, rules, path)
    : notFound(folders, specifier, { path, parentURL: context.parentURL });
  if (!wrong) return resolved;
  thrown = wrong;
  throw thrown;
}

/** Node's error for a `.js` file that is an ES module by its syntax alone; Deno would take it. */
function kindError({ taskFolder }, { detectsModules }, path) {
  const isCommon = path.endsWith(".js") && path.startsWith(`${taskFolder}/`) && !detectsModules &&
    !isModuleFile(path, taskFolder);
  return isCommon ? moduleSyntaxErrorOf(path) : undefined;
}

/** Also what `require` throws. */
export function unknownBuiltin(specifier) {
  return coded(new Error(`No such built-in module: ${specifier}`), "ERR_UNKNOWN_BUILTIN_MODULE");
}

/** Other files may not even be looked for. */
const isBelow = ({ taskFolder, tmpFolder }, path) =>
  [taskFolder, tmpFolder].some((folder) => path.startsWith(`${folder}/`));

function notFound(folders, specifier, { path, parentURL = "" }) {
  const parent = parentURL.startsWith("file:") ? fileURLToPath(parentURL) : parentURL;
  const from = `imported from ${folders.toSeen(parent)}`;
  if (/^(\.|\/|file:)/.test(specifier)) {
    const seen = folders.toSeen(path);
    const error = new Error(`Cannot find module '${seen}' ${from}`);
    return coded(Object.assign(error, { url: `file://${seen}` }), "ERR_MODULE_NOT_FOUND");
  }
  const [, name, inner] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(specifier);
  const folder = packageFolder(folders, name, parent);
  if (folder === undefined) {
    return coded(new Error(`Cannot find package '${name}' ${from}`), "ERR_MODULE_NOT_FOUND");
  }
  const file = folders.toSeen(join(folder, "package.json"));
  const words = inner === ""
    ? `No "exports" main defined in ${file}`
    : `Package subpath '.${inner}' is not defined by "exports" in ${file}`;
  return coded(new Error(`${words} ${from}`), "ERR_PACKAGE_PATH_NOT_EXPORTED");
}

function packageFolder({ taskFolder }, name, parent) {
  for (let folder = dirname(parent); folder.startsWith(taskFolder); folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return place;
  }
  return undefined;
}

/** Node's errors have their code in the first line of their stack, and as their last member. */
function coded(error, code) {
  error.stack = error.stack.replace(/^Error/, `Error [${code}]`);
  const { url, ...rest } = error;
  delete error.url;
  return Object.assign(error, rest, { code }, url === undefined ? {} : { url });
}
