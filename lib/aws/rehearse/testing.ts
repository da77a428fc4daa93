/** What tests of rehearsals share: the examples as functions, with their records. */
import { zipSync } from "fflate";
import { gzipSync } from "node:zlib";
import { confinement } from "../../sandbox/services/lambda/execution/confinement/support.ts";
import { findInterpreters } from "../../sandbox/services/lambda/execution/python/interpreters.ts";
import { rehearse, type Rehearsed } from "./measure.ts";
import type { OwnCode } from "./own_code.ts";
import { recordsInMemory } from "./record_spool.ts";
import { recordsIn } from "./records.ts";
import { startRehearsal } from "./rehearsal.ts";

const EXAMPLES = new URL("../../../examples/rehearse/", import.meta.url);
const CURES = new URL("./cures/", import.meta.url);

const isConfined = (await confinement()).kind !== "missing";

/** The newest Python here that a function can run with, as a runtime; undefined if there is none. */
export const PYTHON_RUNTIME: string | undefined = isConfined
  ? (await findInterpreters()).slice(-1).map(({ version }) => `python${version}`)[0]
  : undefined;

/** Why a Go function can't be built and run here; undefined if it can. */
export const GO_MISSING: string | undefined = !isConfined
  ? "no function's own program can be confined here"
  : await hasGo()
  ? undefined
  : "no go";

async function hasGo(): Promise<boolean> {
  try {
    return (await new Deno.Command("go", { args: ["version"], stdout: "null", stderr: "null" })
      .output())
      .success;
  } catch {
    return false;
  }
}

/** The text of an example, such as `naive.py`. */
export const exampleText = (file: string): Promise<string> =>
  Deno.readTextFile(new URL(file, EXAMPLES));

/** The text of a cure, such as `compress.py`. */
export const cureText = (file: string): Promise<string> => Deno.readTextFile(new URL(file, CURES));

/** A function in one file. */
export function codeOfText(file: string, text: string, runtime: string): OwnCode {
  return {
    zip: zipSync({ [file]: new TextEncoder().encode(text) }),
    handler: `${file.slice(0, file.lastIndexOf("."))}.handler`,
    runtime,
    guesses: [],
  };
}

/** The Go example as a function, built once; with the variable CURED it compresses its answers. */
export const goCode = (): Promise<OwnCode> => built ??= naiveGo();

let built: Promise<OwnCode> | undefined;

/** The cured Go example; the variable BUDGET is the bytes that it answers at most. */
export async function goPutBackCode(): Promise<OwnCode> {
  const main = (await exampleText("go-cured/main.go"))
    .replace('"io"', '"io"\n\t"os"')
    .replace('"slices"', '"slices"\n\t"strconv"')
    .replace("withinBudget(handle, 5_000_000)", "withinBudget(handle, budgetOfTest())");
  const budget = '\nfunc budgetOfTest() int {\n\tbytes, _ := strconv.Atoi(os.Getenv("BUDGET"))\n' +
    "\treturn bytes\n}\n";
  return buildGo("go-cured", main + budget);
}

async function naiveGo(): Promise<OwnCode> {
  const choice =
    'if os.Getenv("CURED") != "" {\n\t\treturn compressed(response), nil\n\t}\n\treturn response, nil';
  const main = (await exampleText("go/main.go")).replace('"io"', '"io"\n\t"os"')
    .replace("return response, nil", choice) + await cureText("compress.go.txt");
  return await buildGo("go", main);
}

/** Builds `main` with the modules of an example. */
async function buildGo(example: string, main: string): Promise<OwnCode> {
  const folder = await Deno.makeTempDir();
  try {
    for (const file of ["go.mod", "go.sum"]) {
      await Deno.copyFile(new URL(`${example}/${file}`, EXAMPLES), `${folder}/${file}`);
    }
    await Deno.writeTextFile(`${folder}/main.go`, main);
    const { success, stderr } = await new Deno.Command("go", {
      args: [
        "build",
        "-trimpath",
        "-ldflags=-s -w",
        "-tags",
        "lambda.norpc",
        "-o",
        "bootstrap",
        ".",
      ],
      cwd: folder,
      env: { CGO_ENABLED: "0" },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const bootstrap = await Deno.readFile(`${folder}/bootstrap`);
    const zip = zipSync({ bootstrap: [bootstrap, { attrs: 0o755 << 16, os: 3, level: 1 }] });
    return { zip, handler: "bootstrap", runtime: "provided.al2023", guesses: [] };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Rehearses a function with the records of the examples, each compressed, or with those given. */
export async function rehearsed(
  code: OwnCode,
  { records = ORDERS, bufferMB = 1, variables = {} }: {
    readonly records?: readonly Uint8Array[];
    readonly bufferMB?: number;
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<Rehearsed> {
  const settings = { memoryMB: 512, timeoutSeconds: 60, variables };
  const given = recordsInMemory(records);
  await using rehearsal = await startRehearsal(code, given, { settings });
  return await rehearse(rehearsal, given, {
    bufferMB,
    runtime: code.runtime,
    timeoutSeconds: 60,
  });
}

const ORDERS = recordsIn(await Deno.readFile(new URL("orders.ndjson.gz", EXAMPLES))).records
  .map((order) => gzipSync(order));
