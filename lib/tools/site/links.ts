/**
 * Links of a page on the site: those between pages stay, those to other files of the project lead to the
 * repository.
 * @module
 */

import { posix } from "node:path";

/** What the links of a page may lead to. Paths are inside the project, with `/`. */
export interface LinkTargets {
  /** Each page's path in the project, and its path in the site's source. */
  readonly pages: ReadonlyMap<string, string>;
  /** The texts of the pages in Markdown, by their paths in the project. */
  readonly texts: ReadonlyMap<string, string>;
  /** What is at a path of the project; undefined if nothing is. */
  readonly kindOf: (path: string) => "file" | "folder" | undefined;
  /** The repository's web address, if known. */
  readonly repository?: string;
}

/** A page's Markdown with rewritten links, and the pictures that it shows. */
export interface LinkedPage {
  readonly text: string;
  readonly pictures: readonly string[];
}

/** Fenced code, code in a line, or a link or picture; only the last is rewritten. */
const CODE_OR_LINK =
  /^ *(`{3,}|~{3,})[^]*?^ *\1|(!?)\[((?:[^\[\]`]|`[^`]*`)*)\]\(([^()\s]+)\)|(`+)[^`][^]*?\5(?!`)/gm;

const FENCED = /^ *(`{3,}|~{3,})[^]*?^ *\1/gm;

/** Relative addresses in HTML, which nothing would rewrite. */
const HTML_ADDRESS = /<[a-z][^>]*\s(?:href|src)="(?!https?:|#|data:)([^"]*)"/i;

/**
 * Rewrites the Markdown of the page at `path`. Without an address of the repository, a link to a file is
 * the file's path in words.
 *
 * Throws an `Error` that names page and target if a link leads to no file, or to no heading of a page.
 */
export function rewriteLinks(text: string, path: string, targets: LinkTargets): LinkedPage {
  const pictures: string[] = [];
  const rewritten = text.replace(
    CODE_OR_LINK,
    (whole, _fence, bang: string, words: string, address: string | undefined) => {
      if (address === undefined || /^[a-z][a-z\d+.-]*:/i.test(address)) return whole;
      if (address.startsWith("#")) {
        return `[${words}](${anchorOnSite(address, path, path, targets)})`;
      }
      const target = targetOf(address, path, targets);
      if (!bang) return linkTo(target, words, path, targets);
      pictures.push(target.path);
      return whole;
    },
  );
  const html = HTML_ADDRESS.exec(text.replace(CODE_OR_LINK, ""));
  if (html) throw new Error(`${path}: write "${html[1]}" as a Markdown link, not as HTML.`);
  return { text: rewritten, pictures };
}

/**
 * The anchor of the page at `target` as the site has it, for a link on `page`. Pages in Markdown are
 * written for GitHub, which makes `#a-start-with-your-own-things` of a heading; the site keeps its
 * letters, as JupyterLab does. Links to headings of notebooks are written for JupyterLab.
 */
function anchorOnSite(anchor: string, target: string, page: string, targets: LinkTargets): string {
  const text = targets.texts.get(target);
  if (anchor === "" || text === undefined) return anchor;
  const heading = headingAt(anchor, text);
  if (heading === undefined) {
    throw new Error(`${page}: the link to ${anchor} leads to no heading of ${target}.`);
  }
  return `#${heading.replaceAll(/[`*]/g, "").replaceAll(" ", "-")}`;
}

/** The heading of a Markdown text that GitHub gives this anchor (`#https`); undefined if none has it. */
export function headingAt(anchor: string, text: string): string | undefined {
  const headings = [...text.replace(FENCED, "").matchAll(/^#{1,6} +(.+?) *#* *$/gm)];
  return headings.find(([, words]) => `#${gitHubAnchor(words)}` === anchor)?.[1];
}

/** GitHub's anchor of a heading: lower case, without punctuation, a hyphen for each space. */
const gitHubAnchor = (heading: string) =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");

interface Target {
  readonly path: string;
  readonly kind: "file" | "folder";
  /** `#…`, or empty. */
  readonly anchor: string;
}

function targetOf(address: string, page: string, { kindOf }: LinkTargets): Target {
  const [, relative, anchor] = /^([^#]*)(#.*)?$/.exec(address) ?? [];
  const joined = posix.join(posix.dirname(page), decodeURIComponent(relative));
  const path = joined.replace(/\/$/, "");
  const kind = path.startsWith("..") ? undefined : kindOf(path);
  if (kind === undefined) throw new Error(`${page}: the link to ${address} leads nowhere.`);
  return { path, kind, anchor: anchor ?? "" };
}

function linkTo(target: Target, words: string, page: string, targets: LinkTargets): string {
  const { pages, repository } = targets;
  const other = pages.get(target.path);
  if (other !== undefined) {
    const from = posix.dirname(pages.get(page) ?? page);
    const anchor = anchorOnSite(target.anchor, target.path, page, targets);
    return `[${words}](${posix.relative(from, other)}${anchor})`;
  }
  if (repository === undefined) return inWords(words, target.path);
  const view = target.kind === "folder" ? "tree" : "blob";
  return `[${words}](${repository}/${view}/HEAD/${target.path}${target.anchor})`;
}

function inWords(words: string, path: string): string {
  return words.replaceAll("`", "") === path ? `\`${path}\`` : `${words} (\`${path}\`)`;
}
