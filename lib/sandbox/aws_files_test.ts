import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { withSection, writeSandboxProfile } from "./aws_files.ts";

Deno.test("withSection() starts an empty file with the section", () => {
  assertEquals(withSection("", "a", ["x = 1"]), "[a]\nx = 1\n");
});

Deno.test("withSection() replaces only the named section and keeps comments around it", () => {
  const before = "# mine\n[other]\nk = v\n\n[a]\nx = 1\nold = 2\n\n[last]\nz = 3\n";
  assertEquals(
    withSection(before, "a", ["x = 9"]),
    "# mine\n[other]\nk = v\n\n[a]\nx = 9\n\n[last]\nz = 3\n",
  );
});

Deno.test("withSection() changes nothing when it is applied again", () => {
  const once = withSection("# mine\n[other]\nk = v\n", "a", ["x = 1"]);
  assertEquals(withSection(once, "a", ["x = 1"]), once);
});

Deno.test("writeSandboxProfile() writes both files with mode 0600", async () => {
  const awsDir = await Deno.makeTempDir();
  try {
    await writeSandboxProfile(awsDir, {
      endpoint: "http://127.0.0.1:4566",
      authorityPath: undefined,
      region: "us-east-1",
      accessKeyId: "AKIAEXAMPLE",
      secretAccessKey: "not-a-secret",
      token: "0a1b",
    });
    for (const name of ["config", "credentials"]) {
      assertEquals((await Deno.stat(join(awsDir, name))).mode! & 0o777, 0o600);
    }
    assertEquals(
      await Deno.readTextFile(join(awsDir, "config")),
      "[profile sandbox]\nregion = us-east-1\nendpoint_url = http://127.0.0.1:4566\noutput = json\n" +
        "sandbox_token = 0a1b\n",
    );
  } finally {
    await Deno.remove(awsDir, { recursive: true });
  }
});

Deno.test("writeSandboxProfile() keeps a link, and changes its target", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "mine"), "[mine]\nregion = eu-west-1\n");
    await Deno.mkdir(join(folder, "aws"));
    await Deno.symlink(join(folder, "mine"), join(folder, "aws", "config"));
    await writeSandboxProfile(join(folder, "aws"), {
      endpoint: "http://127.0.0.1:4566",
      authorityPath: undefined,
      region: "us-east-1",
      accessKeyId: "AKIAEXAMPLE",
      secretAccessKey: "not-a-secret",
      token: "0a1b",
    });
    assertEquals((await Deno.lstat(join(folder, "aws", "config"))).isSymlink, true);
    const text = await Deno.readTextFile(join(folder, "mine"));
    assertEquals(text.match(/^\[.*\]$/gm), ["[mine]", "[profile sandbox]"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
