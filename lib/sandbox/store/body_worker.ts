/**
 * The worker that writes bodies to disk, several at a time: hashing and syncing a large one takes
 * longer than a put may wait. It hashes one body while the disk writes or syncs others. Started and
 * spoken to by `body_thread.ts`.
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { BodyFile, type FinishedBody } from "./body_file.ts";
import { PastCache } from "./past_cache.ts";
import type { FileRange } from "./segment_files.ts";

/** Work on the body with this number. */
export type BodyWork =
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

/** Requests to the worker. It answers all of them; those about one body, in order. */
export type BodyRequest = { readonly id: number } & BodyWork;

/** Its answers; for a finished body, what the file holds. */
export type BodyReply =
  & { readonly id: number }
  & ({ readonly finished?: FinishedBody } | { readonly failure: string });

/** A body, and the end of the last work on it. */
interface OpenBody {
  readonly file: BodyFile;
  last: Promise<unknown>;
}

const pastCache = new PastCache();
const bodies = new Map<number, OpenBody>();

self.onmessage = async ({ data }: MessageEvent<BodyRequest>) => {
  const { id } = data;
  try {
    self.postMessage({ id, finished: await act(data) } satisfies BodyReply);
  } catch (error) {
    self.postMessage({ id, failure: String(error) } satisfies BodyReply);
  }
};

async function act(work: BodyWork): Promise<FinishedBody | undefined> {
  if (work.kind === "create") {
    const file = new BodyFile(work.path, pastCache);
    bodies.set(work.body, { file, last: Promise.resolve() });
    return undefined;
  }
  const body = bodies.get(work.body);
  if (!body) throw new Error("the body was not created, or has ended");
  const done = body.last.then(() => actOn(body.file, work));
  body.last = done.catch(() => {});
  const finished = await done;
  // A body that cannot be finished is still to be discarded.
  if (work.kind === "finish" || work.kind === "discard") bodies.delete(work.body);
  return finished;
}

async function actOn(
  file: BodyFile,
  work: Exclude<BodyWork, { kind: "create" }>,
): Promise<FinishedBody | undefined> {
  switch (work.kind) {
    case "write":
      return void await file.write(work.bytes);
    case "copy":
      return void await file.copy(work.from);
    case "finish":
      return await file.finish();
    case "discard":
      return void await file.discard();
  }
}
