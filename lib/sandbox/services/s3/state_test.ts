/** What S3's operations leave in the store: files of bodies, and what is known of completed uploads. */
import { assertEquals, assertRejects } from "@std/assert";
import type { Caller } from "../../access/caller.ts";
import { digestOf } from "../../checksums.ts";
import { ManualClock } from "../../clock.ts";
import type { RequestContext } from "../../operation.ts";
import { Database } from "../../store/database.ts";
import { memoryFiles, type ObjectFiles } from "../../store/object_files.ts";
import type { VerifiedBody } from "../../verified_body.ts";
import { s3Service } from "./service.ts";
import { S3State } from "./state.ts";

const accountId = "123456789012";
const CALLER: Caller = {
  kind: "root",
  accountId,
  arn: `arn:aws:iam::${accountId}:root`,
  userId: accountId,
};
const DAY_MS = 24 * 3_600_000;

/** S3 in memory, with the bucket `kept`, whose operations are called without a server. */
class Store implements Disposable {
  readonly clock = new ManualClock();
  readonly files = new Set<string>();
  readonly state: S3State;
  readonly #database = new Database(":memory:");

  constructor() {
    this.state = new S3State({
      database: this.#database,
      files: this.#watched(memoryFiles()),
      access: {
        decide: () => ({ allowed: true }),
        assumeRoleForService: () => undefined,
        issueKeys: () => {
          throw new Error("no test needs keys");
        },
      },
      clock: this.clock,
      region: "us-east-1",
      accountId,
    });
  }

  static async open(): Promise<Store> {
    const store = new Store();
    await store.call("CreateBucket", { Bucket: "kept" });
    return store;
  }

  #watched(files: ObjectFiles): ObjectFiles {
    return {
      ...files,
      create: async () => {
        const writer = await files.create();
        return {
          ...writer,
          finish: async () => {
            const body = await writer.finish();
            this.files.add(body.file);
            return body;
          },
        };
      },
      remove: (file) => {
        this.files.delete(file);
        return files.remove(file);
      },
    };
  }

  async call(name: string, input: Readonly<Record<string, unknown>>) {
    const operation = s3Service(this.state).operations.get(name);
    if (!operation) throw new Error(`there is no ${name}`);
    const nowMs = this.clock.nowMs();
    const context: RequestContext = {
      caller: CALLER,
      region: "us-east-1",
      requestId: "r",
      nowMs,
      headers: new Headers(),
      signature: { version: 4, place: "header", signedMs: nowMs },
    };
    return { ...Object(await operation.run(input, context)) };
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** A body that is kept in a file. */
function large(): VerifiedBody {
  const bytes = new Uint8Array(64 * 1024 + 1);
  const algorithm = "crc64nvme";
  return {
    chunks: ReadableStream.from([bytes]),
    claimed: undefined,
    checksum: async () => {
      const digest = digestOf(algorithm);
      digest.update(bytes);
      return { algorithm, value: await digest.base64() };
    },
  };
}

const OBJECT = { Bucket: "kept", Key: "k" };

Deno.test("the file of an object goes when the object is put again or deleted", async () => {
  using store = await Store.open();
  await store.call("PutObject", { ...OBJECT, Body: large() });
  const [first] = store.files;
  await store.call("PutObject", { ...OBJECT, Body: large() });
  assertEquals([store.files.size, store.files.has(first)], [1, false]);
  await store.call("CopyObject", { ...OBJECT, CopySource: "kept/k", MetadataDirective: "REPLACE" });
  assertEquals(store.files.size, 1);
  await store.call("DeleteObject", OBJECT);
  assertEquals(store.files.size, 0);
});

Deno.test("the file of a put that is refused at its commit goes", async () => {
  using store = await Store.open();
  await store.call("PutObject", { ...OBJECT, Body: large() });
  const again = () => store.call("PutObject", { ...OBJECT, Body: large(), IfNoneMatch: "*" });
  await assertRejects(again, Error, "pre-conditions");
  assertEquals(store.files.size, 1);
});

Deno.test("the file of a part goes when the part comes again, or the upload is aborted", async () => {
  using store = await Store.open();
  const { UploadId } = await store.call("CreateMultipartUpload", OBJECT);
  const part = { ...OBJECT, UploadId, PartNumber: 1 };
  await store.call("UploadPart", { ...part, Body: large() });
  await store.call("UploadPart", { ...part, Body: large() });
  assertEquals(store.files.size, 1);
  await store.call("AbortMultipartUpload", { ...OBJECT, UploadId });
  assertEquals(store.files.size, 0);
});

Deno.test("a part that is replaced while its upload is completed is an invalid part", async () => {
  using store = await Store.open();
  const { UploadId } = await store.call("CreateMultipartUpload", OBJECT);
  const { ETag } = await store.call("UploadPart", {
    ...{ ...OBJECT, UploadId, PartNumber: 1, Body: large() },
  });
  const completing = store.call("CompleteMultipartUpload", {
    ...{ ...OBJECT, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } },
  });
  const { database, uploads } = store.state;
  const [part] = uploads.parts(String(UploadId), 0, 1);
  const replaced = database.commit(() =>
    uploads.savePart(String(UploadId), { ...part, file: "other" })
  );
  await assertRejects(() => completing, Error, "One or more of the specified parts");
  await replaced;
});

Deno.test("a copy takes a source of 5 GiB, and no larger one", async () => {
  using store = await Store.open();
  const { database } = store.state;
  const copyOf = async (sizeBytes: number) => {
    const body = { file: "not there", sizeBytes };
    await database.commit(() =>
      store.state.insertObject({ bucket: "kept", key: "huge", body, contentType: "text/plain" })
    );
    await store.call("CopyObject", { ...OBJECT, CopySource: "kept/huge" });
  };
  // Its bytes are not there: only then is it read.
  await assertRejects(() => copyOf(5 * 1024 ** 3), Error, "there is no body");
  await assertRejects(() => copyOf(5 * 1024 ** 3 + 1), Error, "larger than the maximum");
});

Deno.test("a completed upload is forgotten with its bucket, and after a day", async () => {
  using store = await Store.open();
  const complete = async (Bucket: string) => {
    const at = { Bucket, Key: "k" };
    const { UploadId } = await store.call("CreateMultipartUpload", at);
    const { ETag } = await store.call("UploadPart", {
      ...{ ...at, UploadId, PartNumber: 1, Body: large() },
    });
    const again = { ...at, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    await store.call("CompleteMultipartUpload", again);
    return () => store.call("CompleteMultipartUpload", again);
  };
  const first = await complete("kept");
  await first();
  store.clock.advance(DAY_MS + 1);
  const second = await complete("kept");
  await assertRejects(first, Error, "The specified upload does not exist");
  await second();
  await store.call("DeleteObject", OBJECT);
  await store.call("DeleteBucket", { Bucket: "kept" });
  await store.call("CreateBucket", { Bucket: "kept" });
  await assertRejects(second, Error, "The specified upload does not exist");
});

Deno.test("no more than 10,000 completed uploads are remembered, the latest of all", async () => {
  using store = await Store.open();
  const { database, uploads } = store.state;
  const upload = (completedMs: number) => ({
    ...{ id: `u${completedMs}`, bucket: "kept", key: "k", completedMs, parts: [], answer: {} },
  });
  await database.commit(() => {
    // As many as there may be, in one statement: each `remember` looks for those too many.
    database.statement(
      "INSERT INTO completed_upload WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL " +
        "SELECT i + 1 FROM n WHERE i < 10000) SELECT 'u' || i, i, '{}' FROM n",
    ).run();
    uploads.remember(upload(10_001));
  });
  const count = database.statement("SELECT COUNT(*) AS count FROM completed_upload").get()?.count;
  assertEquals([count, uploads.findCompleted("u1"), uploads.findCompleted("u2")?.id], [
    10_000,
    undefined,
    "u2",
  ]);
});
