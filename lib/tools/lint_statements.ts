/**
 * A plugin for `deno lint` that finds each statement whose value is not used. The findings are not
 * problems yet: `notebook_cells.ts` asks the type checker which of the values are promises.
 * @module
 */

/** The code under which the plugin reports. */
export const DROPPED_VALUE = "cells/dropped-value";

const plugin: Deno.lint.Plugin = {
  name: "cells",
  rules: {
    "dropped-value": {
      create: (context) => ({
        ExpressionStatement({ expression }) {
          if (TAKES_OR_WAITS.has(expression.type)) return;
          context.report({ node: expression, message: "drops a value" });
        },
      }),
    },
  },
};

export default plugin;

const TAKES_OR_WAITS = new Set([
  "AssignmentExpression",
  "AwaitExpression",
  "Literal", // "use strict"
  "UnaryExpression", // void: somebody meant it
  "UpdateExpression",
]);
