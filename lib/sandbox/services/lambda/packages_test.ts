import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { join } from "node:path";
import { AwsError } from "../../errors.ts";
import { memoryFiles } from "../../store/object_files.ts";
import { UNZIPPED_BYTES_MAX } from "./package_errors.ts";
import { Packages } from "./packages.ts";
import { zipOf } from "./testing.ts";
import { unzip } from "./unzip.ts";

/** A test with packages whose folder is removed afterwards. */
function packagesTest(
  name: string,
  run: (packages: Packages, folder: string) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await run(new Packages(memoryFiles(), folder), folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const filesOf = (zip: Uint8Array): Record<string, Uint8Array> => Object.assign({}, ...unzip(zip));

const foldersIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);

packagesTest(
  "a package is unpacked with its folders, and kept as it was sent",
  async (packages) => {
    const zip = zipOf({ "index.mjs": "1", "lib/deep/a.js": "2", "empty/": "" });
    const code = await packages.add(zip);
    assertEquals(code.sizeBytes, zip.length);
    const folder = await packages.taskFolder(code);
    assertEquals(await Deno.readTextFile(join(folder, "lib/deep/a.js")), "2");
    assert((await Deno.stat(join(folder, "empty"))).isDirectory);
    assertEquals(await packages.read(code), new Uint8Array(zip));
  },
);

packagesTest("a task folder that is missing is unpacked again", async (packages) => {
  const code = await packages.add(zipOf({ "index.mjs": "1" }));
  const folder = await packages.taskFolder(code);
  await Deno.remove(folder, { recursive: true });
  assertEquals(await packages.taskFolder(code), folder);
  assertEquals(await Deno.readTextFile(join(folder, "index.mjs")), "1");
});

packagesTest(
  "the same zip has one folder, and stays as long as one function has it",
  async (packages, folder) => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => packages.add(zipOf({ "index.mjs": "1" }))),
    );
    assertEquals(foldersIn(folder).length, 1);
    await packages.remove([first], () => [second]);
    assertEquals(foldersIn(folder).length, 1);
    assertEquals((await packages.read(second)).length, second.sizeBytes);
    await packages.remove([second], () => []);
    assertEquals(foldersIn(folder), []);
  },
);

packagesTest("what a kill has left of an unpacking is swept", async (packages, folder) => {
  const kept = await packages.add(zipOf({ "index.mjs": "1" }));
  await packages.add(zipOf({ "index.mjs": "2" }));
  await Deno.mkdir(join(folder, "part-abc"));
  await packages.sweep([kept]);
  assertEquals(foldersIn(folder).length, 1);
  assertEquals(await Deno.readTextFile(join(await packages.taskFolder(kept), "index.mjs")), "1");
});

packagesTest("a zip that is refused leaves nothing behind", async (packages, folder) => {
  await assertRejects(() => packages.add(new Uint8Array(30)), AwsError);
  assertEquals(foldersIn(folder), []);
});

for (
  const [files, why] of [
    [{ "a": "1", "a/b": "2" }, "a file and a folder have one name"],
    [{ ["é".repeat(200)]: "1" }, "the name is longer than 255 bytes"],
    [{ "": "1" }, "a file has no name"],
  ] as const
) {
  packagesTest(
    `a zip whose files cannot be written is refused: ${why}`,
    async (packages, folder) => {
      await assertRejects(() => packages.add(zipOf(files)), AwsError, "Could not unzip");
      assertEquals(foldersIn(folder), []);
    },
  );
}

/** A zip whose directory says that its one file has `bytes` bytes. */
function zipThatClaims(bytes: number): Uint8Array {
  const zip = zipSync({ a: strToU8("x") });
  const view = new DataView(zip.buffer);
  for (let offset = 0; offset < zip.length - 4; offset++) {
    if (view.getUint32(offset, true) === 0x02014b50) view.setUint32(offset + 24, bytes, true);
  }
  return zip;
}

Deno.test("a zip of more than 250 MiB of files is refused by what its directory says", () => {
  assertEquals(
    assertThrows(() => filesOf(zipThatClaims(UNZIPPED_BYTES_MAX + 1)), AwsError).message,
    "Unzipped size must be smaller than 262144000 bytes",
  );
});

Deno.test("a zip of few files is refused if these need more folders than it could list", () => {
  const zipWith = (folders: number) => {
    const names = Array.from({ length: 66 }, (_, n) => `${n}/${"d/".repeat(folders - 1)}f`);
    return zipSync(Object.fromEntries(names.map((name) => [name, strToU8("")])));
  };
  assertEquals(Object.keys(filesOf(zipWith(992))).length, 66); // 65,472
  assertThrows(() => filesOf(zipWith(993)), AwsError, "Could not unzip"); // 65,538
});

Deno.test("a file never takes more than its directory says, whatever it inflates to", () => {
  const zip = zipSync({ a: new Uint8Array(1_000_000) });
  const view = new DataView(zip.buffer);
  for (let offset = 0; offset < zip.length - 4; offset++) {
    if (view.getUint32(offset, true) === 0x02014b50) view.setUint32(offset + 24, 10, true);
  }
  let bytes = 0;
  try {
    bytes = filesOf(zip).a.length;
  } catch (error) {
    assert(error instanceof AwsError);
  }
  assert(bytes <= 10);
});

Deno.test("unzip() gives files or AWS's refusal, whatever the bytes", () => {
  const whole = zipOf({ "index.mjs": "export const handler = 1;", "a/b.txt": "x".repeat(500) });
  const damaged = fc.tuple(fc.nat(whole.length - 1), fc.uint8Array({ minLength: 1, maxLength: 20 }))
    .map(([start, bytes]) => {
      const zip = whole.slice();
      zip.set(bytes.subarray(0, zip.length - start), start);
      return zip;
    });
  fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), (zip) => {
    try {
      const files = filesOf(zip);
      assert(Object.keys(files).every((name) => !name.split("/").includes("..")));
    } catch (error) {
      assert(error instanceof AwsError, String(error));
    }
  }));
});

Deno.test("a large zip comes in parts, with every file in one of them", () => {
  const sizes = [3_000_000, 3_000_000, 10, 9_000_000, 0, 5];
  const names = sizes.map((_, index) => `file-${index}`);
  const zip = zipSync(
    Object.fromEntries(sizes.map((size, index) => [names[index], new Uint8Array(size)])),
  );
  const parts = [...unzip(zip)];
  assertEquals(parts.map((part) => Object.keys(part)), [
    names.slice(0, 2),
    names.slice(2, 4),
    names.slice(4),
  ]);
  assertEquals(parts.flatMap((part) => Object.values(part).map(({ length }) => length)), sizes);
});
