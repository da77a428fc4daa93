/**
 * The AWS SDK of the runtime: what a function imports and has not in its zip.
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import module from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What AWS's image has of it. */
const SDK = /^(@aws-sdk|@smithy|@aws-crypto|@aws)\//;

/** Finds modules of the SDK in `folder`, after the zip's own. `onMissing` gets a name and the clients. */
export function installSdk(folder, onMissing) {
  const anchor = join(folder, "index.js");
  const parentURL = pathToFileURL(anchor).href;
  const parent = Object.assign(new module.Module(anchor), {
    filename: anchor,
    paths: [join(folder, "node_modules")],
  });
  const miss = (name) => onMissing(name, clientsIn(folder));
  const resolveFilename = module.Module._resolveFilename;
  module.Module._resolveFilename = function (name, ...rest) {
    try {
      return resolveFilename.call(this, name, ...rest);
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND" || !SDK.test(name)) throw error;
      return orElse(() => resolveFilename.call(this, name, parent), error, () => miss(name));
    }
  };
  if (module.registerHooks) module.registerHooks({ resolve: resolver(parentURL, miss) });
  else module.register(new URL("./sdk_loader.mjs", import.meta.url), { data: parentURL });
}

function orElse(find, error, onMissing) {
  try {
    return find();
  } catch {
    onMissing();
    throw error;
  }
}

function resolver(parentURL, miss) {
  return (name, context, next) => {
    const isImport = context.conditions?.includes("import");
    if (!isImport || !SDK.test(name) || context.parentURL === parentURL) return next(name, context);
    const own = found(() => next(name, context));
    if (own) return own;
    const provided = found(() => next(name, { ...context, parentURL }));
    if (!provided) miss(name);
    return provided ?? next(name, context);
  };
}

/** A resolution that leads to a file: Deno gives one that does not, too. */
function found(resolve) {
  try {
    const resolved = resolve();
    const isThere = !resolved.url.startsWith("file:") || existsSync(fileURLToPath(resolved.url));
    return isThere ? resolved : undefined;
  } catch {
    return undefined;
  }
}

const clientsIn = (folder) =>
  readdirSync(join(folder, "node_modules", "@aws-sdk")).map((name) => `@aws-sdk/${name}`);
