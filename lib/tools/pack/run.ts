/**
 * Programs that packing runs, to their end.
 * @module
 */

/** Standard output of a program. Throws an `Error` with all that it wrote if it fails. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  const { success, code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const [output, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (success) return output;
  throw new Error(
    `${program} ${args.slice(0, 3).join(" ")} exited with ${code}:\n${complaint}${output}`,
  );
}

/** Runs Deno. */
export const deno = (args: readonly string[], cwd: string) => run(Deno.execPath(), args, cwd);
