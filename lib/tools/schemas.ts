/**
 * `deno task schemas`: writes lib/sandbox/schemas/, the SDK's schemas of the operations that the
 * sandbox has. Run it after an operation is added, or after a client of the SDK is updated.
 * @module
 */

import { schemaModules } from "../sandbox/schemas/modules.ts";

if (import.meta.main) {
  for (const [path, text] of await schemaModules()) await Deno.writeTextFile(path, text);
}
