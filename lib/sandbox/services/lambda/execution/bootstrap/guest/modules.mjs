/**
 * CommonJS modules as a function sees them: below `/var/task`, in `__filename` and in stacks.
 * @module
 */
import module from "node:module";

/** Compiles every module under the name that its file has on AWS. */
export function installModules(folders) {
  const prototype = module.Module.prototype;
  const compile = prototype._compile;
  prototype._compile = function (content, filename, ...rest) {
    return compile.call(this, content, folders.toSeen(filename), ...rest);
  };
}
