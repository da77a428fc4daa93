/**
 * An executed notebook as a page of the site.
 * @module
 */

import { isFolded } from "../../notebook/minutes.ts";
import { isRecord } from "../../notebook/notebook_file.ts";
import { type LinkedPage, type LinkTargets, rewriteLinks } from "./links.ts";

/** A page from the text of an executed notebook. */
export interface NotebookPage extends LinkedPage {
  /** Outputs of all cells. */
  readonly outputs: number;
}

/**
 * The notebook at `path` with rewritten links. In what its cells showed, the project's folder on this
 * machine is named `firehose-lab`.
 */
export function notebookPage(
  text: string,
  path: string,
  { targets, projectDir }: { readonly targets: LinkTargets; readonly projectDir: string },
): NotebookPage {
  const notebook: unknown = JSON.parse(text);
  if (!isRecord(notebook) || !Array.isArray(notebook.cells)) {
    throw new TypeError(`${path} has no cells.`);
  }
  const pictures: string[] = [];
  let outputs = 0;
  const cells = notebook.cells.map((cell: unknown) => {
    if (!isRecord(cell)) throw new TypeError(`${path} has a cell that is no object.`);
    if (Array.isArray(cell.outputs)) outputs += cell.outputs.length;
    if (cell.cell_type !== "markdown") {
      return withoutFolder({ ...cell, metadata: pageMetadata(cell.metadata) }, projectDir);
    }
    const source = Array.isArray(cell.source) ? cell.source.join("") : `${cell.source}`;
    const page = rewriteLinks(source, path, targets);
    pictures.push(...page.pictures);
    return { ...cell, source: page.text };
  });
  return { text: JSON.stringify({ ...notebook, cells }), pictures, outputs };
}

/** How many outputs of cells a page of the built site shows. */
export const shownOutputs = (html: string): number =>
  [...html.matchAll(/<div class="output /g)].length;

/**
 * A cell's metadata without the times of this run, which differ in each build. A cell that JupyterLab
 * folds is folded on the page too.
 */
function pageMetadata(metadata: unknown): Record<string, unknown> {
  const { execution: _, ...kept } = isRecord(metadata) ? metadata : {};
  if (!isFolded(kept)) return kept;
  return { ...kept, tags: [...Array.isArray(kept.tags) ? kept.tags : [], "hide-input"] };
}

function withoutFolder(value: unknown, projectDir: string): unknown {
  const folder = projectDir.replace(/[/\\]$/, "");
  return JSON.parse(
    JSON.stringify(value),
    (_name, part) => typeof part === "string" ? part.replaceAll(folder, "firehose-lab") : part,
  );
}
