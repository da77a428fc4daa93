/**
 * The members of a gzip object: how many, how large, and what their headers hold. Reads an object of
 * any size in flat memory. Follows RFC 1952, section 2.2 (https://www.rfc-editor.org/rfc/rfc1952).
 * @module
 */

import {
  GZheader,
  Z_BUF_ERROR,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  zlibInflate,
  zlibInflateGetHeader,
  zlibInflateInit2,
  zlibInflateReset,
  ZStream,
} from "pako";

/** What was found. */
export interface GzipTraits {
  readonly members: number;
  /** Members without content. */
  readonly emptyMembers: number;
  /** Bytes of the smallest and the largest member, compressed; 0 if there is none. */
  readonly smallestBytes: number;
  readonly largestBytes: number;
  /** Members whose headers have a field that some reader refuses. */
  readonly comments: number;
  readonly headerChecksums: number;
  readonly textFlags: number;
  /** What is wrong with the end or the middle; undefined if nothing is. */
  readonly problem: string | undefined;
}

/** zlib's number for "gzip, with the largest window". */
const GZIP_WINDOW_BITS = 15 + 16;
const OUTPUT_BYTES = 64 * 1024;

/** Counts members while the object's bytes come. */
export class GzipMembers {
  readonly #stream = new ZStream();
  #header = new GZheader();
  /** Of the present member. */
  #bytes = 0;
  #contentBytes = 0;
  #firstByte = 0;
  #counts = {
    members: 0,
    emptyMembers: 0,
    smallestBytes: 0,
    largestBytes: 0,
    comments: 0,
    headerChecksums: 0,
    textFlags: 0,
  };
  #problem: string | undefined;

  constructor() {
    zlibInflateInit2(this.#stream, GZIP_WINDOW_BITS);
    this.#stream.output = new Uint8Array(OUTPUT_BYTES);
    this.#beginMember();
  }

  /** Takes the next bytes of the object. */
  push(chunk: Uint8Array): void {
    const stream = this.#stream;
    stream.input = chunk;
    stream.next_in = 0;
    stream.avail_in = chunk.length;
    while (!this.#problem && (stream.avail_in > 0 || stream.avail_out === 0)) this.#inflate();
  }

  /** What was found, once the last bytes were pushed. */
  finish(): GzipTraits {
    if (this.#bytes > 0) {
      this.#problem ??= `member ${this.#counts.members + 1} is cut off`;
    }
    return { ...this.#counts, problem: this.#problem };
  }

  #inflate(): void {
    const stream = this.#stream;
    const inputBefore = stream.next_in;
    if (this.#bytes === 0) this.#firstByte = stream.input[inputBefore];
    stream.next_out = 0;
    stream.avail_out = OUTPUT_BYTES;
    const status = zlibInflate(stream, Z_NO_FLUSH);
    this.#bytes += stream.next_in - inputBefore;
    this.#contentBytes += stream.next_out;
    if (status === Z_STREAM_END) this.#endMember();
    else if (status === Z_BUF_ERROR) stream.avail_out = OUTPUT_BYTES; // it waits for more input
    else if (status !== Z_OK) this.#problem = this.#problemText();
  }

  #problemText(): string {
    const member = this.#counts.members;
    const isMember = this.#header.done || member === 0;
    if (isMember) return `member ${member + 1} is damaged: ${this.#stream.msg}`;
    return this.#firstByte === 0
      ? `zeros follow member ${member}: readers stop there, and do not see what follows`
      : `bytes that are no gzip follow member ${member}`;
  }

  #beginMember(): void {
    this.#bytes = 0;
    this.#contentBytes = 0;
    this.#header = new GZheader();
    zlibInflateGetHeader(this.#stream, this.#header);
  }

  #endMember(): void {
    const { text, hcrc, comment } = this.#header;
    const counts = this.#counts;
    counts.members++;
    if (this.#contentBytes === 0) counts.emptyMembers++;
    counts.smallestBytes = counts.members === 1
      ? this.#bytes
      : Math.min(counts.smallestBytes, this.#bytes);
    counts.largestBytes = Math.max(counts.largestBytes, this.#bytes);
    if (comment) counts.comments++;
    if (hcrc) counts.headerChecksums++;
    if (text) counts.textFlags++;
    zlibInflateReset(this.#stream);
    this.#beginMember();
  }
}
