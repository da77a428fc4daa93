import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { COURSE_SANDBOX } from "../aws/place/sandbox_process.ts";
import { addressIn, endAll, readOptions } from "./lab.ts";

Deno.test("readOptions() opens the course on the sandbox by default", () => {
  const course = { profile: undefined, sandbox: COURSE_SANDBOX, browser: "open" } as const;
  assertEquals(readOptions([]), course);
  assertEquals(readOptions(["--profile", "sandbox"]), course);
  assertEquals(readOptions(["--profile", "work", "--no-browser"]), {
    ...course,
    profile: "work",
    browser: "leave",
  });
});

for (const port of ["0", "65536", "4566.5", "http", ""]) {
  Deno.test(`readOptions() refuses --port "${port}"`, () => {
    const { message } = assertThrows(() => readOptions([`--port=${port}`]), TypeError);
    assertStringIncludes(message, `"${port}"`);
  });
}

Deno.test("readOptions() refuses an option that does not exist", () => {
  assertThrows(() => readOptions(["--profil", "work"]), TypeError, "--profil");
});

Deno.test("addressIn() waits for the whole file, and points at the first notebook", () => {
  const text = `{\n  "pid": 7,\n  "token": "0a1b",\n  "url": "http://localhost:8889/"\n}`;
  assertEquals(addressIn(text.slice(0, -3)), undefined);
  assertEquals(
    addressIn(text),
    "http://localhost:8889/lab/tree/notebooks/0_credentials.ipynb?token=0a1b",
  );
});

Deno.test("endAll() ends in reverse order, also if one end fails", async () => {
  const [ended, told]: [string[], string[]] = [[], []];
  const ending = (name: string) => () => Promise.resolve(void ended.push(name));
  const failing = () => Promise.reject(new Error("the folder is not empty"));
  await endAll([ending("sandbox"), failing, ending("jupyter")], (line) => told.push(line));
  assertEquals(ended, ["jupyter", "sandbox"]);
  assertEquals(told, ["Not ended in order: Error: the folder is not empty"]);
});
