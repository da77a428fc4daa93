import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { tempFolder } from "../testing/temp_folder.ts";
import { until } from "../testing/until.ts";
import { Database, NotSynced } from "./database.ts";

const names = (database: Database) =>
  database.sqlite.prepare("SELECT name FROM thing ORDER BY name").all().map(({ name }) => name);

function open(path: string, quickSyncMs?: number) {
  const database = new Database(path, quickSyncMs);
  database.define("CREATE TABLE IF NOT EXISTS thing (name TEXT)");
  const insert = database.sqlite.prepare("INSERT INTO thing VALUES (?)");
  return { database, add: (name: string) => database.commit(() => void insert.run(name)) };
}

Deno.test("what was committed is there when the file is opened again", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "state.sqlite");
  const first = open(path);
  await Promise.all([first.add("a"), first.add("b")]);
  first.database.close();
  const second = open(path);
  assertEquals(names(second.database), ["a", "b"]);
  second.database.close();
});

Deno.test("a work that throws is undone and harms none of those it shares its commit with", async () => {
  const { database, add } = open(":memory:");
  const failing = database.commit(() => {
    database.sqlite.exec("INSERT INTO thing VALUES ('half done')");
    throw new Error("changed my mind");
  });
  const settled = Promise.all([add("before"), add("after")]);
  await assertRejects(() => failing, Error, "changed my mind");
  await settled;
  assertEquals(names(database), ["after", "before"]);
  database.close();
});

Deno.test("close() commits what is queued, and nothing comes after it", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "state.sqlite");
  const { database, add } = open(path);
  const last = add("last");
  database.close();
  await last;
  await assertRejects(() => add("too late"), Error, "closed");
  const again = open(path);
  assertEquals(names(again.database), ["last"]);
  again.database.close();
});

Deno.test("afterCommit() waits for the commit, and forgets what was undone", async () => {
  const { database, add } = open(":memory:");
  const seen: string[] = [];
  const fine = database.commit(() => {
    database.afterCommit(() => seen.push(`fine, with ${names(database).join()}`));
    seen.push("running");
  });
  const undone = database.commit(() => {
    database.afterCommit(() => seen.push("undone"));
    throw new Error("changed my mind");
  });
  await Promise.all([fine, assertRejects(() => undone, Error), add("b")]);
  assertEquals(seen, ["running", "fine, with b"]);
  database.close();
});

Deno.test("a transaction that can't be committed fails all its works, and the next one is well", async () => {
  const { database, add } = open(":memory:");
  database.define(`
    CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
  `);
  let afterwards = 0;
  const orphan = database.commit(() => {
    database.sqlite.exec("INSERT INTO child VALUES (1)");
    database.afterCommit(() => afterwards++);
  });
  await Promise.all([
    assertRejects(() => orphan, Error, "FOREIGN KEY"),
    assertRejects(() => add("in the same transaction"), Error, "FOREIGN KEY"),
  ]);
  await add("in the next");
  assertEquals([names(database), afterwards], [["in the next"], 0]);
  database.close();
});

/** For {@linkcode open}: every sync happens on another thread, as if the disk were slow. */
const NONE_IS_QUICK = 0;

/** Replaces the sync of files on another thread until it is disposed of. */
function whenSynced(sync: (original: () => Promise<void>) => Promise<void>): Disposable {
  const { syncData } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.syncData = function () {
    return sync(() => syncData.call(this));
  };
  return {
    [Symbol.dispose]: () => {
      Deno.FsFile.prototype.syncData = syncData;
    },
  };
}

Deno.test("works that come together share one transaction and one sync, and are settled after it", async () => {
  using folder = tempFolder();
  const { database, add } = open(join(folder.path, "state.sqlite"), NONE_IS_QUICK);
  let commits = 0;
  const exec = database.sqlite.exec.bind(database.sqlite);
  database.sqlite.exec = (sql) => {
    if (sql === "COMMIT") commits++;
    exec(sql);
  };
  const syncs: PromiseWithResolvers<void>[] = [];
  let settled = 0;
  const addAll = (count: number) =>
    Array.from({ length: count }, (_, n) => add(String(n)).then(() => settled++));
  const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
  using _ = whenSynced(async (original) => {
    const held = Promise.withResolvers<void>();
    syncs.push(held);
    await held.promise;
    await original();
  });
  const first = addAll(100);
  await until("a sync", () => syncs.length > 0 || undefined);
  const second = addAll(50);
  await turn();
  assertEquals([commits, syncs.length, settled], [1, 1, 0], "none is settled before its sync");
  syncs[0].resolve();
  await Promise.all(first);
  await until("the next sync", () => syncs.length > 1 || undefined);
  assertEquals([commits, syncs.length, settled], [2, 2, 100], "the others share the next");
  syncs[1].resolve();
  await Promise.all(second);
  assertEquals(names(database).length, 150);
  database.close();
});

Deno.test("a quick disk is synced on the event loop, and its failure fails the works too", async () => {
  using folder = tempFolder();
  const { database, add } = open(join(folder.path, "state.sqlite"), Infinity);
  using _ = whenSynced(() => Promise.reject(new Error("on another thread")));
  await add("fine");
  const { syncDataSync } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.syncDataSync = () => {
    throw new Error("EIO: input/output error");
  };
  try {
    await assertRejects(() => add("lost"), Error, "EIO");
  } finally {
    Deno.FsFile.prototype.syncDataSync = syncDataSync;
  }
  database.close();
});

// fsync(2), "EIO": Linux reports a failed write-back once to each open file, and counts the pages as
// clean after it. PostgreSQL ends itself for this reason since 11.2.
Deno.test("after a failed sync nothing is committed any more, and the file is not written", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "state.sqlite");
  const { database, add } = open(path, NONE_IS_QUICK);
  await add("safe");
  let syncs = 0;
  const later: Promise<unknown>[] = [];
  {
    using _ = whenSynced((original) => {
      if (syncs++ > 0) return original();
      later.push(assertRejects(() => add("comes during the sync"), Error, "takes no more changes"));
      return Promise.reject(new Error("EIO: input/output error"));
    });
    await assertRejects(() => add("lost"), NotSynced, "EIO");
    later.push(assertRejects(() => add("comes after it"), Error, "EIO: input/output error"));
    await Promise.all(later);
  }
  assertEquals(syncs, 1);
  const fileBytes = Deno.readFileSync(path);
  database.close();
  assertEquals(Deno.readFileSync(path), fileBytes);
  await assertRejects(() => add("too late"), Error, "closed");
});

Deno.test("a sync for which no file could be opened is made up for by the next one", async () => {
  using folder = tempFolder();
  const { database, add } = open(join(folder.path, "state.sqlite"), NONE_IS_QUICK);
  const { open: openFile } = Deno;
  Deno.open = () => Promise.reject(new Error("EMFILE: too many open files"));
  try {
    await assertRejects(() => add("not synced"), NotSynced, "EMFILE");
  } finally {
    Deno.open = openFile;
  }
  await add("synced");
  assertEquals(names(database), ["not synced", "synced"]);
  database.close();
});

Deno.test("a start writes the log that a killed process left to the file", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "state.sqlite");
  const { database, add } = open(path);
  await add("a");
  const copy = join(folder.path, "copy.sqlite");
  for (const end of ["", "-wal"]) Deno.copyFileSync(path + end, copy + end);
  database.close();
  const again = open(copy);
  const { size } = Deno.statSync(`${copy}-wal`);
  assertEquals([names(again.database), size], [["a"], 0]);
  again.database.close();
});

Deno.test("close() during a sync settles what it has committed", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "state.sqlite");
  const { database, add } = open(path, NONE_IS_QUICK);
  const held = Promise.withResolvers<void>();
  let isSyncing = false;
  using _ = whenSynced(() => {
    isSyncing = true;
    return held.promise;
  });
  const added = add("a");
  await until("a sync", () => isSyncing || undefined);
  const last = add("b");
  database.close();
  await Promise.all([added, last]);
  held.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  const again = open(path);
  assertEquals(names(again.database), ["a", "b"]);
  again.database.close();
});

Deno.test("a statement is prepared once for its text, and texts with values in them are refused in the end", () => {
  const { database } = open(":memory:");
  assertEquals(
    database.statement("SELECT ? AS it") === database.statement("SELECT ? AS it"),
    true,
  );
  assertThrows(
    () => {
      for (let value = 0; value < 1_000; value++) database.statement(`SELECT ${value}`);
    },
    RangeError,
    "statements are held already",
  );
  database.close();
});

// "database or disk is full" of SQLite 3.50 on a full ext4, 2026-12-01: it ended the whole sandbox.
Deno.test("space that can't be given back is left until the next commit", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "state.sqlite");
  const { database, add } = open(path);
  let looks = 0;
  const statement = database.statement.bind(database);
  database.statement = (sql) => {
    if (!sql.startsWith("PRAGMA wal_checkpoint")) return statement(sql);
    looks++;
    throw new Error("database or disk is full");
  };
  await add("a");
  await until("a look", () => looks > 0 || undefined);
  await add("b");
  assertEquals(names(database), ["a", "b"]);
  database.close();
});

Deno.test("the file shrinks again when what it held is deleted, also one from before that was so", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "state.sqlite");
  {
    using old = new DatabaseSync(path);
    old.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; CREATE TABLE old (data BLOB)");
    old.exec("INSERT INTO old VALUES (zeroblob(10000000))");
  }
  const { database, add } = open(path);
  await add("kept");
  const sizeMiB = () => Deno.statSync(path).size / 1024 / 1024;
  assertEquals(sizeMiB() > 9, true);
  await database.commit(() => database.sqlite.exec("DROP TABLE old"));
  await until("the file to shrink", () => sizeMiB() < 2 || undefined);
  assertEquals([names(database), Deno.statSync(`${path}-wal`).size], [["kept"], 0]);
  database.close();
});
