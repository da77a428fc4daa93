/**
 * CommonJS modules as a function sees them: below `/var/task`, in `__filename` and in stacks.
 * @module
 */
import { readFileSync } from "node:fs";
import module from "node:module";
import { unknownBuiltin } from "./resolution.mjs";

/** Compiles every module under the name that its file has on AWS, and reads JSON as Node does. */
export function installModules(folders) {
  installJson(folders);
  installBuiltins();
  const prototype = module.Module.prototype;
  const compile = prototype._compile;
  prototype._compile = function (content, filename, ...rest) {
    return compile.call(this, content, folders.toSeen(filename), ...rest);
  };
}

/** Deno compiles what is no JSON as if it were a program. */
function installJson(folders) {
  module.Module._extensions[".json"] = (one, filename) => {
    const text = readFileSync(filename, "utf8").replace(/^\ufeff/, "");
    try {
      one.exports = JSON.parse(text);
    } catch (error) {
      error.message = `${folders.toSeen(filename)}: ${error.message}`;
      throw error;
    }
  };
}

/** Deno takes any name after `node:` for a module. */
function installBuiltins() {
  const resolveFilename = module.Module._resolveFilename;
  module.Module._resolveFilename = function (name, ...rest) {
    if (name.startsWith("node:") && !module.isBuiltin(name)) throw unknownBuiltin(name);
    return resolveFilename.call(this, name, ...rest);
  };
}
