/**
 * The worker that compresses large objects, several at a time, while the sandbox answers puts.
 * `compress.ts` starts it and sends it requests.
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import type { Piece } from "./snappy_framing.ts";
import { encoderOf } from "./compress_encoders.ts";
import type { Encoder, ZipEntry } from "./encoder.ts";
import type { EncodedFormat } from "../compression_format.ts";

/** Requests to the worker. It answers all but `discard`, in order for each job. */
export type CompressRequest =
  & { readonly job: number }
  & (
    | { readonly kind: "start"; readonly format: EncodedFormat; readonly entry: ZipEntry }
    | { readonly kind: "push"; readonly bytes: Piece }
    | { readonly kind: "finish" }
    | { readonly kind: "discard" }
  );

/** Its answers: compressed bytes that are ready, or why there are none. */
export type CompressReply =
  & { readonly job: number }
  & ({ readonly pieces: readonly Piece[] } | { readonly failure: string });

const encoders = new Map<number, Promise<Encoder>>();

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
    const starting = encoderOf(request.format, request.entry);
    encoders.set(job, starting);
    await starting;
    return [];
  }
  const encoder = await encoders.get(job);
  // Its start failed: answer each push with that, so that no caller waits without end.
  if (!encoder) throw new Error("the job was not started, or has ended");
  if (request.kind === "push") return await encoder.push(request.bytes);
  encoders.delete(job);
  if (request.kind === "finish") return await encoder.finish();
  encoder.discard();
}
