/**
 * Runs notebook 3 beside the open console, and compares every number on its page with what the SDK
 * says. `deno task console-numbers` starts it.
 * @module
 */

import { join } from "node:path";
import { PutRecordCommand } from "@aws-sdk/client-firehose";
import type { Page } from "playwright-core";
import { newConsoleAddress } from "../../aws/place/console_address.ts";
import { PROJECT_DIR } from "../../aws/place/sandbox_process.ts";
import { clientSettings } from "../../aws/place/clients.ts";
import { gzipJson, sampleEvents } from "../../data/mod.ts";
import { listNotebooks } from "../../notebook/notebook_file.ts";
import { chromiumProgram, startChromium } from "../../sandbox/testing/chromium.ts";
import { clientsFor } from "../../sandbox/testing/clients.ts";
import { shown, textsOf } from "./page_numbers.ts";
import {
  ALL_BATCHES,
  cardNumbers,
  type DescribedStream,
  describeStream,
  logGroups,
  logMessages,
  observedEvents,
  type Wanted,
} from "./sdk_numbers.ts";
import { executeNotebook } from "../execute_notebook.ts";
import { registerKernel } from "../jupyter.ts";
import { freePort, notebookWorld } from "../notebook_world.ts";
import { ensureVenv } from "../python_env.ts";
import { noOptions, runTool, say } from "../run_tool.ts";

const EXECUTED_DIR = join(PROJECT_DIR, ".executed");
/** The last cell before the clean-up. */
const LAST_CELL = "cost-table";
/** How long the page may take to show what the SDK says already. */
const SETTLED_WITHIN_MS = 10_000;

async function run(): Promise<boolean> {
  const program = chromiumProgram();
  if (program === undefined) throw new Error("There is no Chromium: name it with CHROMIUM_PATH.");
  const python = await ensureVenv(say);
  await registerKernel();
  await Deno.mkdir(EXECUTED_DIR, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: EXECUTED_DIR, prefix: "world-" });
  await using world = await notebookWorld({ folder, port: freePort() });
  const { sandbox, environment } = world;
  const browser = await startChromium(program);
  try {
    const page = await browser.newPage();
    await page.goto(await newConsoleAddress(sandbox) ?? "");
    await page.getByText("live", { exact: true }).waitFor();
    const [path] = await listNotebooks(["3_"]);
    const { failure, seconds } = await executeNotebook(path, {
      output: join(EXECUTED_DIR, "console-numbers.ipynb"),
      options: ["--way", "interrupted", "--until", LAST_CELL],
      ...{ python, environment, signal: new AbortController().signal },
    });
    if (failure) throw new Error(`notebook 3, cell ${failure.cell}: ${failure.error}`);
    say(`Notebook 3 ran in ${seconds.toFixed(1)} s.`);
    const { credentials } = await clientSettings("sandbox", {
      config: join(sandbox.awsDir, "config"),
      credentials: join(sandbox.awsDir, "credentials"),
    });
    using clients = clientsFor({ endpoint: sandbox.endpoint, credentials });
    const stream = await describeStream(clients);
    const calm = await compareAll(page, clients, stream);
    await strikeOneRecord(page, clients, stream);
    return report([...calm, ...await compareCard(page, clients, stream, "retried")]);
  } finally {
    await browser.close();
  }
}

/** A number of the page beside what it should be. */
interface Compared extends Wanted {
  readonly shown: string | number | undefined;
}

type SdkClients = ReturnType<typeof clientsFor>;

async function compareAll(
  page: Page,
  clients: SdkClients,
  stream: DescribedStream,
): Promise<Compared[]> {
  return [
    ...await compareCard(page, clients, stream, "notebook"),
    await observedRequest(page, await observedEvents(clients, stream)),
    ...await logNumbers(page, clients),
  ];
}

/**
 * The card of the stream after the notebook; or after faults, when there are more batches than the page
 * lists.
 */
async function compareCard(
  page: Page,
  clients: SdkClients,
  stream: DescribedStream,
  after: "notebook" | "retried",
): Promise<Compared[]> {
  const card: Compared[] = [];
  for (const wanted of await cardNumbers(clients, stream)) {
    if (after === "retried" && wanted.what === ALL_BATCHES) continue;
    card.push({ ...wanted, shown: await onceShown(page, wanted) });
  }
  const listed = card.filter(({ what }) => what.startsWith("object "));
  // The page lists the newest objects only.
  const newest = listed.filter(({ shown }) => shown !== undefined);
  const rows = card.filter((one) => !listed.includes(one) || newest.includes(one));
  return [
    ...rows,
    {
      what: "objects in the list",
      value: Math.min(listed.length, 8),
      shown: newest.length,
      source: "ListObjectsV2; the page shows the last 8",
    },
  ];
}

/** Puts a record that Lambda and S3 refuse three times each, with the page's own buttons. */
async function strikeOneRecord(
  page: Page,
  { firehose }: SdkClients,
  { name }: DescribedStream,
): Promise<void> {
  await page.getByRole("link", { name: "Faults" }).click();
  for (const fault of ["Lambda has no room", "S3 says slow down"]) {
    await page.getByRole("button", { name: fault }).click();
    await page.getByText(`${fault}: It is set.`).waitFor();
  }
  const [event] = sampleEvents(1);
  await firehose.send(
    new PutRecordCommand({ DeliveryStreamName: name, Record: { Data: gzipJson(event) } }),
  );
  await page.getByRole("link", { name: "Streams" }).click();
  await page.getByText("3 deliveries refused and tried again").waitFor();
  // The fourth attempt has delivered it.
  await page.getByText("0 open partitions").waitFor();
}

async function onceShown(page: Page, { what, value }: Wanted) {
  const endMs = Date.now() + SETTLED_WITHIN_MS;
  let now = await shown(page, what);
  while (now !== value && !what.startsWith("object ") && Date.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    now = await shown(page, what);
  }
  return now;
}

/** The observer logs its whole event: that is the request, to the byte. */
async function observedRequest(page: Page, events: readonly string[]): Promise<Compared> {
  const sizes = (await page.locator('[data-field="requestBytes"]').allInnerTexts())
    .map((text) => Number(text.replaceAll(",", "")));
  const [event = ""] = events;
  return {
    what: "requestBytes of the oldest batch",
    value: new TextEncoder().encode(event).length,
    shown: sizes.at(-1),
    source: "FilterLogEvents: the observer's event",
  };
}

async function logNumbers(
  page: Page,
  clients: SdkClients,
): Promise<Compared[]> {
  const groups = await logGroups(clients);
  await page.getByRole("link", { name: "Logs" }).click();
  const links = page.locator("nav.tree a");
  const compared: Compared[] = [{
    what: "log groups",
    value: groups.join(" "),
    shown: (await textsOf(links, groups.length)).join(" "),
    source: "DescribeLogGroups",
  }];
  for (const group of groups) {
    const messages = await logMessages(clients, group);
    await links.filter({ hasText: group }).first().click();
    await page.getByRole("heading", { name: group }).waitFor();
    const texts = await textsOf(page.locator(".log > li"), messages.length);
    compared.push({
      what: `events of ${group}`,
      value: messages.length,
      shown: texts.length,
      source: "FilterLogEvents",
    });
  }
  return compared;
}

function report(compared: readonly Compared[]): boolean {
  const wrong = compared.filter(({ value, shown }) => value !== shown);
  for (const one of compared) {
    const verdict = wrong.includes(one) ? "FAIL" : "ok  ";
    say(
      `${verdict} ${one.what}: ${one.shown ?? "not shown"}` +
        `${
          wrong.includes(one) ? `, and the SDK says ${one.value ?? "nothing"}` : ""
        } (${one.source})`,
    );
  }
  say(`console-numbers: ${compared.length - wrong.length} equal, ${wrong.length} different`);
  return wrong.length === 0;
}

if (import.meta.main) await runTool({ usage: "", readOptions: noOptions, run });
