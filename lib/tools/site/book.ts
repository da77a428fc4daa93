/**
 * The site as a book of jupyter-book: which pages it has, in which order, and its settings.
 * @module
 */

/** Pages of the project under their headings, after the README, which is the first page. */
export const PARTS: readonly { readonly caption: string; readonly pages: readonly string[] }[] = [
  {
    caption: "The course",
    pages: [
      "notebooks/0_credentials.ipynb",
      "notebooks/1_delivery_stream.ipynb",
      "notebooks/2_jq_partitioning.ipynb",
      "notebooks/3_lambda_partitioning.ipynb",
      "notebooks/4_size_limit.ipynb",
      "notebooks/5_endless_loop.ipynb",
      "docs/glossary.md",
    ],
  },
  {
    caption: "Your own pipeline",
    pages: [
      "docs/broken_pipeline.md",
      "docs/strategies.md",
      "docs/readers.md",
      "docs/logs_to_s3.md",
      "examples/examples.md",
    ],
  },
  {
    caption: "The sandbox",
    pages: [
      "docs/sandbox.md",
      "docs/packages.md",
      "docs/console.md",
      "lib/sandbox/COVERAGE.md",
      "docs/lambda.md",
      "docs/jq.md",
      "docs/performance.md",
    ],
  },
  {
    caption: "The project",
    pages: ["docs/architecture.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  },
];

/** The page that the site makes itself: the code of `examples/`. */
export const EXAMPLES_PAGE = "examples/examples.md";

/** Each page's path in the project, and its path in the book's source. */
export function sitePages(): Map<string, string> {
  const pages = PARTS.flatMap(({ pages }) => pages);
  return new Map([["README.md", "index.md"], ...pages.map((path) => [path, path] as const)]);
}

/** The table of contents, as jupyter-book reads it (YAML, of which JSON is a part). */
export function tableOfContents(): string {
  return JSON.stringify({
    format: "jb-book",
    root: "index",
    parts: PARTS.map(({ caption, pages }) => ({
      caption,
      chapters: pages.map((path) => ({ file: path.replace(/\.\w+$/, "") })),
    })),
  });
}

/**
 * Those of jupyter-book's own extensions that the site uses. sphinx_thebe, which would load a script from
 * another host, stays out.
 */
const EXTENSIONS = [
  "sphinx_togglebutton",
  "sphinx_copybutton",
  "myst_nb",
  "jupyter_book",
  "sphinx_comments",
  "sphinx_external_toc",
  "sphinx_design",
  "sphinx_book_theme",
];

/**
 * The settings. Nothing is executed; nothing is loaded from another host, so there are no formulas, which
 * would bring a script.
 */
export function configuration({ repository }: { readonly repository?: string }): string {
  return JSON.stringify({
    title: "Firehose Lab",
    author: "",
    copyright: "",
    only_build_toc_files: true,
    execute: { execute_notebooks: "off" },
    html: {
      use_repository_button: repository !== undefined,
      use_issues_button: false,
      home_page_in_navbar: true,
    },
    ...(repository === undefined ? {} : { repository: { url: repository } }),
    sphinx: {
      config: {
        extensions: EXTENSIONS,
        language: "en",
        html_show_copyright: false,
        html_last_updated_fmt: null,
        html_static_path: ["_static"],
        // Not under "parse", where jupyter-book takes an empty list for its defaults: "$" is no formula.
        myst_enable_extensions: [],
        myst_heading_anchors: 4,
        myst_heading_slug_func: "firehose_lab_site.heading_anchor",
      },
    },
  });
}

/** The page of examples: the files with their code, in order of their paths. */
export function examplesPage(
  files: readonly { readonly path: string; readonly text: string }[],
): string {
  const sections = files.map(({ path, text }) => {
    const language = LANGUAGES[path.split(".").at(-1) ?? ""] ?? "text";
    return `## ${path}\n\n${fenced(text, language)}\n`;
  });
  return ["# Examples\n", "Functions for `deno task rehearse`, to try it with.\n", ...sections]
    .join("\n");
}

const LANGUAGES: Readonly<Record<string, string>> = {
  mjs: "javascript",
  py: "python",
  ts: "typescript",
  sh: "bash",
  json: "json",
};

/** A fence longer than any in the text. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
