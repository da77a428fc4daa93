import { assertEquals, assertRejects } from "@std/assert";
import { strToU8, unzipSync, zipSync } from "fflate";
import { join } from "node:path";
import { tempFolder } from "../../sandbox/testing/temp_folder.ts";
import { ownCode } from "./own_code.ts";

const GIVEN = { pythonMinor: 12 };
const HANDLER = "def lambda_handler(event, context):\n    return {}\n";
const NODE = "exports.handler = async (event) => event;\n";

/** Writes files into a new folder, and gives the path of `name` in it. */
async function written(files: Readonly<Record<string, string | Uint8Array>>, folder: string) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeFile(path, typeof content === "string" ? strToU8(content) : content);
  }
}

/** A zip of a few bytes whose directory says that its file has so many. */
function zipThatClaims(bytes: number): Uint8Array {
  const zip = zipSync({ "index.js": strToU8("x") });
  const view = new DataView(zip.buffer);
  const directory = zip.findIndex((_, at) =>
    at + 4 < zip.length && view.getUint32(at, true) === 0x02014b50
  );
  view.setUint32(directory + 24, bytes, true);
  return zip;
}

for (const modules of ["package", "site-packages", "venv/lib/python3.12/site-packages"]) {
  Deno.test(`ownCode() puts the modules of ${modules}/ beside the handler`, async () => {
    using folder = tempFolder();
    const files = { "lambda_function.py": HANDLER, [`${modules}/dep/__init__.py`]: "X = 1\n" };
    await written(files, folder.path);
    const { zip, handler } = await ownCode(folder.path, GIVEN);
    assertEquals(handler, "lambda_function.lambda_handler");
    assertEquals(Object.keys(unzipSync(zip)).sort(), ["dep/__init__.py", "lambda_function.py"]);
  });
}

Deno.test("ownCode() leaves a folder named package that is a module itself", async () => {
  using folder = tempFolder();
  await written({ "lambda_function.py": HANDLER, "package/__init__.py": "" }, folder.path);
  const { zip } = await ownCode(folder.path, GIVEN);
  assertEquals(Object.keys(unzipSync(zip)).sort(), ["lambda_function.py", "package/__init__.py"]);
});

for (
  const [what, files, name, said] of [
    [
      "a folder of Go source",
      { "go.mod": "", "main.go": "" },
      "",
      "Build it first (CGO_ENABLED=0 go build",
    ],
    ["a folder of Rust source", { "Cargo.toml": "" }, "", "cargo lambda build"],
    ["a file of Java", { "F.java": "" }, "F.java", "Java, .NET and Ruby can't run here"],
    ["a zip that is none", { "f.zip": "text" }, "f.zip", "it is not a zip"],
    ["a damaged zip", { "f.zip": "PK\x03\x04" }, "f.zip", "not a zip, or it is damaged"],
    [
      "a zip that would take the memory",
      { "f.zip": zipThatClaims(250 * 1024 * 1024 + 1) },
      "f.zip",
      "holds more than the 250 MB that Lambda takes",
    ],
    [
      "a zip with backslashes",
      { "f.zip": zipSync({ "app\\f.py": strToU8(HANDLER) }) },
      "f.zip",
      "Lambda wants slashes",
    ],
    ["a folder of TypeScript", { "index.ts": "" }, "", "Lambda does not run TypeScript"],
    ["an empty folder", {}, "", "the folder is empty"],
    [
      "Python without a handler",
      { "f.py": "x = 1\n" },
      "f.py",
      "no function named lambda_handler or handler",
    ],
    [
      "a zip with one folder in it",
      { "f.zip": zipSync({ "mine/index.mjs": strToU8("") }) },
      "f.zip",
      "all its files are in the folder mine/",
    ],
    [
      "a zip with a package of Python in it",
      { "f.zip": zipSync({ "app/main.py": strToU8(HANDLER) }) },
      "f.zip",
      "name the handler, such as --handler app.main.lambda_handler",
    ],
    [
      "a handler in a folder of Node, beside modules",
      { "package.json": "{}", "node_modules/a/index.js": NODE, "src/f.mjs": NODE },
      "",
      "Name it, for example --handler src/f.handler",
    ],
    [
      "a handler of another name in a zip of Serverless",
      { "f.zip": zipSync({ "src/handler.js": strToU8("module.exports.run = async () => {};") }) },
      "f.zip",
      "--handler src/handler.run",
    ],
    ["a folder with TypeScript below", { "src/index.ts": "" }, "", "src/index.ts, or the folder"],
    ["what SAM built", { "template.yaml": "", "F/app.py": HANDLER }, "", ".aws-sam/build/FUNCTION"],
    ["what the CDK wrote", { "manifest.json": "{}", "asset.1/index.js": NODE }, "", "asset.HASH"],
    ["what Serverless wrote", { "serverless-state.json": "{}", "f.zip": "" }, "", "the zip in it"],
    [
      "TypeScript with decorators of the older kind",
      {
        "tsconfig.json": '{"compilerOptions":{"experimentalDecorators":true}}',
        "f.ts":
          "const d = (..._: unknown[]) => {};\n@d\nclass A {}\nexport const handler = () => A;\n",
      },
      "f.ts",
      "experimentalDecorators, which can't be built here",
    ],
    [
      "two files that could hold the handler",
      { "a.py": HANDLER, "b.py": HANDLER, "six.py": "X = 1\n" },
      "",
      "could be in any of a.py, b.py: name it with --handler",
    ],
    ["a file that is not there", {}, "none.py", "there is no such file"],
  ] as const
) {
  Deno.test(`ownCode() says what is wrong with ${what}`, async () => {
    using folder = tempFolder();
    await written(files, folder.path);
    await assertRejects(() => ownCode(join(folder.path, name), GIVEN), TypeError, said);
  });
}

for (
  const [handler, runtime, files] of [
    ["app.main.run", "python3.12", { "app/main.py": "run = print\n", "six.py": "" }],
    ["app/index.go", "nodejs22.x", { "app/index.mjs": "", "other.py": "" }],
  ] as const
) {
  Deno.test(`ownCode() guesses ${runtime} by the file of the given handler ${handler}`, async () => {
    using folder = tempFolder();
    await written(files, folder.path);
    const found = await ownCode(folder.path, { ...GIVEN, handler });
    assertEquals([found.handler, found.runtime], [handler, runtime]);
  });
}

for (
  const [handler, source] of [
    ["f.onRecords", "const VAT = 1;\nexport async function onRecords(event) {}\n"],
    ["f.run", "export const VAT = 1;\nexport const run = async (event) => ({});\n"],
    ["f.run", "exports.run = function (event) {};\n"],
    ["f.run", "module.exports.run = event => ({});\n"],
    [
      "f.onRecords",
      "const cured = (handler) => (event) => handler(event);\nexport const onRecords = cured(mine);\n",
    ],
    ["f.handler", "export const run = async () => {};\nmodule.exports = { handler: run };\n"],
    ["f.handler", "export {\n  run as handler,\n};\nexport const other = () => {};\n"],
    ["f.handler", "export function unpack() {}\nexport const handler = async () => {};\n"],
    ["f.handler", "async function run() {}\nexport { run as handler };\n"],
    ["f.handler", "export function a() {}\nexport function b() {}\n"],
  ] as const
) {
  Deno.test(`ownCode() guesses ${handler} for a file of Node: ${source.trim()}`, async () => {
    using folder = tempFolder();
    await written({ "f.mjs": source }, folder.path);
    assertEquals((await ownCode(join(folder.path, "f.mjs"), GIVEN)).handler, handler);
  });
}

Deno.test("ownCode() finds the one file with a handler among modules that pip put beside it", async () => {
  using folder = tempFolder();
  const modules = { "six.py": "def with_metaclass(meta):\n    pass\n", "typing_extensions.py": "" };
  await written({ ...modules, "transform.py": HANDLER }, folder.path);
  assertEquals((await ownCode(folder.path, GIVEN)).handler, "transform.lambda_handler");
});

Deno.test("ownCode() finds a handler of Python that is assigned", async () => {
  using folder = tempFolder();
  await written({ "f.py": "handler = wrapped(print)\n", "g.py": "other = 1\n" }, folder.path);
  assertEquals((await ownCode(folder.path, GIVEN)).handler, "f.handler");
});

Deno.test("ownCode() packs what makes a single .js file an ES module, if its package.json does", async () => {
  using folder = tempFolder();
  await written(
    { "package.json": '{ "type": "module" }', "src/f.js": NODE, "src/f.mjs": NODE },
    folder.path,
  );
  const packed = async (file: string) =>
    Object.keys(unzipSync((await ownCode(join(folder.path, file), GIVEN)).zip));
  assertEquals(await packed("src/f.js"), ["f.js", "package.json"]);
  assertEquals(await packed("src/f.mjs"), ["f.mjs"]);
});
