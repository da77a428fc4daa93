/**
 * What a seed file comes to: calls of operations, each with the place it comes from.
 * @module
 */

import type { Path, ValueMap } from "./value.ts";

/** One call. */
export interface SeedStep {
  /** What the call is for, as messages name it: `Orders (AWS::Lambda::Function)`, `CreateRole`. */
  readonly resource: string;
  /** The operation's name on AWS. */
  readonly operation: string;
  /**
   * The input in JSON. Bytes are a text, or `{ File: path }`; a policy document may be JSON. Texts of
   * numbers are taken as numbers, as CloudFormation does.
   */
  readonly input: ValueMap;
  /** Where it stands in the file. */
  readonly path: Path;
}
