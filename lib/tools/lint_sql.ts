/**
 * A plugin for `deno lint`: SQL statements are prepared in one place. A statement holds memory that
 * V8 does not count (4 to 14 KiB), so preparing one in every call filled hundreds of MiB.
 * `Database.statement(sql)` prepares each text once and keeps it.
 * @module
 */

/** The file that may prepare statements. */
const OWNER = "/lib/sandbox/store/database.ts";

const plugin: Deno.lint.Plugin = {
  name: "sql",
  rules: {
    "prepared-once": {
      create: (context) => ({
        'CallExpression > MemberExpression[property.name="prepare"]'(node) {
          if (context.filename.endsWith(OWNER) || context.filename.endsWith("_test.ts")) return;
          context.report({
            node,
            message: "a statement is prepared in a call",
            hint: "Ask for it with Database.statement(sql), which prepares it once.",
          });
        },
      }),
    },
  },
};

export default plugin;
