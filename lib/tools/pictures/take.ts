/**
 * Takes the pictures of README and docs in Chromium. `deno task pictures` starts it.
 * @module
 */

import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Browser, Page } from "playwright-core";
import { RESPONSE_BYTES_MAX } from "../../../lambda/transform.ts";
import { PROJECT_DIR } from "../../aws/place/sandbox_process.ts";
import { listNotebooks, readNotebook } from "../../notebook/notebook_file.ts";
import { gzipRecord, PageWorld, STREAM } from "../../sandbox/console/page_testing.ts";
import { chromiumProgram, startChromium } from "../../sandbox/testing/chromium.ts";
import { tempFolder } from "../../sandbox/testing/temp_folder.ts";
import { PROGRESS_FILE_VARIABLE } from "../../view/progress_file.ts";
import { freePort } from "../notebook_world.ts";
import { noOptions, runTool, say } from "../run_tool.ts";

/** The cell below the output that the picture shows: it is not run, and stands `CELL_TOP` down. */
const NOTEBOOK_PICTURES = [
  { name: "1_delivery_stream", cell: "step-5-count-text" },
  { name: "4_size_limit", cell: "step-2-why" },
];
const CELL_TOP = 608;
const NOTEBOOK = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook";
const IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]';
const CELL_WITHIN_MS = 120_000;
/** What JupyterLab and Plot draw after a cell has run. */
const DRAWN_MS = 1_500;
/** Between two puts for the console: each is a separate batch, and a bar in the page's plot. */
const ROUND_MS = 1_100;

const pathOf = (name: string) => join(PROJECT_DIR, "docs", `${name}.png`);

async function run(): Promise<boolean> {
  const program = chromiumProgram();
  if (program === undefined) throw new Error("There is no Chromium: name it with CHROMIUM_PATH.");
  const browser = await startChromium(program);
  try {
    await takeNotebooks(browser);
    await takeRehearsal(browser);
  } finally {
    await browser.close();
  }
  await takeConsole(program);
  return true;
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0); // a row under the mouse has another colour
  await page.waitForTimeout(DRAWN_MS);
  await page.screenshot({ path: pathOf(name) });
  say(`docs/${name}.png`);
}

/** JupyterLab with a sandbox for the pictures alone. What it saves is refused: notebooks stay. */
async function takeNotebooks(browser: Browser): Promise<void> {
  using data = tempFolder();
  const lab = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "lib/tools/lab.ts", "--no-browser"]
      .concat("--port", `${freePort()}`, "--data", data.path),
    cwd: PROJECT_DIR,
    env: { [PROGRESS_FILE_VARIABLE]: join(data.path, "progress.json") },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  try {
    const address = await addressOf(lab.stdout);
    for (const { name, cell } of NOTEBOOK_PICTURES) {
      const page = await browser.newPage({ viewport: { width: 1200, height: 820 } });
      await page.route(
        /\/api\/contents\//,
        (route) => route.request().method() === "PUT" ? route.abort() : route.continue(),
      );
      await openNotebook(page, address, name);
      await runUntil(page, name, cell);
      await take(page, name);
      await page.close();
    }
  } finally {
    lab.kill("SIGTERM");
    await lab.status;
  }
}

async function addressOf(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<URL> {
  let text = "";
  for await (const part of stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    const found = /^JupyterLab: (\S+)\n/m.exec(text);
    if (found) return new URL(found[1]);
  }
  throw new Error("`deno task lab` ended without an address: see above.");
}

async function openNotebook(page: Page, address: URL, name: string): Promise<void> {
  const path = `/lab/workspaces/pictures-${name}/tree/notebooks/${name}.ipynb`;
  await page.goto(new URL(`${path}${address.search}`, address).href);
  await page.locator(IDLE).waitFor({ state: "attached", timeout: CELL_WITHIN_MS });
  await page.locator(".jp-Spinner").first().waitFor({ state: "detached", timeout: CELL_WITHIN_MS });
  await page.waitForTimeout(DRAWN_MS);
  await page.locator(`${NOTEBOOK} .jp-Cell`).first().click({ position: { x: 20, y: 5 } });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+b");
  await page.locator("#jp-left-stack").waitFor({ state: "hidden" }); // the list of files
}

/** Runs the notebook up to a cell, and scrolls that cell to its place. */
async function runUntil(page: Page, name: string, cell: string): Promise<void> {
  const [path] = await listNotebooks([name]);
  const { cells } = await readNotebook(path);
  const count = cells.findIndex(({ id }) => id === cell);
  if (count === -1) throw new Error(`${basename(path)} has no cell "${cell}".`);
  for (const { type } of cells.slice(0, count)) {
    await page.keyboard.press("Shift+Enter");
    if (type !== "code") continue;
    await page.waitForTimeout(150); // until the kernel is busy
    await page.locator(IDLE).waitFor({ state: "attached", timeout: CELL_WITHIN_MS });
  }
  await page.waitForTimeout(DRAWN_MS);
  await page.locator(`${NOTEBOOK} .jp-Cell.jp-mod-active`).evaluate((active, top) => {
    const scroller = active.closest(".jp-WindowedPanel-outer");
    scroller?.scrollBy(0, active.getBoundingClientRect().top - top);
  }, CELL_TOP);
}

/** The top of the report of the naive function, in which a batch is refused with 413. */
async function takeRehearsal(browser: Browser): Promise<void> {
  using folder = tempFolder();
  const report = join(folder.path, "report.html");
  await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "lib/tools/rehearse.ts", "examples/rehearse/naive.py"]
      .concat("--records", "examples/rehearse/orders.ndjson.gz", "--gzip-each", "--html", report),
    cwd: PROJECT_DIR,
    stdin: "null",
    stdout: "null",
  }).output(); // it ends with 1, because the default buffer is not safe
  const page = await browser.newPage({ viewport: { width: 960, height: 900 } });
  await page.goto(`file://${report}`);
  await take(page, "rehearse");
}

/** A stream with records that wait, records in S3, and two kinds of failures. */
async function takeConsole(program: string): Promise<void> {
  await using world = await PageWorld.start(program);
  await world.createPipeline();
  const { page } = await world.open({ viewport: { width: 1200, height: 800 } });
  const put = async (Records: { Data: Uint8Array }[]) => {
    const batch = new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records });
    await world.clients.firehose.send(batch);
    await pause(ROUND_MS);
  };
  for (let round = 0; round < 6; round++) await put(orders(round));
  const large = { customer: 1, times: RESPONSE_BYTES_MAX };
  await put([large, ...Array(11).fill({ customer: 2 })].map(gzipRecord));
  await world.control("POST", "flush");
  for (let round = 6; round < 12; round++) await put(orders(round));
  await put([{ Data: new TextEncoder().encode("no gzip") }]);
  await page.getByText("Lambda.ProcessingFailedStatus").first().waitFor();
  await take(page, "console");
}

/** A batch of nine customers' orders. */
const orders = (round: number) =>
  Array.from({ length: 60 + round % 4 * 12 }, (_, index) =>
    gzipRecord({
      id: `order-${round}-${index}`,
      customer: index % 9 + 1,
      note: "leave it at the door ".repeat(30),
    }));

if (import.meta.main) await runTool({ usage: "", readOptions: noOptions, run });
