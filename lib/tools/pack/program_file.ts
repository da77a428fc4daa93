/**
 * A file of the program in the packages.
 * @module
 */

/** A file, by its path in the program's folder: `lib/sandbox/main.js`. */
export interface ProgramFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}
