import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { claimDataDir } from "../../sandbox/data_dir.ts";
import { chosenProfile, chosenSandbox } from "./chosen_profile.ts";
import { writeProfile } from "./profiles.ts";
import { COURSE_SANDBOX } from "./sandbox_process.ts";

for (
  const [environment, expected, why] of [
    [{}, { mode: "sandbox" }, "nothing is set"],
    [{ AWS_PROFILE: "sandbox" }, { mode: "sandbox" }, "lab has set it"],
    [
      { AWS_PROFILE: "work" },
      { mode: "real account", profile: "work", isAgreed: false },
      "AWS_PROFILE alone is no yes",
    ],
    [
      { AWS_PROFILE: "other", FIREHOSE_LAB_PROFILE: "work" },
      { mode: "real account", profile: "work", isAgreed: true },
      "the course's own variable is a yes, and comes first",
    ],
    [
      { AWS_PROFILE: "work", FIREHOSE_LAB_PROFILE: "sandbox" },
      { mode: "sandbox" },
      "the course's own variable asks for the sandbox",
    ],
  ] as const
) {
  Deno.test(`chosenProfile() is ${expected.mode} when ${why}`, () => {
    assertEquals(chosenProfile(environment), expected);
  });
}

/** A data folder whose profile leads to this endpoint, and the environment that leads to it. */
async function placeWith(folderName: string, endpoint: string) {
  const dataDir = await Deno.makeTempDir();
  const awsDir = join(dataDir, folderName);
  const files = { config: join(awsDir, "config"), credentials: join(awsDir, "credentials") };
  const key = { accessKeyId: "AKIAX", secretAccessKey: "x", region: "us-east-1" };
  await writeProfile(files, "sandbox", { ...key, endpoint });
  claimDataDir(dataDir, () => {}).release();
  return {
    dataDir,
    environment: { AWS_PROFILE: "sandbox", AWS_CONFIG_FILE: files.config },
    [Symbol.asyncDispose]: () => Deno.remove(dataDir, { recursive: true }),
  };
}

Deno.test("chosenSandbox() is the one whose AWS files are in the environment", async () => {
  await using place = await placeWith("aws", "http://127.0.0.1:4999");
  assertEquals(await chosenSandbox(place.environment), {
    ...COURSE_SANDBOX,
    port: 4999,
    dataDir: place.dataDir,
  });
});

Deno.test("chosenSandbox() is the course's if the files are the reader's own, or missing", async () => {
  await using elsewhere = await placeWith("aws", "https://aws.example.com:4999");
  assertEquals(await chosenSandbox(elsewhere.environment), COURSE_SANDBOX);
  await using mine = await placeWith("my-files", "http://127.0.0.1:4999");
  assertEquals(await chosenSandbox(mine.environment), COURSE_SANDBOX);
  await using foreign = await placeWith("aws", "http://127.0.0.1:4999");
  await Deno.remove(join(foreign.dataDir, "lock.sqlite"));
  assertEquals(await chosenSandbox(foreign.environment), COURSE_SANDBOX);
  const gone = { AWS_PROFILE: "sandbox", AWS_CONFIG_FILE: "/nowhere/aws/config" };
  assertEquals(await chosenSandbox(gone), COURSE_SANDBOX);
  await using work = await placeWith("aws", "http://127.0.0.1:4999");
  const { AWS_CONFIG_FILE } = work.environment;
  assertEquals(await chosenSandbox({ AWS_CONFIG_FILE }), COURSE_SANDBOX);
});
