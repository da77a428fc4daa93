/**
 * `node:sqlite` as a function sees it: its paths lead to the function's own folders.
 * @module
 */
import process from "node:process";

/** Changes `node:sqlite` for this process, where the engine has it. */
export function installDatabases(folders) {
  const sqlite = process.getBuiltinModule?.("node:sqlite");
  if (!sqlite) return;
  const { DatabaseSync } = sqlite;
  sqlite.DatabaseSync = class extends DatabaseSync {
    constructor(path, ...rest) {
      super(folders.toReal(path), ...rest);
    }
  };
}
