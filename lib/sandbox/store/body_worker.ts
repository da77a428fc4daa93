/**
 * The worker that writes bodies to disk, several at a time: hashing and syncing a large one takes
 * longer than a put may wait. Started and spoken to by `body_thread.ts`.
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { BodyFile, type FinishedBody } from "./body_file.ts";
import { PastCache } from "./past_cache.ts";
import type { FileRange } from "./segment_files.ts";

/** Requests to the worker. It answers all of them, in order. */
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

/** Its answers; for a finished body, what the file holds. */
export type BodyReply = { readonly finished?: FinishedBody } | { readonly failure: string };

const pastCache = new PastCache();
const bodies = new Map<number, BodyFile>();

self.onmessage = ({ data }: MessageEvent<BodyRequest>) => {
  try {
    self.postMessage({ finished: act(data) } satisfies BodyReply);
  } catch (error) {
    self.postMessage({ failure: String(error) } satisfies BodyReply);
  }
};

function act(request: BodyRequest): FinishedBody | undefined {
  const { body } = request;
  if (request.kind === "create") {
    bodies.set(body, new BodyFile(request.path, pastCache));
    return undefined;
  }
  const file = bodies.get(body);
  if (!file) throw new Error("the body was not created, or has ended");
  if (request.kind === "write") return void file.write(request.bytes);
  if (request.kind === "copy") return void file.copy(request.from);
  // A body that cannot be finished is still to be discarded.
  const finished = request.kind === "finish" ? file.finish() : void file.discard();
  bodies.delete(body);
  return finished;
}
