import { assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { claimDataDir } from "./data_dir.ts";
import { folderError } from "./folder_error.ts";

Deno.test("a start says which folder can't hold its data, and what to do", () => {
  const file = Deno.makeTempFileSync();
  const database = new DatabaseSync(file);
  database.exec("CREATE TABLE t (n)");
  database.close();
  const readOnly = new DatabaseSync(file, { readOnly: true });
  const errors = [
    assertThrows(() => claimDataDir(file, () => {}), Error), // --data names a file
    assertThrows(() => readOnly.exec("INSERT INTO t VALUES (1)"), Error),
    new Error("disk I/O error"), // a full disk, SQLite 3.53, seen 2026-11-30
    new Error("database or disk is full"),
  ];
  readOnly.close();
  Deno.removeSync(file);
  for (const error of errors) {
    const told = folderError(error, "/data");
    assertInstanceOf(told, Error);
    assertStringIncludes(told.message, "can't keep its data in /data: ");
    assertStringIncludes(told.message, "choose another folder with --data");
  }
});

Deno.test("a sandbox in memory names the temporary folder, and TMPDIR", () => {
  const full = new Error("database or disk is full");
  const missing = new Error("No such file or directory (os error 2): tmpdir"); // Deno 2.9.6
  for (const error of [full, missing]) {
    const told = folderError(error, undefined);
    assertInstanceOf(told, Error);
    assertStringIncludes(
      told.message,
      `can't keep its temporary files in ${tmpdir()}: ${error.message}`,
    );
    assertStringIncludes(told.message, "set TMPDIR");
  }
});

Deno.test("other errors of a start stay as they are", () => {
  const error = new Error("Port 4566 of 127.0.0.1 is taken.");
  assertEquals(folderError(error, "/data"), error);
});
