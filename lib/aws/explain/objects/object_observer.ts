/**
 * Notes the traits of an object while it is read once, piece by piece.
 * @module
 */

import type { Compression } from "../../../sandbox/decoding/compression.ts";
import type { NamedFile } from "../shared/evidence.ts";
import type { ObjectTraits } from "./delivered_object.ts";
import { GzipMembers } from "./gzip_members.ts";
import { JsonLayoutReader } from "./json_layout.ts";

/** Notes traits: both taps pass on what they get. */
export class ObjectObserver {
  readonly #gzip = new GzipMembers();
  readonly #layout = new JsonLayoutReader();
  #bytes = 0;

  /** The object's bytes as stored. */
  async *stored(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let isGzip: boolean | undefined;
    for await (const chunk of chunks) {
      this.#bytes += chunk.length;
      isGzip ??= chunk[0] === 0x1f;
      if (isGzip) this.#gzip.push(chunk);
      yield chunk;
    }
  }

  /** The object's content, decompressed. */
  async *content(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#layout.push(chunk);
      yield chunk;
    }
  }

  /** What is wrong with the gzip that came so far; undefined if nothing is, or it is no gzip. */
  gzipProblem(): string | undefined {
    return this.#gzip.finish().problem;
  }

  /** What was seen, once both were read to their ends. */
  traits(
    compression: Compression,
    { name, contentEncoding }: Pick<NamedFile, "name" | "contentEncoding">,
  ): ObjectTraits {
    const gzip = compression === "GZIP" ? this.#gzip.finish() : undefined;
    const layout = this.#layout.finish();
    return {
      name,
      bytes: this.#bytes,
      compression,
      gzip,
      layout,
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
    };
  }
}
