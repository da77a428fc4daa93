/**
 * The libraries that draw plots. `plots.ts` loads this with the first plot: it takes a quarter of the
 * time that all of a notebook's code takes to load.
 * @module
 */

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

export { Plot };

/** Taken by name: the types of a page without a browser do not name its document. */
export const document = Reflect.get(
  parseHTML("<!doctype html><html><body></body></html>"),
  "document",
);
