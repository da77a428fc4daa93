import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { tempFolder } from "../../../../testing/temp_folder.ts";
import { findInterpreters } from "../python/interpreters.ts";
import { confinedCommand } from "./command.ts";
import type { LaunchPlan } from "./plan.ts";
import { confinement } from "./support.ts";

const means = await confinement();
const hasMounts = means.kind === "landlock" && means.namespace !== undefined;
const python = (await findInterpreters()).at(-1);

/** Through an open file, as Landlock guards no mode. */
const CHANGE_MODES = `import os, sys
for path in sys.argv[1:]:
    try: os.fchmod(os.open(path, os.O_RDONLY), 0o777)
    except OSError as error: print(os.strerror(error.errno))
`;

const PLAN = { env: {}, mountedEnv: {}, reads: [], writes: [], ports: [], fileBytesMax: 1_024 };

const foldersIn = (parent: string, names: readonly string[]) =>
  names.map((name) => {
    const path = join(parent, name);
    Deno.mkdirSync(path);
    return path;
  });

/** A plan for `script`, with new folders below `parent`. */
function shellIn(parent: string, script: string): LaunchPlan {
  const [taskFolder, tmpFolder] = foldersIn(parent, ["task", "tmp"]);
  return { ...PLAN, program: "/bin/sh", args: ["-c", script], taskFolder, tmpFolder };
}

async function outputOf(plan: LaunchPlan): Promise<string> {
  const { program, args, env } = await confinedCommand(plan);
  const options = { args: [...args], env, clearEnv: true, cwd: plan.taskFolder };
  const { stdout } = await new Deno.Command(program, options).output();
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "the mode of a file that a program may read stays, also below this machine's /tmp",
  ignore: !hasMounts || python === undefined,
  fn: async () => {
    using folder = tempFolder();
    const [taskFolder, tmpFolder, library] = foldersIn(folder.path, ["task", "tmp", "library"]);
    const [shared, own, written] = [
      join(library, "a"),
      join(taskFolder, "b"),
      join(tmpFolder, "c"),
    ];
    for (const file of [shared, own, written]) await Deno.writeTextFile(file, "", { mode: 0o644 });
    const output = await outputOf({
      ...PLAN,
      program: python?.program ?? "python3",
      args: ["-c", CHANGE_MODES, shared, "b", written],
      taskFolder,
      tmpFolder,
      reads: [library, ...python?.folders ?? []],
    });
    assertEquals(output, "Read-only file system\n".repeat(2));
    const modes = [shared, own, written].map((path) => (Deno.statSync(path).mode ?? 0) & 0o777);
    assertEquals(modes, [0o644, 0o644, 0o777]);
  },
});

Deno.test({
  name: "folders below this machine's /var are found at /var/task and /tmp",
  ignore: !hasMounts,
  fn: async () => {
    using folder = tempFolder("/var/tmp");
    const plan = shellIn(folder.path, "pwd; echo written > /tmp/out");
    assertEquals(await outputOf(plan), "/var/task\n");
    assertEquals(await Deno.readTextFile(join(plan.tmpFolder, "out")), "written\n");
  },
});

Deno.test({
  name: "no variable of a function is in the arguments of a process, which all users may read",
  ignore: means.kind !== "landlock",
  fn: async () => {
    using folder = tempFolder();
    const env = { TOKEN: "secret-of-the-function" };
    const plan = { ...shellIn(folder.path, "env"), env, mountedEnv: env };
    const command = await confinedCommand(plan);
    assert(!command.args.join(" ").includes(env.TOKEN), command.args.join(" "));
    const found = (await outputOf(plan)).split("\n");
    const ofShell = /^(_|PWD|SHLVL)=/;
    assertEquals(found.filter((line) => !ofShell.test(line)), [`TOKEN=${env.TOKEN}`, ""]);
  },
});

Deno.test({
  name: "a program is kept on one processor only where its plan says so",
  ignore: means.kind !== "landlock",
  fn: async () => {
    using folder = tempFolder();
    const env = { PATH: "/usr/bin:/bin" };
    const plan = { ...shellIn(folder.path, "nproc"), env, mountedEnv: env };
    const outside = await new Deno.Command("nproc", { env, clearEnv: true }).output();
    assertEquals(await outputOf({ ...plan, isOnOneProcessor: true }), "1\n");
    assertEquals(await outputOf(plan), new TextDecoder().decode(outside.stdout));
  },
});
