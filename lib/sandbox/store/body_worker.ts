/**
 * The worker that writes bodies to disk, several at a time: hashing and syncing a large one takes
 * longer than a put may wait. Started and spoken to by `body_thread.ts`.
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { createHash, type Hash } from "node:crypto";
import { dirname } from "node:path";
import type { FileRange } from "./segment_files.ts";

/** What the worker is told. All of it is answered, in order. */
export type BodyRequest =
  & { readonly body: number }
  & (
    /** Creates the file at `path`, whose folder exists. */
    | { readonly kind: "create"; readonly path: string }
    | { readonly kind: "write"; readonly bytes: Uint8Array<ArrayBuffer> }
    /** Writes bytes of another file. */
    | { readonly kind: "copy"; readonly from: FileRange }
    /** Syncs the file and its folder. */
    | { readonly kind: "finish" }
    /** Removes the file. */
    | { readonly kind: "discard" }
  );

/** What it answers. */
export type BodyReply = { readonly written: Written } | { readonly failure: string };

/** What has been written of a body. */
export interface Written {
  readonly sizeBytes: number;
  /** Of a body that is finished. */
  readonly md5Hex?: string;
}

/**
 * Bytes after which a file that grows is synced. The database shares the disk, and its commits
 * would wait behind one sync of a whole large body: with 4 MiB, one put in a hundred waits twice as
 * long as with this (measured).
 */
const SYNC_BYTES = 1024 * 1024;

/** What is copied at once. */
const PIECE = new Uint8Array(256 * 1024);

class BodyFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #md5: Hash = createHash("md5");
  #isOpen = true;
  #sizeBytes = 0;
  #unsyncedBytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = Deno.openSync(path, { write: true, createNew: true, mode: 0o600 });
  }

  write(bytes: Uint8Array): Written {
    for (let left = bytes; left.length > 0;) left = left.subarray(this.#file.writeSync(left));
    this.#md5.update(bytes);
    this.#sizeBytes += bytes.length;
    this.#unsyncedBytes += bytes.length;
    if (this.#unsyncedBytes >= SYNC_BYTES) {
      this.#unsyncedBytes = 0;
      this.#file.syncDataSync();
    }
    return { sizeBytes: this.#sizeBytes };
  }

  copy({ path, offset, length }: FileRange): Written {
    using source = Deno.openSync(path);
    source.seekSync(offset, Deno.SeekMode.Start);
    for (let left = length; left > 0;) {
      const read = source.readSync(PIECE.subarray(0, left));
      if (read === null) throw new Error(`${path} ends before ${offset + length}`);
      this.write(PIECE.subarray(0, read));
      left -= read;
    }
    return { sizeBytes: this.#sizeBytes };
  }

  finish(): Written {
    this.#file.syncSync();
    this.close();
    // A new file is durable only when its folder is.
    using folder = Deno.openSync(dirname(this.#path));
    folder.syncSync();
    return { sizeBytes: this.#sizeBytes, md5Hex: this.#md5.digest("hex") };
  }

  discard(): Written {
    this.close();
    Deno.removeSync(this.#path);
    return { sizeBytes: 0 };
  }

  close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }
}

const bodies = new Map<number, BodyFile>();

self.onmessage = ({ data }: MessageEvent<BodyRequest>) => {
  try {
    self.postMessage({ written: act(data) } satisfies BodyReply);
  } catch (error) {
    self.postMessage({ failure: String(error) } satisfies BodyReply);
  }
};

function act(request: BodyRequest): Written {
  const { body } = request;
  if (request.kind === "create") {
    bodies.set(body, new BodyFile(request.path));
    return { sizeBytes: 0 };
  }
  const file = bodies.get(body);
  if (!file) throw new Error("the body was not created, or has ended");
  if (request.kind === "write") return file.write(request.bytes);
  if (request.kind === "copy") return file.copy(request.from);
  // A body that cannot be finished is still to be discarded.
  const written = request.kind === "finish" ? file.finish() : file.discard();
  bodies.delete(body);
  return written;
}
