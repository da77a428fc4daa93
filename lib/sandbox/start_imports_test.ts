/** What is loaded at the start stays in memory, used or not: 30 MiB once, of 90. */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

/** Packages that take a MiB or more each, and that only some work needs. */
const LATER = ["fflate", "hysnappy", "@js-joda/core", "yaml", "node-forge", "jq-web"];

/** Modules that a sandbox needs once somebody looks at its console, or invokes a function. */
const LATER_MODULES = ["./console/pages.ts", "./services/lambda/execution/runtime_api.ts"];

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly Dependency[];
  }[];
}

interface Dependency {
  /** Absent for types alone. */
  readonly code?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

Deno.test("no package that only some work needs is loaded when the sandbox starts", async () => {
  const graph = await importsFrom("./sandbox.ts");
  const loaded = reached(graph, new URL("./sandbox.ts", import.meta.url).href);
  assert(loaded.size > 200, "the modules were found");
  const isPackage = (name: string) => (address: string) =>
    ["npm:", "npm:/"].some((scheme) => address.startsWith(`${scheme}${name}@`));
  assert([...loaded].some(isPackage("@smithy/core")), "and packages");
  assertEquals(LATER.filter((name) => [...loaded].some(isPackage(name))), []);
  const isLoaded = (module: string) => loaded.has(new URL(module, import.meta.url).href);
  assertEquals(LATER_MODULES.filter(isLoaded), []);
});

Deno.test("the process that starts the sandbox reads none of its modules", async () => {
  // Deno reads at the start what is imported later, too, if it can tell the address.
  const graph = await importsFrom("./main.ts", () => true);
  const read = [...reached(graph, new URL("./main.ts", import.meta.url).href)];
  assert(read.some((address) => address.endsWith("/rerun.ts")));
  assertEquals(read.filter((address) => address.endsWith("/sandbox/sandbox.ts")), []);
});

/** The modules that each module imports; those it imports later only if they are `counted`. */
async function importsFrom(
  module: string,
  counted = ({ isDynamic }: Dependency) => !isDynamic,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const path = fileURLToPath(new URL(module, import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", path],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
  }).output();
  const { modules }: Info = JSON.parse(new TextDecoder().decode(stdout));
  return new Map(modules.map(({ specifier, dependencies = [] }) => [
    specifier,
    dependencies.filter(counted)
      .flatMap(({ code }) => code?.specifier ?? []),
  ]));
}

function reached(graph: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const found = new Set([from]);
  for (const module of found) for (const next of graph.get(module) ?? []) found.add(next);
  return found;
}
