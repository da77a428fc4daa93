/** Folders of one test. @module */

/**
 * A new folder that is removed, with all that is in it, at the end of the block that holds it:
 * `using folder = tempFolder()`. Where the test's files must be closed first, it is declared before
 * what closes them.
 */
export function tempFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync();
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}
