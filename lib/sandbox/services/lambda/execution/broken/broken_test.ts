/** A few of the broken functions under Deno, with what they told under Node 20.20.2 (2026-11-30). */
import { assertEquals } from "@std/assert";
import { hostWords, tellOf } from "./compare.ts";
import { BROKEN_FUNCTIONS } from "./functions.ts";

for (
  const [name, errorType, errorMessage] of [
    [
      "ends too early as a module",
      "Runtime.UserCodeSyntaxError",
      "SyntaxError: Unexpected end of input",
    ],
    [
      "imports an absent package",
      "Runtime.Unknown",
      "Cannot find package 'absent' imported from /var/task/index.mjs",
    ],
    [
      "imports an absent file",
      "Runtime.Unknown",
      "Cannot find module '/var/task/absent.mjs' imported from /var/task/index.mjs",
    ],
    [
      "imports an absent name",
      "Runtime.UserCodeSyntaxError",
      "SyntaxError: The requested module './a.mjs' does not provide an export named 'absent'",
    ],
    [
      "imports what a package does not export",
      "Runtime.Unknown",
      "Package subpath './inner' is not defined by \"exports\" in /var/task/node_modules/p/package.json imported from /var/task/index.mjs",
    ],
    [
      "requires an absent package",
      "Runtime.ImportModuleError",
      "Error: Cannot find module 'absent'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs",
    ],
    // As with --no-experimental-require-module and --no-experimental-detect-module, which Lambda sets.
    [
      "is an ES module named js",
      "Runtime.UserCodeSyntaxError",
      "SyntaxError: Unexpected token 'export'",
    ],
    [
      "imports an ES module named js",
      "Runtime.UserCodeSyntaxError",
      "SyntaxError: Unexpected token 'export'",
    ],
    [
      "requires an ES module",
      "Runtime.Unknown",
      "require() of ES Module /var/task/node_modules/e/i.js from /var/task/index.js not supported.\nInstead change the require of i.js in /var/task/index.js to a dynamic import() which is available in all CommonJS modules.",
    ],
    ["throws an error with members", "Error", "m"],
    ["rejects later", "Runtime.UnhandledPromiseRejection", "Error: later"],
    ["calls back with a text", "string", "cb"],
    ["reads a file by promise", "Error", "ENOENT: no such file or directory, open '/tmp/absent'"],
    [
      "uses require in an ES module",
      "Runtime.Unknown",
      "require is not defined in ES module scope, you can use import instead",
    ],
    ["fetches where nobody listens", "TypeError", "fetch failed"],
  ] as const
) {
  Deno.test(`a function that ${name} tells what it tells under Node`, async () => {
    const broken = BROKEN_FUNCTIONS.find((one) => one.name === name);
    if (!broken) throw new Error(`there is no function that ${name}`);
    const told = await tellOf(broken, "deno");
    assertEquals([told.errorType, Object(told.payload).errorMessage], [errorType, errorMessage]);
    assertEquals(hostWords(told), []);
  });
}

Deno.test("a hundred functions and more are compared, each under its own name", () => {
  const names = new Set(BROKEN_FUNCTIONS.map(({ name }) => name));
  assertEquals([names.size, names.size >= 100], [BROKEN_FUNCTIONS.length, true]);
});
