/**
 * Rules for notebook files of the course, apart from their code: clean for git, in the course's form,
 * readable, with links and pictures that work. Each message says how to correct the file.
 * @module
 */

import { minutesFor, readingOf, statedMinutes } from "../notebook/minutes.ts";
import type { Cell, Notebook } from "../notebook/notebook_file.ts";

/** A violation of a rule. */
export interface Problem {
  /** The cell's id, or its number if it has none. */
  readonly cell: string;
  /** A line of the cell, from 1; absent means the whole cell. */
  readonly line?: number;
  readonly message: string;
}

/** Questions of a rule about other files. */
export interface Surroundings {
  /** Whether there is a file at this path, relative to the notebook's folder. */
  readonly fileExists: (path: string) => boolean;
}

/** Lines of one code cell, "about 15"; imports do not count. */
export const CODE_LINES_MAX = 25;
/** Words of one text cell: "at most about 100", with room for a list. Folded hints do not count. */
export const TEXT_WORDS_MAX = 150;
/** Words of the title cell, which lists the steps. */
const TITLE_WORDS_MAX = 250;

/** All violations in a notebook's file, in the order of its cells within each rule. */
export function problemsOf(notebook: Notebook, surroundings: Surroundings): Problem[] {
  return RULES.flatMap((rule) => rule(notebook, surroundings));
}

type Rule = (notebook: Notebook, surroundings: Surroundings) => Problem[];

/** A rule about a single cell: its message if the cell violates it. */
function eachCell(check: (cell: Cell, index: number) => string | undefined): Rule {
  return ({ cells }) =>
    cells.flatMap((cell, index) => {
      const message = check(cell, index);
      return message === undefined ? [] : [{ cell: cell.id || `number ${index + 1}`, message }];
    });
}

const cleanForGit = eachCell(({ outputs, executionCount }) =>
  outputs.length > 0 || executionCount !== null
    ? "has outputs or a counter: `deno task notebooks --clean` takes them out"
    : undefined
);

/** Random ids made by programs mean nothing to the reader of an error. */
const RANDOM_ID = /^([0-9a-f]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const meaningfulIds: Rule = ({ cells }) => {
  const seen = new Set<string>();
  return cells.flatMap(({ id }, index) => {
    const problem = (message: string) => [{ cell: id || `number ${index + 1}`, message }];
    if (seen.has(id)) return problem("has the id of an earlier cell");
    seen.add(id);
    return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && !RANDOM_ID.test(id)
      ? []
      : problem(`needs an id that says what it does, like "step-2-create"`);
  });
};

const notEmpty = eachCell(({ source }) => source.trim() === "" ? "is empty: remove it" : undefined);

const notTooLong = eachCell(({ type, source }, index) => {
  if (type === "code") {
    const lines = withoutImports(source).split("\n").length;
    return lines > CODE_LINES_MAX
      ? `has ${lines} lines of code; the most is ${CODE_LINES_MAX}: split it, or move it to lib/`
      : undefined;
  }
  const words = countWords(source);
  const max = index === 0 ? TITLE_WORDS_MAX : TEXT_WORDS_MAX;
  return words > max ? `has ${words} words; the most is ${max}: say less, or split it` : undefined;
});

const withoutImports = (code: string) => code.replace(/^import\b[^;]*;\n/gm, "");

/** Words that are visible at once: folded `<details>` and addresses do not count. */
export function countWords(markdown: string): number {
  const visible = markdown
    .replace(/<details>[\s\S]*?<\/details>/g, " ")
    .replace(/<svg[\s\S]*?<\/svg>/g, " ")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/<[^>]*>/g, " ");
  return visible.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Calls with a result that nobody wants to see below a cell. */
const GIVES_A_VALUE = /^await (?:[\w.]*\b(?:once\w+|putAll|watchBuffer)|[\w.]+\.send)\(/;

/** A statement begins a line without indentation. Declarations and branches have no value. */
const EXPRESSION_STARTS =
  /^(?!(?:const|let|var|function|async|class|type|interface|import|export|if|for|while|return)\b)[\w(\[]/;

const noBareValue = eachCell(({ type, source }) => {
  if (type !== "code") return undefined;
  // A cell's value is that of its last expression, also if declarations follow.
  const last = source.split("\n").filter((line) => EXPRESSION_STARTS.test(line)).at(-1) ?? "";
  return GIVES_A_VALUE.test(last)
    ? "ends with a value, which would be shown: end it with show(…) of what matters"
    : undefined;
});

interface Heading {
  readonly cell: string;
  readonly index: number;
  readonly level: number;
  readonly text: string;
}

function headingsOf({ cells }: Notebook): Heading[] {
  return cells.flatMap((cell, index) =>
    cell.type !== "markdown"
      ? []
      : [...withoutFences(cell.source).matchAll(/^(#{1,6}) +(.+?) *#* *$/gm)].map(
        ([, marks, text]) => ({ cell: cell.id, index, level: marks.length, text }),
      )
  );
}

const withoutFences = (markdown: string) => markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");

const headingsInOrder: Rule = (notebook) => {
  const headings = headingsOf(notebook);
  const problems = headings.flatMap(({ cell, level, text }, index) => {
    const before = index === 0 ? 0 : headings[index - 1].level;
    return level > before + 1
      ? [{ cell, message: `heading "${text}" is of level ${level} right after level ${before}` }]
      : [];
  });
  const titles = headings.filter(({ level }) => level === 1);
  if (titles.length === 1 && titles[0].index === 0) return problems;
  const cell = notebook.cells[0]?.id ?? "number 1";
  return [...problems, { cell, message: "must hold the notebook's one heading of level 1" }];
};

const courseForm: Rule = ({ cells, metadata }) => {
  const problems: Problem[] = [];
  const setup = cells[1];
  if (setup?.type !== "code" || !/\bawait begin\(/.test(setup.source)) {
    const message = "the second cell must be the setup cell, with all imports and `await begin(`";
    problems.push({ cell: setup?.id ?? "number 2", message });
  }
  for (const cell of cells.slice(2)) {
    if (cell.type === "code" && /^import\b/m.test(cell.source)) {
      problems.push({ cell: cell.id, message: "imports: all imports stand in the setup cell" });
    }
  }
  const kernel = metadata.kernelspec;
  if (typeof kernel !== "object" || kernel === null || !("name" in kernel)) {
    const message = "names no kernel: `deno task notebooks --clean` corrects that";
    problems.push({ cell: "(the file)", message });
  }
  return problems;
};

const stepsHaveCheckpoints: Rule = (notebook) => {
  const sections = headingsOf(notebook).filter(({ level }) => level <= 2);
  return sections.flatMap(({ cell, text, index }, number) => {
    if (!/^step\b/i.test(text)) return [];
    const end = sections[number + 1]?.index ?? notebook.cells.length;
    const hasCheckpoint = notebook.cells.slice(index, end).some(({ type, source }) =>
      type === "code" && /\bcheckpoint\(/.test(source)
    );
    return hasCheckpoint ? [] : [{ cell, message: `"${text}" has no checkpoint(…)` }];
  });
};

const linksAlive: Rule = (notebook, { fileExists }) => {
  const anchors = new Set(headingsOf(notebook).map(({ text }) => anchorOf(text)));
  return notebook.cells.flatMap(({ id, type, source }) => {
    if (type !== "markdown") return [];
    return targetsIn(source).flatMap((target) => {
      const isDead = target.startsWith("#")
        ? !anchors.has(decodeURIComponent(target.slice(1)))
        : !/^(https?:|mailto:|data:|attachment:)/.test(target) &&
          !fileExists(decodeURIComponent(target.split("#")[0]));
      if (isDead) return [{ cell: id, message: `links to "${target}", which is not there` }];
      return target.startsWith("http:")
        ? [{ cell: id, message: `links to "${target}" without https` }]
        : [];
    });
  });
};

/** JupyterLab's id for a heading: its text with a hyphen for each space. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*]/g, "")
    .replaceAll(" ", "-");
}

/** The targets of a text's links and pictures, in Markdown and HTML. */
export function targetsIn(markdown: string): string[] {
  const text = withoutFences(markdown).replace(/`[^`\n]*`/g, "");
  const inMarkdown = text.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g);
  const inHtml = text.matchAll(/<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*["']([^"']+)["']/g);
  return [...inMarkdown, ...inHtml].map(([, target]) => target);
}

const picturesHaveAltText = eachCell(({ type, source }) => {
  if (type !== "markdown") return undefined;
  const text = withoutFences(source);
  const bare = /!\[\s*\]\(/.test(text) ||
    [...text.matchAll(/<img\b[^>]*>/g)].some(([tag]) => !/\balt\s*=\s*["'][^"']+["']/.test(tag)) ||
    [...text.matchAll(/<svg\b[^>]*>/g)].some(([tag]) => !/\baria-label\s*=\s*["'][^"']/.test(tag));
  return bare ? "has a picture without alt text (for an <svg>: aria-label)" : undefined;
});

/**
 * China's Regions and GovCloud have other partitions (`aws-cn`, `aws-us-gov`), also for the policies
 * that AWS manages: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html.
 */
const noFixedPartition = eachCell(({ type, source }) =>
  type === "code" && /\barn:aws(-[a-z-]+)?:/.test(source)
    ? "writes an ARN for one partition: take `lab.partition`, or an ARN of `lab.names`"
    : undefined
);

const exercisesHaveSolutions: Rule = ({ cells }) =>
  cells.flatMap(({ id, type, source }, index) => {
    if (type !== "code" || !/\bawait (?:exercise\w*|checked)\(/.test(source)) return [];
    const problem = (message: string) => [{ cell: id, message }];
    if (!id.startsWith("exercise-")) return problem(`needs an id that begins with "exercise-"`);
    const folded = cells[index + 1]?.source.match(/<summary>[^<]+<\/summary>/g) ?? [];
    return folded.length >= 3 && folded.at(-1) === "<summary>Solution</summary>"
      ? []
      : problem("needs two folded hints and a folded solution in the cell below");
  });

/** Readers meet exercise 4.1 before 4.2: the id has the number, and so has the call, if it names one. */
const exercisesInOrder: Rule = ({ cells }) =>
  cells.filter(({ id, type }) => type === "code" && id.startsWith("exercise-"))
    .flatMap(({ id, source }, index) => {
      const called = /\bawait (?:exercise|checked)\(\s*"\d+\.(\d+)"/.exec(source)?.[1];
      const numbers = [id.split("-").at(-1), ...called === undefined ? [] : [called]];
      return numbers.every((number) => number === `${index + 1}`) ? [] : [{
        cell: id,
        message: `is exercise ${index + 1} of the notebook: give its id and its call this number`,
      }];
    });

/** Stated minutes may differ by this share from those that are counted. */
const MINUTES_OFF_MAX = 0.2;

const minutesAreTrue: Rule = (notebook) => {
  const [title] = notebook.cells;
  const stated = statedMinutes(title?.source ?? "");
  if (stated === undefined) return []; // not a notebook of the course, or a draft
  const minutes = minutesFor(readingOf(notebook));
  if (Math.abs(stated / minutes - 1) <= MINUTES_OFF_MAX) return [];
  const message = `states ${stated} minutes, and ${minutes.toFixed(0)} are counted ` +
    "(lib/notebook/minutes.ts): correct it here and in README.md";
  return [{ cell: title.id, message }];
};

/** A reader finishes a notebook in one sitting. */
const CELLS_MAX = 60;

const notTooManyCells: Rule = ({ cells }) =>
  cells.length <= CELLS_MAX ? [] : [{
    cell: "(the file)",
    message: `has ${cells.length} cells; the most is ${CELLS_MAX}: join or leave out some`,
  }];

const RULES: readonly Rule[] = [
  cleanForGit,
  meaningfulIds,
  notEmpty,
  notTooLong,
  headingsInOrder,
  courseForm,
  stepsHaveCheckpoints,
  linksAlive,
  picturesHaveAltText,
  noBareValue,
  noFixedPartition,
  exercisesHaveSolutions,
  exercisesInOrder,
  minutesAreTrue,
  notTooManyCells,
];
