/**
 * The AWS SDK for JavaScript, which nodejs18.x and later runtimes bring: the clients that this
 * project itself uses, in a folder that functions read. It is copied from Deno's cache, where they
 * are already, with the hashes of `deno.lock`.
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutLoaderVariables } from "../../../child_environment.ts";
import { makeRuntimeFolder } from "./runtime_folder.ts";

/** How the SDK is provided. */
export interface NodeSdkOptions {
  /** Where it is kept. */
  readonly folder: string;
  readonly onProgress: (text: string) => void;
}

const PROJECT = fileURLToPath(new URL("../../../../../", import.meta.url));
const PROVIDED = /^@aws-sdk\/(client-.*|credential-providers|s3-request-presigner)$/;

/** The SDK, made when the first function needs it. */
export class NodeSdk {
  readonly #options: NodeSdkOptions;
  #made: Promise<string | undefined> | undefined;

  constructor(options: NodeSdkOptions) {
    this.#options = options;
  }

  /** The folder whose `node_modules` has it; undefined where it cannot be made, which is said. */
  folder(): Promise<string | undefined> {
    return this.#made ??= make(this.#options.folder).catch((error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.onProgress(`functions get no AWS SDK: ${reason}`);
      return undefined;
    });
  }
}

async function make(folder: string): Promise<string> {
  const lock = await Deno.readTextFile(join(PROJECT, "deno.lock"));
  const config = JSON.stringify({ nodeModulesDir: "auto", imports: await providedImports() });
  const mark = createHash("sha256").update(config + lock).digest("hex").slice(0, 12);
  const place = join(folder, `node-sdk-${mark}`);
  await makeRuntimeFolder(place, async (part) => {
    await Deno.writeTextFile(join(part, "deno.json"), config);
    await Deno.writeTextFile(join(part, "deno.lock"), lock);
    await install(part);
  });
  return place;
}

async function providedImports(): Promise<Record<string, string>> {
  const { imports }: { imports: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(join(PROJECT, "deno.json")),
  );
  return Object.fromEntries(Object.entries(imports).filter(([name]) => PROVIDED.test(name)));
}

async function install(folder: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet"],
    cwd: folder,
    env: { ...withoutLoaderVariables(), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}
