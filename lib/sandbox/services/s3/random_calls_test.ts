/**
 * A random run of S3 calls (conditions, copies, parts, retries, lists) against a model a tenth of
 * its size. The calls are plain HTTP to a sandbox without signatures.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { startSandbox } from "../../sandbox.ts";
import { type Answer, type Conditions, PART_BYTES_MIN, S3Model } from "./random_calls_model.ts";

const KEYS = ["a", "a/1", "a/2", "b/x/1"];
const BODIES = ["", "one", "two", "x".repeat(PART_BYTES_MIN)];

/** An ETag that is known once the call is made: of the call's key or another, a wrong one, or any. */
type Tag = "own" | { readonly key: string } | "wrong" | "*";

interface CallConditions {
  readonly ifMatch?: Tag;
  readonly ifNoneMatch?: Tag;
}

type Call =
  & { readonly isSentTwice: boolean }
  & (
    | { kind: "put"; key: string; body: string; conditions: CallConditions }
    | { kind: "get" | "delete"; key: string; conditions: CallConditions }
    | {
      kind: "copy";
      from: string;
      to: string;
      source: CallConditions;
      conditions: CallConditions;
      isReplaced: boolean;
    }
    | { kind: "create"; key: string }
    | { kind: "part"; upload: number; number: number; body: string }
    | { kind: "partCopy"; upload: number; number: number; from: string }
    | { kind: "complete"; upload: number; numbers: number[]; conditions: CallConditions }
    | { kind: "abort"; upload: number }
    | { kind: "list"; prefix: string; delimiter: string; size: number; version: 1 | 2 }
  );

const key = fc.constantFrom(...KEYS);
const body = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...BODIES.slice(0, 3)) },
  { weight: 1, arbitrary: fc.constant(BODIES[3]) },
);
const tag: fc.Arbitrary<Tag> = fc.oneof(
  { weight: 4, arbitrary: fc.constant("own" as const) },
  { weight: 1, arbitrary: key.map((key) => ({ key })) },
  { weight: 2, arbitrary: fc.constant("wrong" as const) },
  { weight: 1, arbitrary: fc.constant("*" as const) },
);
const conditions: fc.Arbitrary<CallConditions> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: tag.map((ifMatch) => ({ ifMatch })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("*" as const, "wrong" as const).map((ifNoneMatch) => ({
      ifNoneMatch,
    })),
  },
  { weight: 1, arbitrary: fc.record({ ifMatch: tag, ifNoneMatch: tag }) },
);
/** Counted back from the upload that was created last. */
const upload = fc.nat({ max: 2 });
const number = fc.integer({ min: 1, max: 2 });
const kind = <Kind extends Call["kind"]>(kind: Kind) => fc.constant(kind);

const call: fc.Arbitrary<Call> = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: kind("put"), key, body, conditions }) },
    { weight: 4, arbitrary: fc.record({ kind: kind("get"), key, conditions }) },
    { weight: 3, arbitrary: fc.record({ kind: kind("delete"), key, conditions }) },
    {
      weight: 3,
      arbitrary: fc.record({
        ...{ kind: kind("copy"), from: key, to: key, source: conditions, conditions },
        isReplaced: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ key, isReplaced: fc.boolean() }).map(({ key, isReplaced }) => ({
        ...{ kind: "copy" as const, from: key, to: key, source: {}, conditions: {} },
        isReplaced,
      })),
    },
    { weight: 3, arbitrary: fc.record({ kind: kind("create"), key }) },
    { weight: 5, arbitrary: fc.record({ kind: kind("part"), upload, number, body }) },
    { weight: 1, arbitrary: fc.record({ kind: kind("partCopy"), upload, number, from: key }) },
    {
      weight: 5,
      arbitrary: fc.record({
        ...{ kind: kind("complete"), upload, conditions },
        numbers: fc.oneof(
          { weight: 4, arbitrary: number.map((one) => [one]) },
          { weight: 1, arbitrary: fc.array(number, { maxLength: 3 }) },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: kind("abort"), upload }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind("list"),
        prefix: fc.constantFrom("", "a", "a/", "b/"),
        delimiter: fc.constantFrom("", "/"),
        size: fc.integer({ min: 1, max: 3 }),
        version: fc.constantFrom(1 as const, 2 as const),
      }),
    },
  ),
  fc.boolean(),
).map(([call, isSentTwice]) => ({ ...call, isSentTwice }));

/** An upload whose key may change before it is completed under a condition. */
const race: fc.Arbitrary<Call[]> = fc.tuple(
  key,
  fc.constantFrom("put" as const, "delete" as const, "get" as const),
  fc.oneof(conditions, fc.constant<CallConditions>({ ifNoneMatch: "*" })),
  fc.boolean(),
).map(([key, change, conditions, isSentTwice]) => {
  const once = { isSentTwice: false };
  const plain = { ...once, key, conditions: {} };
  return [
    { ...plain, kind: "put", body: "one" },
    { ...once, kind: "create", key },
    change === "put" ? { ...plain, kind: "put", body: "two" } : { ...plain, kind: change },
    { ...once, kind: "part", upload: 0, number: 1, body: "one" },
    { isSentTwice, kind: "complete", upload: 0, numbers: [1], conditions },
  ];
});

const calls = fc.array(
  fc.oneof({ weight: 12, arbitrary: call.map((one) => [one]) }, { weight: 1, arbitrary: race }),
  { minLength: 25, maxLength: 50 },
).map((chunks) => chunks.flat());

/** The kinds of answers that came up. */
const SEEN = new Set<string>();

/** A bucket of the sandbox under test, beside the model of it. */
class Run {
  readonly #model = new S3Model();
  readonly #uploadIds: string[] = [];
  readonly #bucket: string;

  constructor(endpoint: string, name: string) {
    this.#bucket = `${endpoint}/${name}`;
  }

  async make(given: Call): Promise<void> {
    const call = "upload" in given
      ? { ...given, upload: this.#uploadIds.length - 1 - given.upload }
      : given;
    if ("upload" in call && call.upload < 0) return;
    // The retry of an upload's creation would be another upload.
    const times = call.isSentTwice && call.kind !== "create" ? 2 : 1;
    // A retry sends the very same request.
    const [expect, send] = this.#prepared(call);
    for (let time = 0; time < times; time++) {
      const expected = expect();
      assertEquals(await send(), expected, JSON.stringify(call));
      if ("status" in expected) {
        SEEN.add(`${call.kind} ${expected.status} ${expected.code ?? ""}`.trim());
      }
    }
  }

  /** What the model answers, and the call itself. */
  #prepared(call: Call): [() => Answer | readonly string[], () => Promise<unknown>] {
    const model = this.#model;
    const ownKey = "key" in call
      ? call.key
      : "upload" in call
      ? model.uploads[call.upload].key
      : "";
    switch (call.kind) {
      case "put": {
        const headers = this.#headers(call.conditions, ownKey);
        const known = this.#known(call.conditions, ownKey);
        return [
          () => model.put(call.key, call.body, known),
          () => this.#send("PUT", call.key, { headers, body: call.body }),
        ];
      }
      case "get": {
        const headers = this.#headers(call.conditions, ownKey);
        const known = this.#known(call.conditions, ownKey);
        return [() => model.get(call.key, known), () => this.#send("GET", call.key, { headers })];
      }
      case "delete": {
        const only = { ifMatch: call.conditions.ifMatch };
        const headers = this.#headers(only, ownKey);
        const known = this.#known(only, ownKey);
        return [
          () => model.delete(call.key, known),
          () => this.#send("DELETE", call.key, { headers }),
        ];
      }
      case "copy": {
        const headers = {
          ...this.#headers(call.conditions, call.to),
          ...this.#headers(call.source, call.from, "x-amz-copy-source-"),
          ...this.#source(call.from),
          ...(call.isReplaced ? { "x-amz-metadata-directive": "REPLACE" } : {}),
        };
        const [source, target] = [
          this.#known(call.source, call.from),
          this.#known(call.conditions, call.to),
        ];
        return [
          () => model.copy(call.from, call.to, source, target, call.isReplaced),
          () => this.#send("PUT", call.to, { headers }),
        ];
      }
      case "create":
        return [() => model.create(call.key), () => this.#create(call.key)];
      case "part": {
        const path = this.#uploadPath(call.upload, `&partNumber=${call.number}`);
        return [
          () => model.part(call.upload, call.number, call.body),
          () => this.#send("PUT", path, { body: call.body }),
        ];
      }
      case "partCopy": {
        const path = this.#uploadPath(call.upload, `&partNumber=${call.number}`);
        return [
          () => model.partCopy(call.upload, call.number, call.from),
          () => this.#send("PUT", path, { headers: this.#source(call.from) }),
        ];
      }
      case "complete": {
        const headers = this.#headers(call.conditions, ownKey);
        const parts = model.listed(call.upload, call.numbers).map(([number, etag]) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag></Part>`
        );
        const known = this.#known(call.conditions, ownKey);
        const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
        return [
          () => model.complete(call.upload, call.numbers, known),
          () => this.#send("POST", this.#uploadPath(call.upload), { headers, body }),
        ];
      }
      case "abort":
        return [
          () => model.abort(call.upload),
          () => this.#send("DELETE", this.#uploadPath(call.upload)),
        ];
      case "list":
        return [() => model.list(call.prefix, call.delimiter), () => this.#list(call)];
    }
  }

  #uploadPath(index: number, more = ""): string {
    return `${this.#model.uploads[index].key}?uploadId=${this.#uploadIds[index]}${more}`;
  }

  /** The conditions with the ETags that the model knows now. */
  #known({ ifMatch, ifNoneMatch }: CallConditions, ownKey: string): Conditions {
    const text = (tag: Tag | undefined) => {
      if (tag === undefined || tag === "*") return tag;
      const key = tag === "own" ? ownKey : tag === "wrong" ? "" : tag.key;
      const etag = this.#model.objects.get(key)?.etag;
      return `"${etag ?? "none"}"`;
    };
    return { ifMatch: text(ifMatch), ifNoneMatch: text(ifNoneMatch) };
  }

  #headers(
    conditions: CallConditions,
    ownKey: string,
    prefix = "",
  ): Record<string, string> {
    const { ifMatch, ifNoneMatch } = this.#known(conditions, ownKey);
    return {
      ...(ifMatch === undefined ? {} : { [`${prefix}if-match`]: ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { [`${prefix}if-none-match`]: ifNoneMatch }),
    };
  }

  #source = (from: string) => ({
    "x-amz-copy-source": `/${new URL(this.#bucket).pathname.slice(1)}/${from}`,
  });

  async #send(
    method: string,
    path: string,
    init: { readonly headers?: Record<string, string>; readonly body?: string } = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#bucket}/${path}`, { method, ...init });
    const text = await response.text();
    const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1];
    if (code !== undefined) return { status: response.status, code };
    const etag = /<ETag>(?:&quot;|")([^&"]+)/.exec(text)?.[1] ??
      response.headers.get("etag")?.replaceAll('"', "");
    if (response.status === 304 || etag === undefined) return { status: response.status };
    const isRead = method === "GET";
    return { status: response.status, ...(isRead ? { body: text } : {}), etag };
  }

  async #create(key: string): Promise<Answer> {
    const response = await fetch(`${this.#bucket}/${key}?uploads`, { method: "POST" });
    const id = /<UploadId>(\w+)<\/UploadId>/.exec(await response.text())?.[1] ?? "";
    this.#uploadIds.push(id);
    return { status: response.status };
  }

  /** All entries of a list, page by page. */
  async #list({ prefix, delimiter, size, version }: Extract<Call, { kind: "list" }>) {
    const entries: string[] = [];
    let more: Record<string, string> = version === 2 ? { "list-type": "2" } : {};
    while (true) {
      const query = new URLSearchParams({ prefix, delimiter, "max-keys": String(size), ...more });
      const text = await (await fetch(`${this.#bucket}?${query}`)).text();
      const found = [...text.matchAll(/<Key>([^<]*)<|<CommonPrefixes><Prefix>([^<]*)</g)]
        .map(([, key, common]) => key ?? common).sort();
      entries.push(...found);
      if (!text.includes("<IsTruncated>true<")) return entries;
      const next = /<Next(?:ContinuationToken|Marker)>([^<]*)</.exec(text)?.[1];
      // Without a delimiter the last key is the next marker.
      const at = next ?? found.at(-1) ?? "";
      more = version === 2 ? { "list-type": "2", "continuation-token": at } : { marker: at };
    }
  }
}

/** Answers that a run of this length always reaches. */
const OUTCOMES = [
  ...["put 200", "put 412 PreconditionFailed", "put 501 NotImplemented", "put 404 NoSuchKey"],
  ...["get 200", "get 304", "get 412 PreconditionFailed", "delete 412 PreconditionFailed"],
  ...[
    "copy 200",
    "copy 400 InvalidRequest",
    "copy 412 PreconditionFailed",
    "part 404 NoSuchUpload",
  ],
  ...["complete 200", "complete 412 PreconditionFailed", "complete 400 InvalidPart"],
  "complete 409 ConditionalRequestConflict",
  ...["complete 404 NoSuchUpload", "abort 204", "abort 404 NoSuchUpload"],
];

Deno.test("random S3 calls with conditions, copies, parts and retries agree with the model", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, isOpen: true });
  let runs = 0;
  try {
    await fc.assert(
      fc.asyncProperty(calls, async (calls) => {
        const name = `bucket-${runs++}`;
        await (await fetch(`${sandbox.endpoint}/${name}`, { method: "PUT" })).body?.cancel();
        const run = new Run(sandbox.endpoint, name);
        for (const one of calls) await run.make(one);
      }),
      { numRuns: 80 },
    );
    for (const outcome of OUTCOMES) assert(SEEN.has(outcome), `${outcome} never came up`);
  } finally {
    await sandbox.stop();
  }
});
