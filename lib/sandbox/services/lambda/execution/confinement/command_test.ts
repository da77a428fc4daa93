import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { tempFolder } from "../../../../testing/temp_folder.ts";
import { findInterpreters } from "../python/interpreters.ts";
import { confinedCommand } from "./command.ts";
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

Deno.test({
  name: "the mode of a file that a program may read stays, also below this machine's /tmp",
  ignore: !hasMounts || python === undefined,
  fn: async () => {
    using folder = tempFolder();
    const [taskFolder, tmpFolder, library] = ["task", "tmp", "library"].map((name) => {
      const path = join(folder.path, name);
      Deno.mkdirSync(path);
      return path;
    });
    const [shared, own, written] = [
      join(library, "a"),
      join(taskFolder, "b"),
      join(tmpFolder, "c"),
    ];
    for (const file of [shared, own, written]) await Deno.writeTextFile(file, "", { mode: 0o644 });
    const { program, args, env } = await confinedCommand({
      program: python?.program ?? "python3",
      args: ["-c", CHANGE_MODES, shared, "b", written],
      env: {},
      mountedEnv: {},
      taskFolder,
      tmpFolder,
      reads: [library, ...python?.folders ?? []],
      writes: [],
      ports: [],
      fileBytesMax: 1_024,
    });
    const options = { args: [...args], env, clearEnv: true, cwd: taskFolder };
    const { stdout } = await new Deno.Command(program, options).output();
    assertEquals(new TextDecoder().decode(stdout), "Read-only file system\n".repeat(2));
    const modes = [shared, own, written].map((path) => (Deno.statSync(path).mode ?? 0) & 0o777);
    assertEquals(modes, [0o644, 0o644, 0o777]);
  },
});
