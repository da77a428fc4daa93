import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { choosePython, countPackages, type FoundPython } from "./python_env.ts";

const python = (program: string, minor: number, hasVenv = true): FoundPython => ({
  program,
  major: 3,
  minor,
  hasVenv,
});

Deno.test("choosePython() takes the first Python that is new enough and has venv", () => {
  const found = [python("python3", 9), python("python3.13", 13, false), python("python3.12", 12)];
  assertEquals(choosePython(found).program, "python3.12");
});

for (
  const [what, found, words] of [
    ["no Python", [], ["Python 3.10 or newer", "no Python was found", "https://www.python.org"]],
    ["one that is too old", [python("python3", 9)], ["python3 is Python 3.9", "3.10 or newer"]],
    ["one without venv", [python("python3", 12, false)], ["sudo apt install python3.12-venv"]],
  ] as const
) {
  Deno.test(`choosePython() says in one sentence what to install when it finds ${what}`, () => {
    const { message } = assertThrows(() => choosePython(found), Error);
    for (const word of words) assertStringIncludes(message, word);
    assertEquals(message.includes("\n"), false);
  });
}

Deno.test("countPackages() counts each name once, also with several versions", () => {
  const text = "# top\na==1 ; python_version < '3.11' \\\n    --hash=sha256:0\na==2\nb-c==3 \\\n";
  assertEquals(countPackages(text), 2);
});
