/**
 * How glibc keeps the memory of the sandbox's process. Other systems ignore these variables.
 * @module
 */

/**
 * Two arenas in place of 16: each thread that has read or written a file would fill its own arena.
 * In a mixed load on a busy machine, with 38 threads, memory outside V8's heap was 115 MiB, and 68 with
 * this; a put or a batch takes no more processor time (three turns).
 *
 * Freed memory of 1 MiB or more goes back at once. Before other memory went back too, the process held
 * 272 MiB 20 s after 64 connections of batches (bodies of 674 KB), and 367 without; after 4 connections
 * 128 and 151. With 512 KiB it was 241 and 135, but every body then cost new pages: one connection put
 * 194 batches a second, not 224 (quiet machine, 2026-11-30).
 *
 * A set threshold also ends glibc's own choice of how much free memory it keeps at the end of its heap,
 * and 128 KiB is all then: a batch cost 18 to 46 new pages, and 2 to 22 with 32 MiB, as without any
 * setting. It made 333 to 374 batches a second, not 319 to 373.
 */
export const MEMORY_VARIABLES = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "1048576",
  MALLOC_TRIM_THRESHOLD_: "33554432",
  /** What is freed goes back when the sandbox is idle: see `memory_trim.ts`. */
  DENO_USR2_MEMORY_TRIM: "1",
} as const;
