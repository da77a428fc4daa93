/**
 * The buffers before S3, simulated: one for each partition, each due by its size or by the time since
 * its first record.
 * @module
 */

/** Size and time after which a buffer is due. */
export interface Hints {
  readonly bytes: number;
  readonly seconds: number;
}

/** Objects and their sizes in bytes, before the stream's compression. */
export interface Objects {
  readonly count: number;
  readonly bytes: number;
  readonly smallestBytes: number;
  readonly medianBytes: number;
  readonly largestBytes: number;
}

/** Partitions that are simulated one by one; of more, each of these stands for several. */
const GROUPS_MAX = 64;
/** Object sizes that are kept for the median. */
const SIZES_KEPT = 100_000;

/** Partitions with like shares. */
interface Group {
  /** How many partitions it stands for. */
  readonly weight: number;
  /** The share of the records that one of them gets. */
  readonly share: number;
  /** Records that are due to one of them, as a fraction that grows. */
  due: number;
  records: number;
  bytes: number;
  openedSeconds: number;
}

/** The buffers of all partitions of a stream, or of its error output. */
export class DeliveryBuffers {
  readonly #hints: Hints;
  readonly #groups: Group[];
  readonly #activeMax: number;
  readonly #sizes: number[] = [];
  #count = 0;
  #bytes = 0;
  #active = 0;
  /** The most partitions that were active at once. */
  peakActive = 0;
  /** Records of partitions that found no room among the active ones. */
  refused = 0;

  /** `shares` has one number for each partition; they add up to 1. */
  constructor(hints: Hints, { shares, activeMax }: {
    readonly shares: readonly number[];
    readonly activeMax: number;
  }) {
    this.#hints = hints;
    this.#activeMax = activeMax;
    this.#groups = groupsOf(shares);
  }

  /** Adds `records` of `meanBytes` each, divided over the partitions by their shares. */
  add(atSeconds: number, records: number, meanBytes: number): void {
    for (const group of this.#groups) {
      this.#closeIfDue(group, atSeconds);
      group.due += records * group.share;
      const taken = Math.floor(group.due + 1e-9);
      if (taken === 0) continue;
      group.due -= taken;
      if (group.records === 0 && !this.#open(group, atSeconds)) {
        this.refused += taken * group.weight;
        continue;
      }
      group.records += taken;
      group.bytes += taken * meanBytes;
      this.#deliverFull(group, atSeconds);
    }
  }

  /** Delivers what is left. */
  close(): void {
    for (const group of this.#groups) this.#closeIfDue(group, Infinity);
  }

  /** What was delivered, in a time `scale` times as long. */
  objects(scale: number): Objects {
    const sizes = this.#sizes.toSorted((a, b) => a - b);
    return {
      count: this.#count * scale,
      bytes: this.#bytes * scale,
      smallestBytes: sizes[0] ?? 0,
      medianBytes: sizes[Math.floor(sizes.length / 2)] ?? 0,
      largestBytes: sizes[sizes.length - 1] ?? 0,
    };
  }

  #open(group: Group, atSeconds: number): boolean {
    if (this.#active + group.weight > this.#activeMax) return false;
    this.#active += group.weight;
    this.peakActive = Math.max(this.peakActive, this.#active);
    group.openedSeconds = atSeconds;
    return true;
  }

  #closeIfDue(group: Group, atSeconds: number): void {
    const isDue = group.openedSeconds + this.#hints.seconds <= atSeconds;
    if (group.records > 0 && isDue) this.#deliver(group, group.records);
  }

  /** An object holds the whole records that fit into the buffer; the others wait on. */
  #deliverFull(group: Group, atSeconds: number): void {
    while (group.bytes >= this.#hints.bytes) {
      const each = group.bytes / group.records;
      const fitting = Math.max(1, Math.floor(this.#hints.bytes / each + 1e-9));
      this.#deliver(group, Math.min(fitting, group.records));
      group.openedSeconds = atSeconds;
    }
  }

  #deliver(group: Group, records: number): void {
    const bytes = group.bytes * records / group.records;
    group.records -= records;
    group.bytes = group.records === 0 ? 0 : group.bytes - bytes;
    if (group.records === 0) this.#active -= group.weight;
    this.#count += group.weight;
    this.#bytes += bytes * group.weight;
    if (this.#sizes.length < SIZES_KEPT) this.#sizes.push(bytes);
  }
}

/** Partitions in groups of like shares. Their first records come one after the other, not together. */
function groupsOf(shares: readonly number[]): Group[] {
  const sorted = shares.toSorted((a, b) => b - a);
  const count = Math.min(GROUPS_MAX, sorted.length);
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index, index + 1].map((at) => Math.round(at * sorted.length / count));
    const weight = to - from;
    const share = sorted.slice(from, to).reduce((sum, it) => sum + it, 0) / weight;
    const due = count === 1 ? 0 : (index + 0.5) / count;
    return { weight, share, due, records: 0, bytes: 0, openedSeconds: 0 };
  });
}
