/**
 * Readers inside a browser: a page reads the objects from a local server and posts its results.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import type { Plan } from "./plan.ts";
import { run } from "./program.ts";

const GZIP = ["oneMember", "functionLines", "keptMembers", "mergedMembers", "headerFields"];

/** The objects that are sent with `Content-Encoding: gzip`, by case. */
const ENCODED = { httpOneMember: "oneMember", httpMembers: "keptMembers" } as const;

const PAGE = (version: string) =>
  `<!doctype html><title>readers</title><script type="module">
const lines = [];
const attempt = async (reader, name, read) => {
  const about = { reader, version: ${JSON.stringify(version)}, case: name };
  try {
    const text = await read();
    const ids = text.split("\\n").filter((line) => line !== "").map((line) => JSON.parse(line).id);
    lines.push(JSON.stringify({ ...about, ids }));
  } catch (error) {
    lines.push(JSON.stringify({ ...about, error: String(error) }));
  }
};
for (const name of ${JSON.stringify(GZIP)}) {
  await attempt("Chromium DecompressionStream", name, async () => {
    const { body } = await fetch("/raw/" + name);
    return await new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
  });
}
for (const name of ${JSON.stringify(Object.keys(ENCODED))}) {
  await attempt("Chromium fetch", name, async () => await (await fetch("/encoded/" + name)).text());
}
await fetch("/results", { method: "POST", body: lines.join("\\n") + "\\n" });
</script>`;

const WITHIN_MS = 60_000;

/** A JSON line for each reader and object. Throws an `Error` if the page does not answer in time. */
export async function readInChromium({ files }: Plan): Promise<string> {
  const version = /\d+(\.\d+)+/.exec(await run("chromium", ["--version"]))?.[0] ?? "unknown";
  const posted = Promise.withResolvers<string>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const [, kind, name] = new URL(request.url).pathname.split("/");
      if (kind === "results") {
        posted.resolve(await request.text());
        return new Response();
      }
      if (kind === "page") {
        return new Response(PAGE(version), {
          headers: { "content-type": "text/html" },
        });
      }
      const encoded = Object.entries(ENCODED).find(([known]) => known === name)?.[1];
      const path = files[encoded ?? name];
      if (!path) return new Response(null, { status: 404 });
      const headers = encoded ? { "content-encoding": "gzip" } : undefined;
      return new Response(await Deno.readFile(path), { headers });
    },
  );
  const profile = await Deno.makeTempDir();
  const browser = new Deno.Command("chromium", {
    args: ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`]
      .concat(`http://127.0.0.1:${server.addr.port}/page`),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => posted.reject(new Error("Chromium posted nothing")), WITHIN_MS);
  try {
    return await posted.promise;
  } finally {
    clearTimeout(timer);
    browser.kill();
    await browser.status;
    await server.shutdown();
    await removeOnceFree(profile);
  }
}

/** Chromium's own child processes end a moment after it, and write to its profile until then. */
async function removeOnceFree(folder: string): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await Deno.remove(folder, { recursive: true });
    } catch (error) {
      if (tries === REMOVE_TRIES_MAX) throw error;
      await pause(REMOVE_PAUSE_MS);
    }
  }
}

const REMOVE_TRIES_MAX = 50;
const REMOVE_PAUSE_MS = 100;
