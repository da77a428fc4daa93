/**
 * The list as a page: `COVERAGE.md`.
 * @module
 */

import type { OperationReport, Verdict } from "./probe.ts";

/** What is known of a service. */
export interface ServiceReport {
  readonly title: string;
  readonly operations: readonly OperationReport[];
  /** Operations that the SDK has and the sandbox lacks. */
  readonly missing: readonly string[];
}

const HEAD = `# What the sandbox supports

\`deno task coverage\` writes this page, and a test fails if the page is out of date.

This page lists every operation that the AWS SDK has for each service. For the operations that the
sandbox has, it lists every member of the input. The task made a call for each member. A member is
*supported* if the call succeeded and the operation read the member. It is *refused* if the call
failed, with the error named here. If an operation accepts a member but does not read it, the test
fails, unless the page gives the reason why the member rightly changes nothing.

\`A\` { \`B\` } is a structure and its members, \`A[]\` a list's items, \`A{}\` a map's values.
`;

/** The whole page. */
export function coveragePage(services: readonly ServiceReport[]): string {
  const rows = services.map(({ title, operations, missing }) =>
    `- ${title}: ${operations.length} of ${operations.length + missing.length} operations\n`
  );
  return [HEAD, rows.join(""), ...services.map(servicePart)].join("\n");
}

/** What is no operation and no member, by the title of a service. */
const NOTES: Readonly<Record<string, string>> = {
  "AWS Lambda": `### Runtimes

| runtimes | run with | kept from your files and the network by |
| --- | --- | --- |
| nodejs16.x to nodejs24.x | Deno's Node compatibility; the Node of the PATH with \`--lambda-runtime node\` or \`host\` | Deno's permissions; nothing under Node |
| python3.9 to python3.14 | this machine's Python of that version, by AWS's own awslambdaric, with boto3 | Landlock and seccomp on Linux 6.7 or newer, sandbox-exec on macOS |
| provided.al2023, provided.al2 | the zip's own \`bootstrap\`, for this machine's processor | the same |
| java, dotnet, ruby | refused | |

Where a machine cannot keep a python or provided function in, it is refused when it is created, with
what is missing; \`--lambda-runtime host\` runs it with your own rights. [How functions run](../../docs/lambda.md)
has the limits of each.
`,
};

function servicePart({ title, operations, missing }: ServiceReport): string {
  const notes = NOTES[title];
  const others = missing.length === 0 ? [] : [
    "### Other operations\n",
    `Refused, as operations that are not known: ${missing.map(code).join(", ")}.\n`,
  ];
  return [`## ${title}\n`, ...(notes ? [notes] : []), ...operations.map(operationPart), ...others]
    .join("\n");
}

function operationPart({ name, members }: OperationReport): string {
  const lines = [
    ...line("supported", members.filter(([, { kind }]) => kind === "supported")),
    ...refusedLines(members),
    ...members.flatMap(([path, verdict]) =>
      verdict.kind === "unread" ? [`- accepted: ${code(path)} (${verdict.reason})`] : []
    ),
  ];
  return `### ${name}\n\n${lines.length > 0 ? lines.join("\n") : "Its input has no members."}\n`;
}

type Members = readonly (readonly [path: string, verdict: Verdict])[];

const line = (what: string, members: Members): string[] =>
  members.length === 0 ? [] : [`- ${what}: ${nested(members.map(([path]) => path))}`];

/** For each error: the members that end in it, and the unsupported values of other members. */
function refusedLines(members: Members): string[] {
  const found = members.flatMap(([path, verdict]) =>
    verdict.kind === "refused"
      ? [{ path, error: verdict.code, values: [] }]
      : verdict.kind === "supported"
      ? [...Map.groupBy(verdict.refused, ({ code }) => code)].map(([error, refused]) => ({
        path,
        error,
        values: refused.map(({ value }) => value),
      }))
      : []
  );
  return [...Map.groupBy(found, ({ error }) => error)].map(([error, refused]) => {
    const whole = refused.filter(({ values }) => values.length === 0).map(({ path }) => path);
    const values = refused.filter(({ values }) => values.length > 0)
      .map(({ path, values }) => `${code(path)} as ${values.map(code).join(" or ")}`);
    return `- refused with ${error}: ${
      [...(whole.length > 0 ? [nested(whole)] : []), ...values].join(", ")
    }`;
  });
}

/** Members in the order of their paths, those of a structure in braces after it. */
function nested(paths: readonly string[]): string {
  const groups: { name: string; inner: string[] }[] = [];
  for (const path of paths) {
    const last = groups.at(-1);
    if (last && path.startsWith(`${last.name}.`)) last.inner.push(path.slice(last.name.length + 1));
    else if (last && path === `${last.name}[]` || path === `${last?.name}{}`) {
      // The list and its items are one.
      groups[groups.length - 1] = { name: path, inner: [] };
    } else groups.push({ name: path, inner: [] });
  }
  return groups.map(({ name, inner }) =>
    inner.length === 0 ? code(name) : `${code(name)} { ${nested(inner)} }`
  ).join(", ");
}

const code = (text: string): string => `\`${text}\``;
