/**
 * The operations that a client of AWS's SDK knows, by its schemas.
 * @module
 */

import type { StaticOperationSchema } from "@smithy/types";

/** The kind of a schema that is an operation. */
const OPERATION_SCHEMA = 9;

/** The schemas of the operations that a client's module exports. */
export function operationSchemas(client: object): StaticOperationSchema[] {
  return Object.values(client).filter(isOperationSchema);
}

function isOperationSchema(exported: unknown): exported is StaticOperationSchema {
  return Array.isArray(exported) && exported[0] === OPERATION_SCHEMA;
}
