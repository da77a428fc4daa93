/**
 * Chromium without a window, for tests of pages. A machine without it skips them by name.
 * @module
 */

import { type Browser, chromium } from "playwright-core";

/** Where systems have it: Debian, Ubuntu, Fedora, Arch; macOS; the path that a person gives. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The program; undefined if this machine has none. */
export function chromiumProgram(): string | undefined {
  const given = Deno.env.get("CHROMIUM_PATH");
  return [...(given ? [given] : []), ...PLACES].find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Starts it; close it with `close`. */
export async function startChromium(executablePath: string): Promise<Browser> {
  // Its own sandbox needs rights that containers do not give; it opens pages of this machine only.
  return await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}
