/**
 * What is said of one thing out of somebody's pipeline.
 * @module
 */

/** An answer to: what happened here, and what now? */
export interface Explanation {
  /** What was looked at: `3 error lines with Lambda.FunctionError`. */
  readonly subject: string;
  readonly happened: string;
  /** The limit or rule that it met, if it met one. */
  readonly rule?: string;
  /** What was counted, a line each. */
  readonly numbers: readonly string[];
  readonly cure?: string;
  /** Commands to go on with, a line each. */
  readonly next?: readonly string[];
  /** Where the course shows it. */
  readonly course?: CoursePart;
}

/** A part of a notebook. */
export interface CoursePart {
  readonly notebook: string;
  readonly heading: string;
}

/** What is known of an error without looking at data. */
export type Knowledge = Pick<Explanation, "happened" | "rule" | "cure" | "next" | "course">;

const NOTEBOOK_3 = "notebooks/3_lambda_partitioning.ipynb";
const NOTEBOOK_4 = "notebooks/4_size_limit.ipynb";
const NOTEBOOK_5 = "notebooks/5_endless_loop.ipynb";

/** The parts of the course that show a cure. */
export const COURSE = {
  permissions: { notebook: "notebooks/0_credentials.ipynb", heading: "Step 4" },
  deliveryRole: { notebook: "notebooks/1_delivery_stream.ipynb", heading: "Step 1" },
  delimiters: { notebook: "notebooks/1_delivery_stream.ipynb", heading: "Step 6" },
  puts: { notebook: "notebooks/1_delivery_stream.ipynb", heading: "Step 4" },
  jq: { notebook: "notebooks/2_jq_partitioning.ipynb", heading: "Step 3" },
  event: { notebook: NOTEBOOK_3, heading: "Step 2" },
  transform: { notebook: NOTEBOOK_3, heading: "Step 3" },
  deploy: { notebook: NOTEBOOK_3, heading: "Step 4" },
  errorObject: { notebook: NOTEBOOK_3, heading: "Step 6" },
  sizes: { notebook: NOTEBOOK_4, heading: "Step 1" },
  tooLarge: { notebook: NOTEBOOK_4, heading: "Step 2" },
  missingIds: { notebook: NOTEBOOK_4, heading: "Step 3" },
  reingest: { notebook: NOTEBOOK_4, heading: "Step 4" },
  loop: { notebook: NOTEBOOK_5, heading: "Step 2" },
  keepCompressed: { notebook: NOTEBOOK_4, heading: "Step 5" },
  results: { notebook: NOTEBOOK_5, heading: "Step 4" },
  redrive: { notebook: NOTEBOOK_5, heading: "Step 5" },
} satisfies Record<string, CoursePart>;

/** `1 record`, `1,200 records`. */
export function count(value: number, noun: string): string {
  return `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;
}

/** `1,200 bytes`. */
export function bytesText(bytes: number): string {
  return `${bytes.toLocaleString("en")} bytes`;
}

/** `99.5 %`. */
export function percentText(part: number, whole: number): string {
  return `${(part / whole * 100).toLocaleString("en", { maximumFractionDigits: 1 })} %`;
}

/** The explanation as text, an item each line. */
export function explanationText(explanation: Explanation): string {
  const { subject, happened, rule, numbers, cure, next = [], course } = explanation;
  const items: [string, string][] = [
    ["happened", happened],
    ...(rule ? [["rule", rule] satisfies [string, string]] : []),
    ...numbers.map((line): [string, string] => ["numbers", line]),
    ...(cure ? [["cure", cure] satisfies [string, string]] : []),
    ...next.map((line): [string, string] => ["next", line]),
    ...(course
      ? [["course", `${course.notebook}, ${course.heading}`] satisfies [string, string]]
      : []),
  ];
  const lines = items.map(([name, text], index) => {
    const isSame = index > 0 && items[index - 1][0] === name;
    return `  ${(isSame ? "" : name).padEnd(9)} ${text}`;
  });
  return [subject, ...lines].join("\n");
}
