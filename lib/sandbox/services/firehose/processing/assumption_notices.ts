/**
 * Tells once, for each delivery stream, where the sandbox judges a response by an assumption: what AWS
 * does with it is not known, so the stream may behave otherwise there.
 * @module
 */

import { assumptionAbout, type Finding, type FindingKind } from "./response_judge.ts";

/** What each finding is called in a line. */
const NAMES: Readonly<Partial<Record<FindingKind, string>>> = {
  notJson: "is not JSON",
  byteOrderMark: "begins with a byte order mark",
  textInText: "is JSON inside of a text",
  notAnObject: "is not a JSON object",
  recordsNotAList: "has records that are not a list",
  notARecord: "has items in records that are not objects",
  idNotText: "has a recordId that is not text",
  idTwice: "has a recordId twice",
  dataWithoutPadding: "has base64 without padding",
  dataWithBlanks: "has base64 with blanks or line feeds",
  keyEmpty: "has a partition key without a value",
  keyNotText: "has a partition key that is not text",
};

/** Remembers what was told. In memory only: after a restart it is told once more. */
export class AssumptionNotices {
  readonly #told = new Set<string>();

  /** The lines to tell about a response of a stream's function. */
  linesFor(streamName: string, findings: readonly Finding[]): string[] {
    return findings.flatMap(({ kind, example }) => {
      const assumption = assumptionAbout(kind);
      const key = `${streamName} ${kind}`;
      if (assumption === undefined || this.#told.has(key)) return [];
      this.#told.add(key);
      const shown = example === "" ? "" : ` (${example})`;
      return [
        `delivery stream ${streamName}: the function's response ${
          NAMES[kind] ?? kind
        }${shown}. What AWS ` +
        `does with that is unknown; the sandbox ${assumption}.`,
      ];
    });
  }

  /** Forgets a stream that was deleted. */
  forget(streamName: string): void {
    for (const key of this.#told) if (key.startsWith(`${streamName} `)) this.#told.delete(key);
  }
}
