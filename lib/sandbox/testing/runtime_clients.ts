/**
 * AWS's own runtime interface clients, for tests that drive them against the sandbox: installed
 * into `.runtime-clients` when they are missing.
 * @module
 */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { nodeProgram } from "../services/lambda/execution/node_program.ts";
import { claim } from "./claim.ts";
import { pythonWith, run } from "./python.ts";

const FOLDER = ".runtime-clients";
const ROOT = new URL("../../../", import.meta.url).pathname;
const REQUIREMENTS = new URL("../compat/ric_requirements.txt", import.meta.url).pathname;

/** The client that nodejs18.x to nodejs22.x run, 3.3.0; its successor needs Node 22. */
const NODE_LOCK = new URL("../compat/node_ric/", import.meta.url).pathname;
const NODE_FOLDER = join(ROOT, FOLDER, "node");
/** Written when it was compiled to its end. */
const NODE_STAMP = join(NODE_FOLDER, "installed");
/** What npm needs to compile it. */
const BUILD_TOOLS = ["npm", "autoconf", "automake", "libtoolize", "cmake", "make", "g++"];

/** A client: the reason why it cannot be installed here, or how it is. */
export interface RuntimeClient {
  /** `npm aws-lambda-ric`. */
  readonly name: string;
  readonly missing: string | undefined;
  /** The program and its first arguments; the handler's name is to follow. */
  install(): Promise<readonly string[]>;
}

/** PyPI's awslambdaric: there are wheels for Linux with glibc and Python 3.10 or later. */
export const PYTHON_CLIENT: RuntimeClient = {
  name: "PyPI awslambdaric",
  missing: hasWheels() ? undefined : "it needs Python 3.10 on Linux with glibc",
  install:
    async () => [await pythonWith(REQUIREMENTS, join(FOLDER, "python")), "-m", "awslambdaric"],
};

/** npm's aws-lambda-ric, which is compiled when it is installed: two minutes, once. */
export const NODE_CLIENT: RuntimeClient = {
  name: "npm aws-lambda-ric",
  missing: isThere(NODE_STAMP) ? undefined : missingTools(),
  async install() {
    using _ = await claim(NODE_FOLDER);
    if (!isThere(NODE_STAMP)) {
      await Deno.mkdir(NODE_FOLDER, { recursive: true });
      for (const name of ["package.json", "package-lock.json"]) {
        await Deno.copyFile(join(NODE_LOCK, name), join(NODE_FOLDER, name));
      }
      await run("npm", ["ci", "--prefix", NODE_FOLDER, "--no-audit", "--no-fund"]);
      await Deno.writeTextFile(NODE_STAMP, "");
    }
    return [
      nodeProgram() ?? "node",
      join(NODE_FOLDER, "node_modules/aws-lambda-ric/bin/index.mjs"),
    ];
  },
};

function hasWheels(): boolean {
  const script = "import platform, sys; " +
    "print(sys.version_info >= (3, 10) and platform.libc_ver()[0] == 'glibc')";
  try {
    const { stdout } = new Deno.Command("python3", { args: ["-c", script] }).outputSync();
    return new TextDecoder().decode(stdout).trim() === "True";
  } catch {
    return false;
  }
}

function missingTools(): string | undefined {
  const missing = BUILD_TOOLS.filter((tool) => !isOnPath(tool));
  return missing.length === 0 ? undefined : `${missing.join(", ")} missing, to compile it`;
}

function isOnPath(program: string): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter);
  return folders.some((folder) => isThere(join(folder, program)));
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
