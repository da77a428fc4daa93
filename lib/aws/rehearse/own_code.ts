/**
 * A function of somebody's own, as Lambda takes it: from a file, a folder or a zip. What is guessed
 * about it (runtime and handler) is said.
 * @module
 */

import { unzipSync, type Zippable, type ZippableFile, zipSync } from "fflate";
import { basename, dirname, extname, isAbsolute, join } from "node:path";
import { bundle } from "../deploy/function_package.ts";

/** A function's package and what it is started with. */
export interface OwnCode {
  readonly zip: Uint8Array;
  readonly handler: string;
  readonly runtime: string;
  /** What was guessed, in words for the reader; empty if all was given. */
  readonly guesses: readonly string[];
}

type Guess = Pick<OwnCode, "handler" | "runtime">;

/** What was given on the command line in place of a guess. */
export interface GivenCode {
  readonly handler?: string;
  readonly runtime?: string;
  /** The minor version of this machine's Python 3, for the guess of its runtime. */
  readonly pythonMinor: number;
}

/** A file of a package: its path, and its text as far as a handler is looked for in it. */
type Files = Readonly<Record<string, Uint8Array>>;

const NODE_RUNTIME = "nodejs22.x";
const PYTHON_MINORS = { min: 9, max: 14 } as const;
/** A package on Lambda has at most 250 MB; a folder with more is a mistake. */
const PACKAGE_BYTES_MAX = 250 * 1024 * 1024;
const MADE_ON_UNIX = 3;
const NOT_PACKED = new Set([".git", "__pycache__", ".venv", ".DS_Store"]);

/**
 * Reads the function at `path`. Throws a `TypeError` that says what to give if nothing there looks
 * like a function, and Deno's own error if it cannot be read.
 */
export async function ownCode(path: string, given: GivenCode): Promise<OwnCode> {
  return codeOf(path, await filesAt(path), given);
}

/** The same for a zip at hand, as AWS's GetFunction leads to. `name` is the function's. */
export function codeOfZip(name: string, zip: Uint8Array, given: GivenCode): OwnCode {
  return codeOf(name, unzipped(name, zip), given);
}

/** Throws a `TypeError` for bytes that only begin as a zip does, and for names that Lambda does not take. */
function unzipped(path: string, zip: Uint8Array): Files {
  const files = unpack(path, zip);
  const wrong = Object.keys(files).find((name) => name.includes("\\"));
  if (wrong === undefined) return files;
  throw new TypeError(
    `${path}: its file ${wrong} has a backslash in its name, as some programs on Windows write it. Lambda ` +
      "wants slashes: pack the files with another program",
  );
}

/** Stops before a file that is too much: a zip of 1 MB can hold 1 GB of zeros. */
function unpack(path: string, zip: Uint8Array): Files {
  let bytes = 0;
  try {
    return unzipSync(zip, {
      filter: ({ originalSize }) => {
        bytes += originalSize;
        if (bytes > PACKAGE_BYTES_MAX) throw new RangeError("it is too large");
        return true;
      },
    });
  } catch (cause) {
    if (bytes > PACKAGE_BYTES_MAX) throw packageTooLarge(path, cause);
    throw new TypeError(`${path}: it is not a zip, or it is damaged`, { cause });
  }
}

const packageTooLarge = (path: string, cause?: unknown) =>
  new TypeError(`${path} holds more than the 250 MB that Lambda takes as a package`, { cause });

function codeOf(path: string, files: Files, given: GivenCode): OwnCode {
  const isGiven = given.handler !== undefined && given.runtime !== undefined;
  const name = isGiven ? undefined : fileOf(given.handler, files) ?? mainFile(files);
  const guessed = name === undefined ? undefined : guessOf(name, textOf(files[name]), given);
  const handler = given.handler ?? guessed?.handler;
  const runtime = given.runtime ?? guessed?.runtime;
  if (handler === undefined || runtime === undefined) {
    throw new TypeError(`${path}: ${whyNone(path, files, given)}`);
  }
  const guesses = [
    ...given.handler === undefined ? [`handler ${handler}`] : [],
    ...given.runtime === undefined ? [`runtime ${runtime}`] : [],
    ...files["package.json"] === MODULE_PACKAGE["package.json"]
      ? ['a package.json with "type": "module", which must be in the zip']
      : [],
  ];
  return { zip: zipSync(withModes(files), { level: 6 }), handler, runtime, guesses };
}

/** The file that a given handler is in, as Lambda finds it; undefined if there is none. */
function fileOf(handler: string | undefined, files: Files): string | undefined {
  if (handler === undefined) return undefined;
  const module = handler.slice(0, handler.lastIndexOf("."));
  const python = `${module.replaceAll(".", "/")}.py`;
  return [python, ...NODE_EXTENSIONS.map((extension) => `${module}${extension}`)]
    .find((name) => name in files);
}

const NODE_EXTENSIONS = [".mjs", ".js", ".cjs"];

const GIVE_BOTH =
  "Give --handler and --runtime, for example --handler index.handler --runtime nodejs22.x";
const GIVE_PYTHON = "Name its handler, for example --handler FILE.FUNCTION";

/** Programs of languages that must be built before they run, or that are not run here. */
const OTHER_SOURCES: readonly (readonly [RegExp, string])[] = [
  [
    /\.go$|(^|\/)go\.mod$/,
    "it is Go source. Build it first (CGO_ENABLED=0 go build -tags lambda.norpc -o bootstrap .), and " +
    "rehearse the file bootstrap.",
  ],
  [
    /\.rs$|(^|\/)Cargo\.toml$/,
    "it is Rust source. Build it first (cargo lambda build --release), and rehearse the file bootstrap.",
  ],
  [
    /\.(java|jar|class|kt|cs|csproj|dll|rb)$/,
    "Java, .NET and Ruby can't run here. Node, Python and programs named bootstrap can.",
  ],
];

/** Files that a tool writes beside the functions that it built, and what to rehearse then. */
const BUILDS: readonly (readonly [string, string])[] = [
  [
    "template.yaml",
    "it holds a template of SAM. Run sam build, and name the function's folder: .aws-sam/build/FUNCTION",
  ],
  [
    "manifest.json",
    "it is what the CDK wrote. Name the function's folder in it: cdk.out/asset.HASH, as its Code in the " +
    "template says",
  ],
  ["serverless-state.json", "it is what Serverless wrote. Name the zip in it"],
  ["serverless.yml", "Run serverless package, and name the zip in the folder .serverless"],
];

const isScript = (name: string) => /\.(?:mjs|cjs|js)$/.test(name);

/** Why no function is found, and what to do. */
function whyNone(path: string, files: Files, given: GivenCode): string {
  const names = Object.keys(files);
  const top = names.filter((name) => !name.includes("/"));
  const other = OTHER_SOURCES.find(([pattern]) => top.some((name) => pattern.test(name)));
  if (other) return other[1];
  if (names.length === 0) return "the folder is empty.";
  if (path.endsWith(".zip") && top.includes(basename(path))) return "it is not a zip.";
  if (top.some((name) => name.endsWith(".py"))) {
    return "it has no function named lambda_handler or handler, and none that takes an event. " +
      GIVE_PYTHON;
  }
  const build = BUILDS.find(([file]) => top.includes(file));
  if (build) return build[1];
  const typed = names.find((name) => /(?<!\.d)\.ts$/.test(name) && !OF_OTHERS.test(name));
  if (typed !== undefined && !names.some((name) => isScript(name) && !OF_OTHERS.test(name))) {
    return "it has no JavaScript, and Lambda does not run TypeScript. Name the file with the handler, such as " +
      `${join(path, typed)}, or the folder that your build writes.`;
  }
  const found = handlerBelow(files, given);
  const folders = new Set(names.map((name) => name.split("/")[0]));
  const [folder] = folders;
  if (top.length > 0 || folders.size > 1) {
    return `it has no function that is known as a handler at its top. ${
      found === undefined ? GIVE_BOTH : `Name it, for example --handler ${found}`
    }`;
  }
  const isPython = names.some((name) => name.endsWith(".py"));
  const example = found ??
    (isPython ? `${folder}.lambda_function.lambda_handler` : `${folder}/index.handler`);
  return `all its files are in the folder ${folder}/, where Lambda finds no handler: pack the files in ` +
    `that folder, or name the handler, such as --handler ${example}`;
}

/** The first handler below the top, as Lambda names it; undefined if none is known. */
function handlerBelow(files: Files, given: GivenCode): string | undefined {
  const own = Object.keys(files).filter((name) =>
    /\/[^/]+\.(?:py|mjs|cjs|js)$/.test(name) && !OF_OTHERS.test(name)
  );
  const name = own.find((name) => HAS_HANDLER.test(textOf(files[name]))) ??
    own.find((name) => MAIN_SCRIPT.test(name) && nodeExport(textOf(files[name])) !== "handler");
  if (name === undefined) return undefined;
  const handler = guessOf(name, textOf(files[name]), { ...given, handler: undefined })?.handler;
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  return handler && (name.endsWith(".py") ? folder.replaceAll("/", ".") : folder) + handler;
}

/** Names that people give to the file of Node with the handler. */
const MAIN_SCRIPT = /\/(?:handler|index|main|app|lambda)\.(?:mjs|cjs|js)$/;

/** Modules of other people. */
const OF_OTHERS = /(?:^|\/)(?:node_modules|site-packages|package|python|tests?)\//;

/** All files of the function, by their path in the package. */
async function filesAt(path: string): Promise<Files> {
  const { isDirectory } = await Deno.stat(path).catch((cause) => {
    const isMissing = cause instanceof Deno.errors.NotFound;
    if (!isMissing) throw cause;
    const from = isAbsolute(path) ? "" : ` in ${Deno.cwd()}`;
    throw new TypeError(`${path}: there is no such file or folder${from}`, { cause });
  });
  if (isDirectory) return withOwnModules(await filesIn(path));
  if (path.endsWith(".ts")) {
    return { "index.mjs": new TextEncoder().encode(await bundled(await Deno.realPath(path))) };
  }
  const bytes = await Deno.readFile(path);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return unzipped(path, bytes);
  const isModule = path.endsWith(".js") &&
    await isInModulePackage(dirname(await Deno.realPath(path)));
  return { [basename(path)]: bytes, ...isModule ? MODULE_PACKAGE : {} };
}

/** What the package of a single file of Node needs if the file is an ES module by its package.json. */
const MODULE_PACKAGE: Files = {
  "package.json": new TextEncoder().encode('{"type":"module"}\n'),
};

/** Whether the nearest package.json above says that files named .js are ES modules. */
async function isInModulePackage(folder: string): Promise<boolean> {
  const text = await Deno.readTextFile(join(folder, "package.json")).catch(() => undefined);
  if (text !== undefined) return /"type"\s*:\s*"module"/.test(text);
  return dirname(folder) !== folder && await isInModulePackage(dirname(folder));
}

/**
 * A file of TypeScript with its imports. Throws a `TypeError` for decorators of TypeScript's older kind,
 * which would be called in another way.
 */
async function bundled(path: string): Promise<string> {
  const source = await bundle(path);
  if (!source.includes(STANDARD_DECORATORS) || !await wantsOldDecorators(dirname(path))) {
    return source;
  }
  throw new TypeError(
    `${path}: its tsconfig.json has experimentalDecorators, which can't be built here. Build it (esbuild ` +
      "--bundle --platform=node does), and name the file that the build writes",
  );
}

/** In what Deno makes of a class with decorators. */
const STANDARD_DECORATORS = "_apply_decs_2203_r(";

/** Whether the nearest tsconfig.json above says so. */
async function wantsOldDecorators(folder: string): Promise<boolean> {
  const text = await Deno.readTextFile(join(folder, "tsconfig.json")).catch(() => undefined);
  if (text !== undefined) return /"experimentalDecorators"\s*:\s*true/.test(text);
  return dirname(folder) !== folder && await wantsOldDecorators(dirname(folder));
}

async function filesIn(folder: string): Promise<Files> {
  const files: Record<string, Uint8Array> = {};
  let bytes = 0;
  const read = async (path: string, prefix: string): Promise<void> => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(path)) {
      if (NOT_PACKED.has(name)) continue;
      const [inner, file] = [join(path, name), `${prefix}${name}`];
      if (isDirectory) await read(inner, `${file}/`);
      if (!isFile) continue;
      files[file] = await Deno.readFile(inner);
      bytes += files[file].length;
      if (bytes > PACKAGE_BYTES_MAX) throw packageTooLarge(folder);
    }
  };
  await read(folder, "");
  return files;
}

/** Folders into which people install Python's modules (`pip install -t`), to pack what is in them. */
const MODULE_FOLDERS =
  /^(?:package|site-packages|(?:venv|env)\/lib\/python3\.\d+\/site-packages)\//;

/**
 * Files with the modules of such a folder beside the handler, where a package for Lambda has them. A
 * folder that is a module itself stays as it is.
 */
function withOwnModules(files: Files): Files {
  const isModule = (folder: string) => `${folder}__init__.py` in files;
  const moved = Object.entries(files).map(([name, bytes]): [string, Uint8Array] => {
    const [folder] = MODULE_FOLDERS.exec(name) ?? [];
    return [folder === undefined || isModule(folder) ? name : name.slice(folder.length), bytes];
  });
  // The function's own files win over a module's of the same name.
  return {
    ...Object.fromEntries(moved),
    ...Object.fromEntries(moved.filter(([name]) => files[name])),
  };
}

/** The file that holds the handler, by the names that people and AWS's console use. */
function mainFile(files: Files): string | undefined {
  const top = Object.keys(files).filter((name) => !name.includes("/"));
  if (top.includes("bootstrap")) return "bootstrap";
  const known = ["lambda_function.py", "index.mjs", "index.js", "index.cjs", "handler.py"];
  const others = top.filter((name) => /\.(py|mjs|cjs|js)$/.test(name));
  const main = known.find((name) => top.includes(name));
  if (main !== undefined || others.length < 2) return main ?? others[0];
  // Modules that pip put beside the function have no handler.
  const having = others.filter((name) => HAS_HANDLER.test(textOf(files[name])));
  if (having.length === 1) return having[0];
  throw new TypeError(
    `The handler could be in any of ${
      (having.length === 0 ? others : having).slice(0, 5).join(", ")
    }: name it with --handler`,
  );
}

/** An export with the usual name, on one line or in a list of several. */
const EXPORTS_HANDLER = /\bexports?\b[^\n]*\bhandler\b|\bexport\s*\{[^}]*\bhandler\b/;

/**
 * A function of Python that takes an event, a value that is assigned to the usual name, or an export of
 * Node with the usual name.
 */
const HAS_HANDLER = new RegExp(
  String
    .raw`^(?:async )?def (?:(?:lambda_)?handler\(|\w+\(\s*event\b)|^(?:lambda_)?handler\s*=[^=]|${EXPORTS_HANDLER.source}`,
  "m",
);

function guessOf(
  name: string,
  text: string,
  { handler: given, pythonMinor }: GivenCode,
): Guess | undefined {
  if (name === "bootstrap") return { handler: "bootstrap", runtime: "provided.al2023" };
  const stem = basename(name, extname(name));
  if (!name.endsWith(".py")) {
    return { handler: `${stem}.${nodeExport(text)}`, runtime: NODE_RUNTIME };
  }
  const functions = [...text.matchAll(/^(?:(?:async )?def (\w+)\(|(\w+)\s*=[^=])/gm)]
    .map(([, defined, assigned]) => defined ?? assigned);
  const handler = ["lambda_handler", "handler"].find((it) => functions.includes(it)) ??
    /^def (\w+)\(\s*event\b/m.exec(text)?.[1];
  const minor = Math.min(PYTHON_MINORS.max, Math.max(PYTHON_MINORS.min, pythonMinor));
  const runtime = `python3.${minor}`;
  if (given !== undefined) return { handler: given, runtime };
  return handler === undefined ? undefined : { handler: `${stem}.${handler}`, runtime };
}

/** The export of a Node file that is its handler: `handler`, or the only one that looks like a function. */
function nodeExport(text: string): string {
  if (EXPORTS_HANDLER.test(text)) return "handler";
  const found = text.matchAll(NODE_FUNCTION);
  const names = new Set([...found].map(([, declared, assigned]) => declared ?? assigned));
  const [only] = names;
  return names.size === 1 ? only : "handler";
}

/**
 * An export that is a function, or what a call returns: `export async function x(`,
 * `export const x = async (`, `export const x = wrapped(y)`, `exports.x = (`.
 */
const NODE_FUNCTION = new RegExp(
  String.raw`^\s*(?:export\s+(?:async\s+)?function\s+(\w+)\s*\(|` +
    String.raw`(?:export\s+(?:const|let|var)\s+|(?:module\.)?exports\.)(\w+)\s*=\s*` +
    String.raw`(?:async\b|function\b|\(|\w+\s*=>|[\w.]+\())`,
  "gm",
);

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, 1024 * 1024));

/** Programs such as `bootstrap` must stay executable: a zip says so in an entry's attributes. */
function withModes(files: Files): Zippable {
  const entries = Object.entries(files).map(([name, bytes]): [string, ZippableFile] => [
    name,
    [bytes, { attrs: 0o755 << 16, os: MADE_ON_UNIX }],
  ]);
  return Object.fromEntries(entries);
}
