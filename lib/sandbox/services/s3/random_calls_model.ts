/**
 * S3 in a few lines, for the random run of calls: what each call answers, from AWS's pages on
 * conditional requests, copies and multipart uploads.
 * @module
 */

import { createHash } from "node:crypto";

/** Conditions of a call, as headers have them. */
export interface Conditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

/** What is compared of an answer. */
export interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly etag?: string;
  readonly body?: string;
}

interface ModelObject {
  readonly body: string;
  readonly etag: string;
}

interface ModelUpload {
  readonly key: string;
  readonly parts: Map<number, ModelObject>;
  /** The object that was there when the upload began. */
  readonly replaces: ModelObject | undefined;
  isKeyDeleted: boolean;
  state: "open" | "aborted" | { readonly listed: string; readonly etag: string };
}

export const PART_BYTES_MIN = 5 * 1024 * 1024;

const md5 = (bytes: string | Uint8Array) => createHash("md5").update(bytes).digest();
const objectOf = (body: string): ModelObject => ({ body, etag: md5(body).toString("hex") });
const refused = (status: number, code: string): Answer => ({ status, code });
const isGiven = (...values: unknown[]) => values.every((value) => value !== undefined);

/** One bucket. */
export class S3Model {
  readonly objects = new Map<string, ModelObject>();
  readonly uploads: ModelUpload[] = [];

  put(key: string, body: string, conditions: Conditions): Answer {
    const refusal = writeForm(conditions) ?? this.#unmet(key, conditions);
    if (refusal) return refusal;
    this.objects.set(key, objectOf(body));
    return { status: 200, etag: objectOf(body).etag };
  }

  get(key: string, { ifMatch, ifNoneMatch }: Conditions): Answer {
    const object = this.objects.get(key);
    if (!object) return refused(404, "NoSuchKey");
    if (isGiven(ifMatch) && !isOne(ifMatch, object)) return refused(412, "PreconditionFailed");
    if (isGiven(ifNoneMatch) && isOne(ifNoneMatch, object)) return { status: 304 };
    return { status: 200, ...object };
  }

  delete(key: string, { ifMatch }: Conditions): Answer {
    const object = this.objects.get(key);
    if (isGiven(ifMatch) && !object) return refused(404, "NoSuchKey");
    if (isGiven(ifMatch) && !isOne(ifMatch, object)) return refused(412, "PreconditionFailed");
    this.objects.delete(key);
    for (const upload of object ? this.uploads : []) {
      if (upload.key === key) upload.isKeyDeleted = true;
    }
    return { status: 204 };
  }

  copy(
    from: string,
    to: string,
    source: Conditions,
    target: Conditions,
    isReplaced: boolean,
  ): Answer {
    const form = writeForm(target);
    if (form) return form;
    const object = this.objects.get(from);
    if (!object) return refused(404, "NoSuchKey");
    if (!meetsSource(source, object)) return refused(412, "PreconditionFailed");
    if (from === to && !isReplaced) return refused(400, "InvalidRequest");
    const refusal = this.#unmet(to, target);
    if (refusal) return refusal;
    // The copy of an object in parts is in one piece.
    const copy = objectOf(object.body);
    this.objects.set(to, copy);
    return { status: 200, etag: copy.etag };
  }

  create(key: string): Answer {
    const parts = new Map<number, ModelObject>();
    const replaces = this.objects.get(key);
    this.uploads.push({ key, parts, replaces, isKeyDeleted: false, state: "open" });
    return { status: 200 };
  }

  part(index: number, number: number, body: string): Answer {
    const upload = this.uploads[index];
    if (upload.state !== "open") return refused(404, "NoSuchUpload");
    upload.parts.set(number, objectOf(body));
    return { status: 200, etag: objectOf(body).etag };
  }

  partCopy(index: number, number: number, from: string): Answer {
    if (this.uploads[index].state !== "open") return refused(404, "NoSuchUpload");
    const object = this.objects.get(from);
    return object ? this.part(index, number, object.body) : refused(404, "NoSuchKey");
  }

  abort(index: number): Answer {
    const upload = this.uploads[index];
    if (upload.state !== "open") return refused(404, "NoSuchUpload");
    upload.state = "aborted";
    return { status: 204 };
  }

  complete(index: number, numbers: readonly number[], conditions: Conditions): Answer {
    const upload = this.uploads[index];
    const listed = this.listed(index, numbers);
    if (typeof upload.state === "object" && upload.state.listed === JSON.stringify(listed)) {
      return { status: 200, etag: upload.state.etag };
    }
    const form = writeForm(conditions);
    if (form) return form;
    if (upload.state !== "open") return refused(404, "NoSuchUpload");
    if (listed.length === 0) return refused(400, "InvalidRequest");
    if (numbers.some((number, at) => at > 0 && number <= numbers[at - 1])) {
      return refused(400, "InvalidPartOrder");
    }
    const parts = numbers.flatMap((number) => upload.parts.get(number) ?? []);
    if (parts.length < numbers.length) return refused(400, "InvalidPart");
    const isSmall = ({ body }: ModelObject) => body.length < PART_BYTES_MIN;
    if (parts.slice(0, -1).some(isSmall)) return refused(400, "EntityTooSmall");
    const refusal = this.#unmet(upload.key, conditions) ?? this.#conflict(upload, conditions);
    if (refusal) return refusal;
    const sums = parts.map(({ etag }) => Uint8Array.fromHex(etag));
    const etag = `${md5(Buffer.concat(sums)).toString("hex")}-${parts.length}`;
    this.objects.set(upload.key, { body: parts.map(({ body }) => body).join(""), etag });
    upload.state = { listed: JSON.stringify(listed), etag };
    return { status: 200, etag };
  }

  /** Numbers and ETags of parts, as a request lists them; a part that is missing has the ETag `0`. */
  listed(index: number, numbers: readonly number[]): (readonly [number, string])[] {
    const { parts } = this.uploads[index];
    return numbers.map((number) => [number, parts.get(number)?.etag ?? "0"]);
  }

  /** All keys and common prefixes, in the order of their bytes. */
  list(prefix: string, delimiter: string): string[] {
    const entries = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).map((key) => {
      const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      return cut < 0 ? key : key.slice(0, cut + 1);
    });
    return [...new Set(entries)].sort();
  }

  #unmet(key: string, { ifMatch, ifNoneMatch }: Conditions): Answer | undefined {
    const object = this.objects.get(key);
    if (isGiven(ifNoneMatch) && object) return refused(412, "PreconditionFailed");
    if (isGiven(ifMatch) && !object) return refused(404, "NoSuchKey");
    if (isGiven(ifMatch) && !isOne(ifMatch, object)) return refused(412, "PreconditionFailed");
    return undefined;
  }

  #conflict({ key, replaces, isKeyDeleted }: ModelUpload, conditions: Conditions) {
    const isChanged = isGiven(conditions.ifMatch) && this.objects.get(key) !== replaces;
    const isGone = isGiven(conditions.ifNoneMatch) && isKeyDeleted;
    return isChanged || isGone ? refused(409, "ConditionalRequestConflict") : undefined;
  }
}

function isOne(header: string | undefined, object: ModelObject | undefined): boolean {
  return header === "*" || header === `"${object?.etag}"`;
}

function meetsSource({ ifMatch, ifNoneMatch }: Conditions, object: ModelObject): boolean {
  if (isGiven(ifMatch) && !isOne(ifMatch, object)) return false;
  return !(isGiven(ifNoneMatch) && isOne(ifNoneMatch, object));
}

function writeForm({ ifMatch, ifNoneMatch }: Conditions): Answer | undefined {
  const isForm = isGiven(ifMatch, ifNoneMatch) || ifMatch === "*" ||
    (isGiven(ifNoneMatch) && ifNoneMatch !== "*");
  return isForm ? refused(501, "NotImplemented") : undefined;
}
