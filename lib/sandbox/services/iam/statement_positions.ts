/**
 * The positions of a policy's statements in its text, which the simulator reports.
 * @module
 */

import type { Position } from "@aws-sdk/client-iam";

/**
 * Line and column, counted from 1, of the characters after a statement's first brace and after its
 * last one (recorded on AWS: LocalStack's test_simulate_principle_policy, 2025-04-21).
 */
export interface StatementPosition {
  readonly StartPosition: Position;
  readonly EndPosition: Position;
}

/** The positions of the statements of `text`, a valid policy document, in their order. */
export function statementPositions(text: string): StatementPosition[] {
  let found: StatementPosition[] = [];
  let depth = 0;
  /** The depth at which a statement begins: in the document, or in its list. */
  let statementDepth = 1;
  let isInStatements = false;
  let start = 0;
  for (const { index, 0: token } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token.startsWith('"')) {
      const isName = depth === 1 && /^\s*:/.test(text.slice(index + token.length));
      if (!isName) continue;
      isInStatements = JSON.parse(token) === "Statement";
      if (isInStatements) found = []; // the last of several members with one name counts
    } else if (token === "{" || token === "[") {
      if (depth === 1) statementDepth = token === "{" ? 1 : 2;
      if (isInStatements && token === "{" && depth === statementDepth) start = index;
      depth++;
    } else {
      depth--;
      if (isInStatements && token === "}" && depth === statementDepth) {
        const EndPosition = positionAt(text, index + 1);
        found.push({ StartPosition: positionAt(text, start + 1), EndPosition });
      }
    }
  }
  return found;
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split("\n");
  return { Line: lines.length, Column: lines[lines.length - 1].length + 1 };
}
