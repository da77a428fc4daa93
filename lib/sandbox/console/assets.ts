/**
 * The files of the console's page: HTML, a style sheet, and modules. The modules are TypeScript; their
 * types are stripped when they are first asked for, so that the page needs no build. None of the files
 * holds data of the sandbox.
 * @module
 */

import { stripTypeScriptTypes } from "node:module";

/** By their name under `/_sandbox/console/`. As addresses of this module, so that packages carry them. */
const FILES: Readonly<Record<string, URL>> = {
  "index.html": new URL("./page/index.html", import.meta.url),
  "style.css": new URL("./page/style.css", import.meta.url),
  "icon.svg": new URL("./page/icon.svg", import.meta.url),
  "main.ts": new URL("./page/main.ts", import.meta.url),
  "api.ts": new URL("./page/api.ts", import.meta.url),
  "ask_token.ts": new URL("./page/ask_token.ts", import.meta.url),
  "elements.ts": new URL("./page/elements.ts", import.meta.url),
  "failed.ts": new URL("./page/failed.ts", import.meta.url),
  "failed_record.ts": new URL("./page/failed_record.ts", import.meta.url),
  "faults.ts": new URL("./page/faults.ts", import.meta.url),
  "logs.ts": new URL("./page/logs.ts", import.meta.url),
  "objects.ts": new URL("./page/objects.ts", import.meta.url),
  "requests.ts": new URL("./page/requests.ts", import.meta.url),
  "search.ts": new URL("./page/search.ts", import.meta.url),
  "streams.ts": new URL("./page/streams.ts", import.meta.url),
  "text.ts": new URL("./page/text.ts", import.meta.url),
  "ticks.ts": new URL("./page/ticks.ts", import.meta.url),
  "token.ts": new URL("./page/token.ts", import.meta.url),
  "way.ts": new URL("./page/way.ts", import.meta.url),
  "preact/LICENSE.txt": new URL("./page/preact/LICENSE.txt", import.meta.url),
  "preact/preact.js": new URL("./page/preact/preact.js", import.meta.url),
  "preact/hooks.js": new URL("./page/preact/hooks.js", import.meta.url),
};

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  ts: "text/javascript; charset=utf-8",
};

/** Only files of the sandbox itself, nothing inline, and no frame may hold the page. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": PAGE_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // A page of an older sandbox must not talk to a newer one.
  "cache-control": "no-cache",
};

const kept = new Map<string, string>();

/** The answer for a file of the page; undefined if there is none of this name. */
export async function asset(name: string): Promise<Response | undefined> {
  // In a package, modules are JavaScript and name each other so.
  const known = Object.hasOwn(FILES, name) ? name : name.replace(/\.js$/, ".ts");
  if (!Object.hasOwn(FILES, known)) return undefined;
  const text = kept.get(known) ?? await textOf(FILES[known]);
  kept.set(known, text);
  const type = TYPES[known.slice(known.lastIndexOf(".") + 1)];
  return new Response(text, { headers: { ...HEADERS, "content-type": type } });
}

async function textOf(file: URL): Promise<string> {
  const text = await Deno.readTextFile(file);
  return file.pathname.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
}
