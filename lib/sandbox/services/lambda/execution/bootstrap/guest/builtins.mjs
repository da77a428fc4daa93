/**
 * Makes changed built-in modules what `import` finds, too. `require` and `process.getBuiltinModule`
 * give the changed object itself; names that are imported were bound before.
 * @module
 */
import module from "node:module";
import process from "node:process";

/** The built-in modules of which something was changed. */
const CHANGED = [
  "child_process",
  "dns",
  "fs",
  "fs/promises",
  "net",
  "os",
  "process",
  "worker_threads",
];
const FACADE = "node-facade:";

/** Under Node, names that are imported follow the changed objects by themselves. */
export function syncBuiltins() {
  module.syncBuiltinESMExports();
}

/** Under Deno, each is imported through a module of its names. */
export async function hookBuiltins() {
  const names = new Map();
  for (const name of CHANGED) {
    const exported = await import(`node:${name}`);
    names.set(name, Object.keys(exported).filter((key) => key !== "default"));
  }
  module.registerHooks({
    resolve(specifier, context, next) {
      const name = specifier.replace(/^node:/, "");
      const isImport = context.conditions?.includes("import");
      if (!isImport || !names.has(name)) return next(specifier, context);
      return { url: FACADE + name, format: "module", shortCircuit: true };
    },
    load(url, context, next) {
      if (!url.startsWith(FACADE)) return next(url, context);
      const name = url.slice(FACADE.length);
      const source = facadeOf(name, names.get(name));
      return { format: "module", source, shortCircuit: true };
    },
  });
}

const facadeOf = (name, names) =>
  `const changed = process.getBuiltinModule(${JSON.stringify(name)});
export default changed;
export const { ${names.join(", ")} } = changed;`;

/** Whether this process is Deno's: asked before its name is taken away. */
export const isDeno = () => process.versions.deno !== undefined;
