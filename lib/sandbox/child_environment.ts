/**
 * The environment of programs that the sandbox starts.
 * @module
 */

/**
 * Variables that take those of the system's loader (`LD_PRELOAD`, `LD_LIBRARY_PATH`) away from a
 * child. With permission for a list of programs, Deno starts none that has one.
 */
export function withoutLoaderVariables(): Record<string, string> {
  const names = Object.keys(Deno.env.toObject()).filter((name) => /^(LD|DYLD)_/.test(name));
  return Object.fromEntries(names.map((name) => [name, ""]));
}
