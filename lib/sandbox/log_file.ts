/**
 * The log file of a sandbox in the background. It runs for weeks, and logs each request: when the
 * file is full, a new one begins, and the one before stays beside it.
 * @module
 */

/** Names the file to the process whose standard error it is. */
export const LOG_FILE_VARIABLE = "SANDBOX_LOG_FILE";

/** Bytes of one file, some 100,000 requests. There are two files at most. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** Where the file before the present one is. */
export const olderLog = (path: string) => `${path}.1`;

/**
 * Hands bytes on to `write`, which appends to the file at `path`, and begins a new file before it has
 * more than `bytesMax` bytes. The process keeps it open, so the file is copied and cut, not renamed.
 */
export function boundedLog(
  write: (bytes: Uint8Array) => Promise<void>,
  path: string,
  bytesMax = FILE_BYTES_MAX,
): (bytes: Uint8Array) => Promise<void> {
  let fileBytes = 0;
  return async (bytes) => {
    if (fileBytes > 0 && fileBytes + bytes.length > bytesMax) {
      // Without room for a copy, or after its folder was removed, there is only the present file.
      await Deno.copyFile(path, olderLog(path)).catch(() => {});
      await Deno.truncate(path).catch(() => {});
      fileBytes = 0;
    }
    await write(bytes);
    fileBytes += bytes.length;
  };
}
