/** What each `deno task` may do: nothing without a reason here. */
import { assertEquals } from "@std/assert";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";

const STARTS_PROGRAMS = "starts Deno by its whole path, which a task cannot name";
const ANY_FOLDER = "the user names folders, and temporary ones are made";
const OWN_PYTHON = "finds Python anywhere, and starts a sandbox and Jupyter";
const ENVIRONMENT = "hands the user's environment on to what it starts";
const ACCOUNT = "a real account is anywhere, and a proxy may lead there";
const AWS_FILES = "the user's AWS files may be anywhere";
const AWS_VARIABLES = "the AWS SDK and its credential providers read variables";
const SYSTEM = "Deno (2.9.6) has no name for what Deno.umask and the AWS SDK ask of the system";
const TO_END = "Deno.kill needs the permission to start everything";

const SANDBOX_STARTER = {
  read: OWN_PYTHON,
  run: OWN_PYTHON,
  env: ENVIRONMENT,
  sys: SYSTEM,
} as const;
const ACCOUNT_TOOL = { net: ACCOUNT, env: AWS_VARIABLES, sys: SYSTEM } as const;

/** Each permission that a task has without a limit, and why. */
const UNLIMITED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lab: { ...SANDBOX_STARTER, net: ACCOUNT, write: ANY_FOLDER },
  // It only reads its options and starts itself again, with the limits of lib/sandbox/permissions.ts.
  sandbox: SANDBOX_STARTER,
  reset: { run: TO_END },
  notebooks: SANDBOX_STARTER,
  check: { run: STARTS_PROGRAMS },
  test: { run: STARTS_PROGRAMS },
  "test:quick": { run: STARTS_PROGRAMS },
  "deploy-lambda": {
    ...ACCOUNT_TOOL,
    read: AWS_FILES,
    write: "keeps the code of a function that it replaces, and packs in a temporary folder",
    run: STARTS_PROGRAMS,
  },
  redrive: {
    ...ACCOUNT_TOOL,
    read: AWS_FILES,
    write: "keeps its progress where the user says",
    run: STARTS_PROGRAMS,
  },
  rehearse: { ...SANDBOX_STARTER, net: ACCOUNT, write: ANY_FOLDER },
  explain: { ...ACCOUNT_TOOL, read: AWS_FILES },
  console: { read: AWS_FILES, env: AWS_VARIABLES, sys: SYSTEM },
  "console-numbers": { run: STARTS_PROGRAMS },
  pictures: { run: STARTS_PROGRAMS },
  control: { read: AWS_FILES, env: AWS_VARIABLES, sys: SYSTEM },
  bench: { ...SANDBOX_STARTER, write: ANY_FOLDER },
  coverage: { read: ANY_FOLDER, write: ANY_FOLDER, run: STARTS_PROGRAMS, sys: SYSTEM },
  schemas: { run: STARTS_PROGRAMS, env: AWS_VARIABLES, sys: SYSTEM },
  pack: { ...SANDBOX_STARTER, write: ANY_FOLDER },
  "broken-functions": { ...SANDBOX_STARTER, write: ANY_FOLDER },
  readers: { ...SANDBOX_STARTER, write: ANY_FOLDER },
  site: SANDBOX_STARTER,
  "jq-differential": { run: "jq is where --jq says" },
};

/** The permissions that a command grants without a limit. */
function unlimitedIn(command: string): string[] {
  if (/ (-A|--allow-all)\b/.test(command)) return ["all"];
  return [...command.matchAll(/ --allow-(\w+)(?=\s)/g)].map(([, name]) => name).sort();
}

const { tasks }: { tasks: Record<string, string> } = JSON.parse(
  await Deno.readTextFile(`${PROJECT_DIR}/deno.json`),
);

for (const [name, command] of Object.entries(tasks)) {
  Deno.test(`deno task ${name} has no permission without a limit but those with a reason`, () => {
    assertEquals(unlimitedIn(command), Object.keys(UNLIMITED[name] ?? {}).sort());
    // A question in the middle of a run is answered with yes by habit.
    assertEquals(command.includes("--no-prompt"), true);
  });
}

Deno.test("a permission without a limit is seen, and one with a limit is not", () => {
  assertEquals(unlimitedIn("deno run -A x.ts"), ["all"]);
  assertEquals(unlimitedIn("deno run --allow-net=127.0.0.1 --allow-read x.ts"), ["read"]);
});
