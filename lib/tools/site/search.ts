/**
 * The site's search, which is Sphinx's: it runs in the browser.
 * @module
 */

/** Where Sphinx (7.4.7, `searchtools.js`) leaves numbers out of what is searched for. */
const SKIPS_NUMBERS = "queryTerm.match(/^\\d+$/)";

/**
 * Sphinx's script with a search for numbers, such as 413: the index has them.
 * Throws an `Error` if the script is another than the pinned one.
 */
export function searchWithNumbers(script: string): string {
  if (!script.includes(SKIPS_NUMBERS)) {
    throw new Error("Sphinx's searchtools.js has changed: look how it now treats numbers.");
  }
  return script.replace(SKIPS_NUMBERS, "false");
}
