import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import { tempFolder } from "../../sandbox/testing/temp_folder.ts";
import {
  masked,
  parseSections,
  profileNames,
  profileSettings,
  removeProfile,
  withoutSection,
  withSettings,
  writeProfile,
} from "./profiles.ts";

const MINE = `# my own notes
[default]
region = eu-west-1   # home
s3 =
  addressing_style = path

[profile work]
role_arn = arn:aws:iam::111111111111:role/r
`;

Deno.test("withSettings() adds a section and leaves every other line as it is", () => {
  const after = withSettings(MINE, "profile lab", { region: "us-east-1" });
  assertEquals(after, `${MINE}\n[profile lab]\nregion = us-east-1\n`);
  assertEquals(withoutSection(after, "profile lab"), MINE);
});

Deno.test("withSettings() twice is the same as once", () => {
  const settings = { region: "us-east-1", endpoint_url: "http://127.0.0.1:4566" };
  const once = withSettings(MINE, "default", settings);
  assertEquals(withSettings(once, "default", settings), once);
  assertEquals(parseSections(once).get("profile work"), parseSections(MINE).get("profile work"));
});

Deno.test("parseSections() reads what withSettings() writes, whatever the file held before", () => {
  const word = fc.stringMatching(/^[a-z_]{1,8}$/);
  const settings = fc.dictionary(word, fc.stringMatching(/^[A-Za-z0-9/+:.]{1,12}$/), {
    minKeys: 1,
  });
  const file = fc.array(fc.tuple(word, settings), { maxLength: 4 }).map((sections) =>
    sections.reduce((text, [name, values]) => withSettings(text, name, values), "# top\n")
  );
  fc.assert(fc.property(file, word, settings, (before, name, values) => {
    const after = parseSections(withSettings(before, name, values));
    assertEquals(after.get(name), { ...parseSections(before).get(name), ...values });
    for (const [other, kept] of parseSections(before)) {
      if (other !== name) assertEquals(after.get(other), kept);
    }
  }));
});

for (const [text, line] of [["region = x\n", 1], ["[a]\nnonsense\n", 2], ["[a\n", 1]] as const) {
  Deno.test(`parseSections() names line ${line} of ${JSON.stringify(text)}`, () => {
    assertThrows(
      () => parseSections(text, "credentials"),
      SyntaxError,
      `credentials, line ${line}`,
    );
  });
}

Deno.test("writeProfile() merges into existing files with mode 0600, and removeProfile() undoes it", async () => {
  const folder = await Deno.makeTempDir();
  const files = { config: join(folder, "config"), credentials: join(folder, "credentials") };
  await Deno.writeTextFile(files.config, MINE);
  const profile = { accessKeyId: "AKIAX", secretAccessKey: "s3cr3t/+", region: "us-east-1" };
  await writeProfile(files, "lab", profile);
  assertEquals(await profileNames(files), ["default", "lab", "work"]);
  assertEquals((await Deno.stat(files.credentials)).mode! & 0o777, 0o600);
  assertEquals(
    (await profileSettings(files, "credentials", "lab")).aws_secret_access_key,
    "s3cr3t/+",
  );
  const shown = masked(await Deno.readTextFile(files.credentials));
  assertStringIncludes(shown, "AKIAX");
  assertEquals(shown.includes("s3cr3t"), false);
  await removeProfile(files, "lab");
  assertEquals(await Deno.readTextFile(files.config), MINE);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("masked() hides the token of the sandbox's console and control, and keeps the address", () => {
  const shown = masked(
    "[profile sandbox]\nendpoint_url = http://127.0.0.1:1\nsandbox_token = 0a1b\n",
  );
  assertStringIncludes(shown, "endpoint_url = http://127.0.0.1:1");
  assertStringIncludes(shown, "sandbox_token = ••••");
  assertEquals(shown.includes("0a1b"), false);
});

Deno.test("a file that is a link stays a link, and its target is changed", async () => {
  using folder = tempFolder();
  const [config, credentials, elsewhere] = ["config", "credentials", "dotfiles"]
    .map((name) => join(folder.path, name));
  await Deno.writeTextFile(elsewhere, MINE);
  await Deno.symlink(elsewhere, config);
  const files = { config, credentials };
  await writeProfile(files, "lab", { accessKeyId: "A", secretAccessKey: "s", region: "eu-west-1" });
  assert((await Deno.lstat(config)).isSymlink);
  assertStringIncludes(await Deno.readTextFile(elsewhere), "[profile lab]");
});
