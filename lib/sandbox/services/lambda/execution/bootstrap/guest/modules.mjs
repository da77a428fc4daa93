/**
 * CommonJS modules as a function sees them: below `/var/task`, in `__filename` and in stacks.
 * @module
 */
import { readFileSync } from "node:fs";
import module from "node:module";
import { isModuleFile, isOfModuleSyntax, requiredModuleError } from "./module_kinds.mjs";
import { unknownBuiltin } from "./resolution.mjs";

/**
 * Compiles every module under the name that its file has on AWS, and reads JSON as Node does. `rules` says
 * what the runtime does with ES modules.
 */
export function installModules(folders, rules) {
  installJson(folders);
  installBuiltins();
  if (!rules.requiresModules) refuseModules(folders);
  const prototype = module.Module.prototype;
  const compile = prototype._compile;
  prototype._compile = function (content, filename, format, ...rest) {
    const compiled = (name, kind) => compile.call(this, content, name, kind, ...rest);
    // An ES module imports from the place where its file is.
    const asModule = () => withReason(() => compiled(filename, "module"), folders.toSeen(filename));
    if (format === "module" || filename.endsWith(".mjs")) return asModule();
    try {
      // Of a file without a kind, Deno would make an ES module.
      return compiled(folders.toSeen(filename), "commonjs");
    } catch (error) {
      const isModule = isOfModuleSyntax(error) && rules.requiresModules &&
        (rules.detectsModules || isModuleFile(filename, folders.taskFolder));
      if (!isModule || format === "commonjs") throw error;
      return asModule();
    }
  };
}

/** With hooks like this project's, Deno (2.9.6) requires no ES module that imports others. */
function withReason(load, seen) {
  try {
    return load();
  } catch (error) {
    if (!/Cannot resolve module/.test(error?.message)) throw error;
    throw new Error(
      `The sandbox can't require ${seen}, an ES module that imports others. On AWS it can be required from ` +
        "nodejs24.x on. Import it, bundle the function, or start the sandbox with --lambda-runtime node.",
    );
  }
}

/** Lets `require` take no ES module of the function. */
function refuseModules(folders) {
  const prototype = module.Module.prototype;
  const load = prototype.load;
  prototype.load = function (filename, ...rest) {
    const isOwn = filename.startsWith(`${folders.taskFolder}/`);
    if (isOwn && isModuleFile(filename, folders.taskFolder)) {
      throw requiredModuleError(folders.toSeen(filename), folders.toSeen(this.parent?.filename));
    }
    return load.call(this, filename, ...rest);
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
