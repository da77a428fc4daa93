/**
 * The container of a ZIP file around bytes that are deflated elsewhere. After `compress_encoders.ts`,
 * which loads it for the first ZIP.
 * @module
 */

import { Zip, ZipPassThrough } from "fflate";
import type { Encoder, ZipEntry } from "./encoder.ts";
import type { Piece } from "./snappy_framing.ts";

/**
 * A ZIP file with one entry, which `deflate` compresses: fflate's own deflating of a stream writes
 * files that cannot be read (0.8.3, pieces of 32 KiB and more).
 */
export function zipEncoder({ name, modifiedMs }: ZipEntry, deflate: Encoder): Encoder {
  let ready: Piece[] = [];
  const archive = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  const entry = new DeflatedEntry(name);
  entry.mtime = modifiedMs;
  archive.add(entry);
  const drain = () => {
    const drained = ready;
    ready = [];
    return drained;
  };
  return {
    async push(bytes) {
      entry.push(bytes);
      for (const piece of await deflate.push(bytes)) entry.ondata(null, piece, false);
      return drain();
    },
    async finish() {
      for (const piece of await deflate.finish()) entry.ondata(null, piece, false);
      entry.push(new Uint8Array(), true);
      entry.ondata(null, new Uint8Array(), true);
      archive.end();
      return drain();
    },
    discard: deflate.discard,
  };
}

/** Keeps length and checksum of what is pushed; the deflated bytes are handed to `ondata`. */
class DeflatedEntry extends ZipPassThrough {
  override compression = 8;
  protected override process(): void {}
}
