/**
 * The start of a function's thread: the function's world first, then the thread's own code.
 * @module
 */
import module, { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import threads from "node:worker_threads";
import { wordLoading } from "./builtins.mjs";
import { installGuest } from "./install.mjs";

const { world, code, isSource, workerData } = threads.workerData;
threads.workerData = workerData;
const { folders } = await installGuest(world, { onRefusedProgram() {}, onMissingSdk() {} });
wordLoading();
const root = `${folders.taskFolder}/index.js`;
if (isSource) {
  const thread = new module.Module(root);
  thread.filename = root;
  thread.paths = createRequire(root).resolve.paths("x") ?? [];
  thread._compile(code, root);
} else {
  const file = code.startsWith("file:") || code.startsWith("data:")
    ? code
    : pathToFileURL(folders.toReal(code)).href;
  await import(file);
}
