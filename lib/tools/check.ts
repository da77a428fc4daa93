/**
 * `deno task check`: format, lint and types.
 * @module
 */

const STEPS: readonly (readonly string[])[] = [
  ["fmt", "--check", "--quiet"],
  ["lint", "--quiet"],
  ["check", "--quiet", "--frozen", "."],
];

if (import.meta.main) {
  let failed = 0;
  for (const step of STEPS) {
    const { success } = await new Deno.Command(Deno.execPath(), { args: [...step] }).spawn().status;
    console.log(`${success ? "ok  " : "FAIL"} deno ${step.join(" ")}`);
    if (!success) failed++;
  }
  console.log(`check: ${STEPS.length - failed} passed, ${failed} failed`);
  Deno.exit(failed === 0 ? 0 : 1);
}
