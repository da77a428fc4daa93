/**
 * The worker that compresses large objects, several at a time, while the sandbox answers puts.
 * Started and spoken to by `compress.ts`.
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import type { Piece } from "./snappy_framing.ts";
import { type Encoder, encoderOf, type ZipEntry } from "./compress_encoders.ts";
import type { EncodedFormat } from "../compression_format.ts";

/** What the worker is told. Each but `discard` is answered, in order for each job. */
export type CompressRequest =
  & { readonly job: number }
  & (
    | { readonly kind: "start"; readonly format: EncodedFormat; readonly entry: ZipEntry }
    | { readonly kind: "push"; readonly bytes: Piece }
    | { readonly kind: "finish" }
    | { readonly kind: "discard" }
  );

/** What it answers: compressed bytes that are ready, or why there will be none. */
export type CompressReply =
  & { readonly job: number }
  & ({ readonly pieces: readonly Piece[] } | { readonly failure: string });

const encoders = new Map<number, Encoder>();

self.onmessage = async ({ data }: MessageEvent<CompressRequest>) => {
  const { job } = data;
  try {
    const pieces = await act(data);
    if (pieces) self.postMessage({ job, pieces } satisfies CompressReply);
  } catch (error) {
    self.postMessage({ job, failure: String(error) } satisfies CompressReply);
  }
};

async function act(request: CompressRequest): Promise<readonly Piece[] | undefined> {
  const { job } = request;
  if (request.kind === "start") {
    encoders.set(job, encoderOf(request.format, request.entry));
    return [];
  }
  const encoder = encoders.get(job);
  // Its start failed: whoever pushes is told, and does not wait for ever.
  if (!encoder) throw new Error("the job was not started, or has ended");
  if (request.kind === "push") return await encoder.push(request.bytes);
  encoders.delete(job);
  if (request.kind === "finish") return await encoder.finish();
  encoder.discard();
}
