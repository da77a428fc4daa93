/**
 * How glibc keeps the memory of the sandbox's process. Other systems ignore these variables.
 * @module
 */

/**
 * Two arenas in place of 16: each thread that once read or wrote a file would fill one of its own.
 * In a mixed load on a busy machine, with 38 threads, memory outside V8's heap was 115 MiB, and 68 with
 * this; a put or a batch takes no more processor time (three turns).
 *
 * Freed memory of 512 KiB or more goes back at once: 20 s after 64 connections of batches the process
 * held 160 MiB, and 282 without. With 128 KiB a batch of 500 KB takes about 30 % more processor time.
 */
export const MEMORY_VARIABLES = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "524288",
} as const;
