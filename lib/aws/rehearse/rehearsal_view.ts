/**
 * A rehearsal inside a notebook: the command that a reader would type, and its page as a picture.
 * @module
 */

import { html, trusted, type View } from "../../view/html.ts";
import { PROJECT_DIR } from "../place/sandbox_process.ts";

/**
 * Runs `deno task rehearse` with these arguments, in the folder of the project, and shows its page. What
 * is wrong with the arguments is shown in its place.
 */
export async function rehearsal(...args: readonly string[]): Promise<View> {
  const page = await Deno.makeTempFile({ suffix: ".html" });
  try {
    const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "rehearse", ...args, "--html", page],
      cwd: PROJECT_DIR,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    // Jupyter's Stop reaches the kernel's children too.
    if (signal === "SIGINT") throw new Error("Stopped during the rehearsal: run the cell again.");
    const [text, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    const isWrong = code !== 0 && code !== 1;
    return isWrong ? textView(said) : { html: bodyOf(await Deno.readTextFile(page)), text };
  } finally {
    await Deno.remove(page);
  }
}

const textView = (text: string): View => ({
  html: html`
    <pre style="white-space:pre-wrap">${text}</pre>
  `,
  text,
});

/** What stands in the page's body; the page is written by this project, with everything in it escaped. */
function bodyOf(page: string) {
  const [, body = ""] = /<body[^>]*>([^]*)<\/body>/.exec(page) ?? [];
  return trusted(`<div style="max-width:60em">${body}</div>`);
}
