/** Folders of one test. @module */

/**
 * A new folder that is removed, with all that is in it, at the end of the block that holds it:
 * `using folder = tempFolder()`. Where the test's files must be closed first, it is declared before
 * what closes them. It is below `parent`, or below the system's folder for temporary files.
 */
export function tempFolder(parent?: string): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ dir: parent });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}
