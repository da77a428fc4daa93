/** Which account a tool reaches: never one that was not chosen. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { writeProfile } from "../aws/place/profiles.ts";
import { claimDataDir } from "../sandbox/data_dir.ts";
import { writeRunningFile } from "../sandbox/running_file.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import { tempFolder } from "../sandbox/testing/temp_folder.ts";
import { useEnvironment } from "./jupyter.ts";
import { chooseTarget, type Target } from "./profile_environment.ts";

/** Chooses with these variables of AWS and no others; the environment is restored afterwards. */
async function chosen(profile: string | undefined, variables: Readonly<Record<string, string>>) {
  const before = Deno.env.toObject();
  const others = Object.entries(before).filter(([name]) => !/^(AWS_|FIREHOSE_LAB_)/.test(name));
  useEnvironment({ ...Object.fromEntries(others), ...variables });
  const said: string[] = [];
  let target: Target | Error;
  try {
    target = await chooseTarget(profile, (line) => said.push(line))
      .catch((error: unknown) => error instanceof Error ? error : new Error(`${error}`));
  } finally {
    useEnvironment(before);
  }
  return { target, said: said.join("\n") };
}

/** Stands for an account that was not chosen: it counts its callers, and answers all of them. */
function otherAccount() {
  const paths: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    paths.push(new URL(request.url).pathname);
    return Response.json({ sandbox: "firehose-lab", ready: true, pid: 1, proof: "00".repeat(32) });
  });
  return {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    paths,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** AWS files with a profile of this name, in `folder`. */
async function filesWith(folder: string, name: string, endpoint: string) {
  const files = { config: join(folder, "config"), credentials: join(folder, "credentials") };
  const key = { accessKeyId: "AKIAX", secretAccessKey: "x" };
  await writeProfile(files, name, { ...key, region: "us-east-1", endpoint });
  return { AWS_CONFIG_FILE: files.config, AWS_SHARED_CREDENTIALS_FILE: files.credentials };
}

const endpointOf = (target: Target | Error) =>
  !(target instanceof Error) && "endpoint" in target.settings
    ? target.settings.endpoint
    : undefined;

Deno.test("without --profile, a profile named sandbox in the reader's own file is not followed", async () => {
  using folder = tempFolder();
  await using other = otherAccount();
  const variables = await filesWith(folder.path, "sandbox", other.endpoint);
  const { target } = await chosen(undefined, { ...variables, AWS_PROFILE: "sandbox" });
  assertEquals(other.paths, []);
  assertEquals(endpointOf(target) === other.endpoint, false);
});

Deno.test("without --profile, a folder that only looks like a sandbox's is not followed", async () => {
  using folder = tempFolder();
  await using other = otherAccount();
  const variables = await filesWith(join(folder.path, "aws"), "sandbox", other.endpoint);
  const claim = claimDataDir(folder.path, () => {});
  writeRunningFile(folder.path, {
    endpoint: other.endpoint,
    accountId: "123456789012",
    region: "us-east-1",
    speed: 60,
    pid: Deno.pid,
    startedMs: Date.now(),
    secret: "0".repeat(64),
  });
  const { target } = await chosen(undefined, { ...variables, AWS_PROFILE: "sandbox" });
  claim.release();
  assertEquals(other.paths, ["/_sandbox/health"]); // it was asked for a proof, and had none
  assertEquals(endpointOf(target) === other.endpoint, false);
});

Deno.test("without --profile, the sandbox is called at its own address, and other variables are named", async () => {
  await using other = otherAccount();
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  const config = join(sandbox.awsDir, "config");
  // Also if somebody has changed the profile.
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(config, text.replace(sandbox.endpoint, other.endpoint));
  const { target, said } = await chosen(undefined, {
    AWS_PROFILE: "sandbox",
    AWS_CONFIG_FILE: config,
    AWS_ACCESS_KEY_ID: "AKIAREAL",
    AWS_SECRET_ACCESS_KEY: "real",
    AWS_ENDPOINT_URL_S3: other.endpoint,
    AWS_REGION: "eu-west-1",
    http_proxy: other.endpoint,
    NODE_USE_ENV_PROXY: "1",
  });
  assertEquals(endpointOf(target), sandbox.endpoint);
  assertStringIncludes(
    said,
    "Ignored because the sandbox was chosen: AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3, AWS_REGION, " +
      "AWS_SECRET_ACCESS_KEY.",
  );
  assertEquals(other.paths, []);
  await sandbox.stop();
});

Deno.test("with --profile, no key and no address of the environment overrides it", async () => {
  using folder = tempFolder();
  await using other = otherAccount();
  // It stands for AWS: a profile of the reader's that has an account behind it.
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  const variables = await filesWith(folder.path, "work", sandbox.endpoint);
  const files = {
    config: variables.AWS_CONFIG_FILE,
    credentials: variables.AWS_SHARED_CREDENTIALS_FILE,
  };
  await writeProfile(files, "work", { ...sandbox.rootKey, region: "eu-west-1" });
  const { target, said } = await chosen("work", {
    ...variables,
    AWS_ENDPOINT_URL: other.endpoint,
    AWS_ENDPOINT_URL_STS: other.endpoint,
    AWS_ACCESS_KEY_ID: "AKIAREAL",
    AWS_SECRET_ACCESS_KEY: "real",
  });
  assertEquals(
    target instanceof Error ? target.message : target.name,
    "account 123456789012, eu-west-1",
  );
  assertStringIncludes(said, "Profile work: account 123456789012, eu-west-1, as arn:aws:iam::");
  assertStringIncludes(
    said,
    "Ignored because profile work was chosen: AWS_ACCESS_KEY_ID, AWS_ENDPOINT",
  );
  assertEquals(other.paths, []);
  await sandbox.stop();
});

Deno.test("a profile without a key is refused with the command that gives it one", async () => {
  using folder = tempFolder();
  const AWS_CONFIG_FILE = join(folder.path, "config");
  await Deno.writeTextFile(AWS_CONFIG_FILE, "[profile keyless]\nregion = eu-central-1\n");
  const files = { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE: join(folder.path, "credentials") };
  const { target } = await chosen("keyless", { ...files, AWS_EC2_METADATA_DISABLED: "true" });
  assertStringIncludes(`${target}`, '"aws configure --profile keyless" gives it a key');
});
