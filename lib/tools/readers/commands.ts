/**
 * Readers that are programs of the command line.
 * @module
 */

import type { Plan } from "./plan.ts";
import { run } from "./program.ts";

const GZIP = ["oneMember", "functionLines", "keptMembers", "mergedMembers", "headerFields"];

/** A command that prints the content of a file or an address. */
interface CommandReader {
  readonly reader: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cases: readonly string[];
  /** Arguments of the program that print its version. */
  readonly version: readonly string[];
}

const PERL = (options: string) =>
  `use IO::Uncompress::Gunzip qw(gunzip $GunzipError); gunzip $ARGV[0] => "-"${options} or die $GunzipError`;
const PERL_VERSION = ["-MIO::Uncompress::Gunzip", "-e", "print $IO::Uncompress::Gunzip::VERSION"];

const READERS: readonly CommandReader[] = [
  { reader: "zcat", program: "zcat", args: [], cases: GZIP, version: ["--version"] },
  {
    reader: "Perl IO::Uncompress::Gunzip",
    program: "perl",
    args: ["-e", PERL("")],
    cases: GZIP,
    version: PERL_VERSION,
  },
  {
    reader: "Perl IO::Uncompress::Gunzip, MultiStream => 1",
    program: "perl",
    args: ["-e", PERL(", MultiStream => 1")],
    cases: GZIP,
    version: PERL_VERSION,
  },
  {
    reader: "curl --compressed",
    program: "curl",
    args: ["--silent", "--show-error", "--fail", "--compressed"],
    cases: ["httpOneMember", "httpMembers"],
    version: ["--version"],
  },
  {
    reader: "curl, zcat",
    program: "sh",
    args: ["-c", 'curl --silent --show-error --fail "$0" | zcat'],
    cases: ["httpOneMember", "httpMembers"],
    version: ["-c", "curl --version"],
  },
];

/** A JSON line for each reader and object. */
export async function commandLines({ files, urls }: Plan): Promise<string> {
  const lines = [];
  for (const { reader, program, args, cases, version } of READERS) {
    const printed = await run(program, version);
    const about = { reader, version: /\d+(\.\d+)+/.exec(printed)?.[0] ?? "unknown" };
    for (const name of cases) {
      const got = await readBy(program, [...args, urls[name] ?? files[name]]);
      lines.push(`${JSON.stringify({ ...about, case: name, ...got })}\n`);
    }
  }
  return lines.join("");
}

async function readBy(program: string, args: readonly string[]) {
  try {
    const text = await run(program, args);
    return {
      ids: text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line).id),
    };
  } catch (error) {
    return { error: `${error}`.split("\n").at(-1) || `${error}`.split("\n").at(-2) };
  }
}
