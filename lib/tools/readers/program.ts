/**
 * Programs of other languages: looked for, installed with and run.
 * @module
 */

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Whether the system finds a program of this name. */
export async function hasProgram(name: string): Promise<boolean> {
  const which = Deno.build.os === "windows" ? "where" : "which";
  const { success } = await new Deno.Command(which, {
    args: [name],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** A program's standard output. Throws an `Error` with its complaint if it fails. */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, env }: RunOptions = {},
): Promise<string> {
  const { success, stdout, stderr } = await runAny(program, args, { cwd, env });
  if (success) return stdout;
  throw new Error(`${program} ${args.join(" ")} failed:\n${stderr.slice(-2_000)}`);
}

/** What a program printed, also if it failed: a reader may end its process in the middle. */
export async function runAny(
  program: string,
  args: readonly string[],
  { cwd, env }: RunOptions = {},
): Promise<{ success: boolean; stdout: string; stderr: string }> {
  const command = new Deno.Command(program, { args: [...args], cwd, env, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { success, stdout: text(stdout), stderr: text(stderr) };
}
