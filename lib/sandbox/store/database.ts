/**
 * The database: all state in one SQLite file, and the shared commit. Works that arrive together
 * run in one transaction and are synced once; each gets its result after the sync.
 *
 * The log is synced here and not by SQLite (`synchronous = NORMAL`: it syncs only when it writes the
 * log back), so that a slow sync happens on another thread and requests are decoded meanwhile. Until
 * it is done, reads see what is committed; no client has its answer yet.
 * @module
 */

import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Statement } from "./statement.ts";

/**
 * Bytes of a page. A commit writes every page that it touched, whole: with pages of 32 KiB a put of
 * one record takes half as long again, with 4 KiB no less than with these (measured).
 */
const PAGE_BYTES = 8_192;

/**
 * Pages after which the log is written back: 4 MiB. The more it is at a time, the longer does one
 * put in some hundreds wait.
 */
const CHECKPOINT_PAGES = 512;

/** Bytes that the log keeps once it is written back: 4 times what is written back at a time. */
const WAL_BYTES_MAX = 4 * CHECKPOINT_PAGES * PAGE_BYTES;

/**
 * Free pages that the file keeps for what comes next: 1 MiB, or a tenth of it. What is beyond goes
 * back to the file system, 2 MiB at a time: some milliseconds.
 */
const FREE_PAGES_KEPT = 128;
const FREE_SHARE_KEPT = 0.1;
const SHRINK_PAGES = 256;
/** How long after a commit free pages are looked for, and the pause between two portions. */
const SHRINK_AFTER_MS = 2_000;
const SHRINK_PAUSE_MS = 20;

/**
 * If the last sync took less, the next one is done on the event loop: handing it to another thread
 * takes longer then. With a disk that syncs in 0.2 ms, 4 connections put 3,650 records a second in
 * place of 2,950 (Deno 2.9.6, two cores, 2026-11-30).
 */
const QUICK_SYNC_MS = 1;

/**
 * How long a commit waits for further works if syncs are slow: a share of the last one, and no longer
 * than this.
 */
const GATHER_SHARE = 0.3;
const GATHER_MS_MAX = 5;

/** Statements that are held. There are about a hundred: more means that values are in their text. */
const STATEMENTS_MAX = 500;

interface Work {
  run(): void;
  settle(failure?: unknown): void;
}

/** Works whose transaction is committed, and what to do once it is on disk. */
interface Committed {
  readonly works: readonly Work[];
  readonly afterwards: readonly (() => void)[];
}

const NOTHING: Committed = { works: [], afterwards: [] };

/**
 * A commit that was made, but could not be synced: what it changed is there, and may be lost if the
 * machine fails now. Its files must stay.
 */
export class NotSynced extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * The system says once that it could not sync. Then it counts those bytes as synced, and all that is
 * written after them to the log is lost with them.
 */
class SyncFailed extends NotSynced {}

/** Syncs a file. Throws {@linkcode SyncFailed} if bytes of it are lost. */
async function synced(sync: () => Promise<void> | void): Promise<void> {
  try {
    await sync();
  } catch (cause) {
    throw new SyncFailed(cause);
  }
}

/** The error of works that come after a failed sync. Nothing of them is committed. */
const refusal = (failure: SyncFailed) =>
  new Error(
    `The disk failed to store an earlier change: ${failure.message}. The sandbox takes no more ` +
      "changes. Look at the disk, then start the sandbox again.",
    { cause: failure },
  );

/** The log of the database at `path`, to sync it: its folder, too, knows of it after this. */
async function openLog(path: string): Promise<Deno.FsFile> {
  using folder = await Deno.open(dirname(path));
  const log = await Deno.open(logPath(path), { read: true, write: true });
  try {
    await synced(() => folder.sync());
    return log;
  } catch (error) {
    log.close();
    throw error;
  }
}

const logPath = (path: string) => `${path}-wal`;

/** Bytes of the log that the last process left; 0 if it closed the database. */
function leftLogBytes(path: string): number {
  try {
    return Deno.statSync(logPath(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** The sandbox's SQLite database. Each service creates its own tables with {@linkcode define}. */
export class Database {
  /** For reading, and for writing inside {@linkcode commit} and {@linkcode define} only. */
  readonly sqlite: DatabaseSync;
  readonly #statements = new Map<string, Statement>();
  #queue: Work[] = [];
  /** What is to be done once the transaction that runs is on disk. */
  #afterwards: (() => void)[] = [];
  readonly #path: string;
  readonly #quickSyncMs: number;
  /** SQLite's log, opened once more, to sync it. */
  #log: Deno.FsFile | undefined;
  #isFlushing = false;
  /** How long the last sync took, and how many works there were then. */
  #syncMs = 0;
  #expected = 0;
  /** Ends the wait for further works. */
  #gathered: (() => void) | undefined;
  /** What is committed and being synced. */
  #syncing: Committed = NOTHING;
  #closed = false;
  /** Why bytes of the log are lost: from then on nothing is committed. */
  #failed: SyncFailed | undefined;
  #shrinking: ReturnType<typeof setTimeout> | undefined;
  /** Whether there was a look for free pages since the last commit. */
  #isIdle = false;

  /**
   * Opens or creates the file at `path`; `":memory:"` keeps everything in memory. With a
   * `quickSyncMs` of 0 every sync happens on another thread.
   */
  constructor(path: string, quickSyncMs = QUICK_SYNC_MS) {
    this.#path = path;
    this.#quickSyncMs = quickSyncMs;
    const leftBytes = path === ":memory:" ? 0 : leftLogBytes(path);
    this.sqlite = new DatabaseSync(path);
    this.sqlite.exec(`
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA journal_size_limit = ${WAL_BYTES_MAX};
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA foreign_keys = ON;
      PRAGMA cache_size = -16384;
    `);
    // Its process may have ended because of a failed sync: then the system has bytes in memory that it
    // never writes. They are written once more here, to the file.
    if (leftBytes > 0) this.statement("PRAGMA wal_checkpoint(TRUNCATE)").all();
    if (path !== ":memory:") this.#makeShrinkable();
  }

  /** Creates tables and indexes; `sql` must be harmless when they exist (`IF NOT EXISTS`). */
  define(sql: string): void {
    this.sqlite.exec(sql);
  }

  /**
   * The statement of `sql`, prepared when it is first asked for and kept: each holds 4 to 14 KiB
   * that V8 does not count, so that one prepared in every call fills the memory. Values go into its
   * parameters, never into its text. Throws a `RangeError` beyond {@linkcode STATEMENTS_MAX}.
   */
  statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= STATEMENTS_MAX) {
      throw new RangeError(`${STATEMENTS_MAX} statements are held already: ${sql}`);
    }
    const statement = new Statement(this.sqlite.prepare(sql));
    this.#statements.set(sql, statement);
    return statement;
  }

  /**
   * Runs `work` inside the next transaction and resolves with its result once that is on disk.
   * If `work` throws, its own changes are undone, the error is passed on, and others are not harmed.
   * Rejects with {@linkcode NotSynced} if all is committed, but not on disk. If the disk failed to sync
   * it, all later works are refused.
   * `work` is synchronous: it must not start anything that outlives it.
   */
  commit<Result>(work: () => Result): Promise<Result> {
    if (this.#closed) {
      return Promise.reject(new Error("the database is closed"));
    }
    if (this.#failed) return Promise.reject(refusal(this.#failed));
    return new Promise<Result>((resolve, reject) => {
      let result: { value: Result } | undefined;
      this.#queue.push({
        run: () => void (result = { value: work() }),
        settle: (failure) =>
          result && failure === undefined ? resolve(result.value) : reject(failure),
      });
      if (this.#queue.length >= this.#expected) this.#gathered?.();
      if (this.#queue.length > 1 || this.#isFlushing) return;
      setImmediate(() => {
        if (!this.#isFlushing) void this.#flush();
      });
    });
  }

  /**
   * Does `act` once the transaction of the work that calls this is on disk; never if that work, or
   * its transaction, is undone. For what can't be taken back, such as removing a file.
   */
  afterCommit(act: () => void): void {
    this.#afterwards.push(act);
  }

  /**
   * Commits what is queued and closes the file: that syncs what is not synced yet. After a failed sync
   * the file stays open: SQLite would write its log back, of which the disk may have lost bytes. The next
   * start verifies what is there.
   */
  close(): void {
    if (this.#closed) return;
    if (this.#failed) {
      this.#closed = true;
      return this.#closeLog();
    }
    const done = this.#transact();
    clearTimeout(this.#shrinking);
    this.#closed = true;
    this.#gathered?.();
    this.sqlite.close();
    this.#settle(this.#syncing);
    this.#settle(done);
    if (this.#syncing.works.length === 0) this.#closeLog();
  }

  /** Commits and syncs, until nothing is queued. What comes meanwhile shares the next commit. */
  async #flush(): Promise<void> {
    this.#isFlushing = true;
    while (this.#queue.length > 0) {
      await this.#gather();
      if (this.#closed) return;
      this.#syncing = this.#transact();
      const beganMs = performance.now();
      const failure = await this.#sync();
      if (this.#closed) return this.#closeLog();
      this.#syncMs = performance.now() - beganMs;
      this.#expected = this.#syncing.works.length + this.#queue.length;
      this.#settle(this.#syncing, failure);
      this.#syncing = NOTHING;
      if (failure instanceof SyncFailed) return this.#refuseAll(failure);
    }
    this.#isFlushing = false;
    this.#isIdle = false;
    this.#shrinkAfter(SHRINK_AFTER_MS);
  }

  /** Refuses what is queued, and all that comes. */
  #refuseAll(failure: SyncFailed): void {
    this.#failed = failure;
    clearTimeout(this.#shrinking);
    for (const work of this.#queue.splice(0)) work.settle(refusal(failure));
  }

  /**
   * Waits a moment for as many works as came together the last time: their clients have their
   * answers, and send the next. Four connections would else share a commit in twos, and a slow
   * disk take twice as long.
   */
  async #gather(): Promise<void> {
    if (this.#syncsQuickly || this.#queue.length >= this.#expected) return;
    const waitMs = this.#syncMs * GATHER_SHARE;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gathered = resolve;
    const timer = setTimeout(resolve, Math.min(waitMs, GATHER_MS_MAX));
    await promise;
    clearTimeout(timer);
    this.#gathered = undefined;
  }

  /** Runs what is queued in one transaction. What is left to settle is committed, not yet synced. */
  #transact(): Committed {
    const queued = this.#queue;
    this.#queue = [];
    if (queued.length === 0) return NOTHING;
    const works: Work[] = [];
    try {
      this.sqlite.exec("BEGIN IMMEDIATE");
      for (const work of queued) {
        const failure = this.#attempt(work);
        if (failure) work.settle(failure.error);
        else works.push(work);
      }
      this.sqlite.exec("COMMIT");
    } catch (failure) {
      if (this.sqlite.isTransaction) this.sqlite.exec("ROLLBACK");
      this.#afterwards = [];
      for (const work of queued) work.settle(failure);
      return NOTHING;
    }
    const afterwards = this.#afterwards;
    this.#afterwards = [];
    return { works, afterwards };
  }

  get #syncsQuickly(): boolean {
    return this.#syncMs < this.#quickSyncMs;
  }

  /** Syncs the log, on another thread if that takes long. Returns why it could not be synced. */
  async #sync(): Promise<unknown> {
    if (this.#path === ":memory:" || this.#syncing.works.length === 0) return undefined;
    try {
      const log = this.#log ??= await openLog(this.#path);
      await synced(() => this.#syncsQuickly ? log.syncDataSync() : log.syncData());
      return undefined;
    } catch (error) {
      return error instanceof NotSynced ? error : new NotSynced(error);
    }
  }

  #settle({ works, afterwards }: Committed, failure?: unknown): void {
    for (const work of works) work.settle(failure);
    if (failure !== undefined) return;
    for (const act of afterwards) act();
  }

  #closeLog(): void {
    this.#log?.close();
    this.#log = undefined;
  }

  // --- giving space back ------------------------------------------------------------------------

  /** Looks for free pages once in a while; a sandbox that has nothing else to do may end. */
  #shrinkAfter(delayMs: number): void {
    if (this.#shrinking !== undefined) return;
    const timer = setTimeout(() => {
      this.#shrinking = undefined;
      if (this.#closed) return;
      try {
        this.#shrink();
      } catch {
        // The disk is full, for example. It is tried again after the next commit, which says so.
      }
    }, delayMs);
    Deno.unrefTimer(Number(timer));
    this.#shrinking = timer;
  }

  /** Gives a portion of free pages back to the file system, and sees to the next. */
  #shrink(): void {
    const free = this.#pragma("freelist_count");
    const kept = Math.max(FREE_PAGES_KEPT, FREE_SHARE_KEPT * this.#pragma("page_count"));
    if (free <= kept) return this.#cutLog();
    // All of its steps: `exec` takes the first one only, which frees one page (Deno 2.9.6).
    this.statement(`PRAGMA incremental_vacuum(${SHRINK_PAGES})`).all();
    this.#shrinkAfter(SHRINK_PAUSE_MS);
  }

  /** Writes the log back and cuts it, and frees memory, if nothing was committed since the last look. */
  #cutLog(): void {
    if (this.#isIdle) {
      this.statement("PRAGMA wal_checkpoint(TRUNCATE)").all();
      // Its cache of pages, up to 16 MiB, which the system's own cache has too. After puts, deliveries
      // and partitions, glibc's heap was 28 MiB with this, and 34 without (2026-11-30).
      return void this.statement("PRAGMA shrink_memory").all();
    }
    this.#isIdle = true;
    this.#shrinkAfter(SHRINK_AFTER_MS);
  }

  #pragma(name: "freelist_count" | "page_count" | "auto_vacuum"): number {
    const [value] = Object.values(this.statement(`PRAGMA ${name}`).get() ?? {});
    return Number(value);
  }

  /** Rewrites, once, a file of an older version, which could not shrink. */
  #makeShrinkable(): void {
    const INCREMENTAL = 2;
    if (this.#pragma("auto_vacuum") === INCREMENTAL) return;
    this.sqlite.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;");
  }

  #attempt(work: Work): { error: unknown } | undefined {
    const promised = this.#afterwards.length;
    this.statement("SAVEPOINT work").run();
    try {
      work.run();
      this.statement("RELEASE work").run();
    } catch (error) {
      this.sqlite.exec("ROLLBACK TO work; RELEASE work");
      this.#afterwards.length = promised;
      return { error };
    }
  }
}
