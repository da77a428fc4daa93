/**
 * The console's page in Chromium, for tests: a sandbox whose clock the test moves, the pipeline of
 * notebook 3, and what the page shows.
 * @module
 */

import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { BrowserContextOptions, Page } from "playwright-core";
import { startSandbox } from "../sandbox.ts";
import { clientsFor } from "../testing/clients.ts";
import { startChromium } from "../testing/chromium.ts";
import { createLambdaStream } from "../testing/lambda_stream.ts";
import { until } from "../testing/until.ts";
import { arnOf, createExecutionRole, LambdaWorld } from "../services/lambda/testing.ts";

/**
 * Gunzips each record and sends it to its customer's partition, as notebook 3 does; fails what is no
 * JSON, drops what says so, and repeats the text of one that is to be large.
 */
const HANDLER = `async ({ records }) => {
  const { gunzipSync } = await import("node:zlib");
  const base64 = (text) => Buffer.from(text + "\\n").toString("base64");
  return {
    records: records.map(({ recordId, data }) => {
      try {
        const order = JSON.parse(gunzipSync(Buffer.from(data, "base64")).toString());
        if (order.isDropped) return { recordId, result: "Dropped" };
        const text = order.times ? "x".repeat(order.times) : JSON.stringify(order);
        const metadata = { partitionKeys: { customer: String(order.customer) } };
        return { recordId, result: "Ok", data: base64(text), metadata };
      } catch {
        console.error("ERROR the record " + recordId + " is broken");
        return { recordId, result: "ProcessingFailed", data };
      }
    }),
  };
}`;

export const STREAM = "orders";
export const FUNCTION = "unpack";

/** A record as notebook 3 puts it. */
export const gzipRecord = (value: unknown) => ({ Data: gzipSync(JSON.stringify(value)) });

/** A page, and what went wrong on it: its scripts' errors, dialogs, requests that leave the sandbox. */
interface OpenPage {
  readonly page: Page;
  readonly problems: string[];
}

/** A sandbox with the pipeline, and Chromium. */
export class PageWorld implements AsyncDisposable {
  private constructor(
    readonly lambda: LambdaWorld,
    readonly browser: Awaited<ReturnType<typeof startChromium>>,
  ) {}

  static async start(chromium: string): Promise<PageWorld> {
    const log = { problem: () => {}, close: () => Promise.resolve() };
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, log });
    const { endpoint, rootKey: credentials } = sandbox;
    const world = new LambdaWorld(sandbox, clientsFor({ endpoint, credentials }));
    return new PageWorld(world, await startChromium(chromium));
  }

  get clients() {
    return this.lambda.clients;
  }

  get endpoint(): string {
    return this.lambda.sandbox.endpoint;
  }

  get token(): string {
    return this.lambda.sandbox.token;
  }

  /** Makes the function and the stream; buffers are long, so that a test sees what waits. */
  async createPipeline(): Promise<void> {
    await createExecutionRole(this.clients);
    await this.lambda.createReady(FUNCTION, HANDLER);
    await createLambdaStream(this.clients, {
      name: STREAM,
      functionArn: arnOf(FUNCTION),
      invokable: [arnOf(`${FUNCTION}:*`)],
      retries: 0,
      destination: {
        Prefix: "customer=!{partitionKeyFromLambda:customer}/",
        ErrorOutputPrefix: "errors/!{firehose:error-output-type}/",
        DynamicPartitioningConfiguration: { Enabled: true },
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 900 },
      },
    });
  }

  /** An address that opens the console once. */
  newAddress(): string {
    return this.lambda.sandbox.newConsoleAddress();
  }

  /** The console in a fresh window. */
  async open(options: BrowserContextOptions = {}): Promise<OpenPage> {
    const { page, problems } = await this.newPage(options);
    await page.goto(this.newAddress());
    await page.getByText("live", { exact: true }).waitFor();
    return { page, problems };
  }

  /** A fresh window. */
  async newPage(options: BrowserContextOptions = {}): Promise<OpenPage> {
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => void problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("dialog", async (dialog) => {
      problems.push(`a dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(this.endpoint)) problems.push(`asked ${request.url()}`);
      const { referer = "" } = request.headers();
      if (referer !== "") problems.push(`said ${referer} to ${request.url()}`);
    });
    return { page, problems };
  }

  async control(method: string, page: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.endpoint}/_sandbox/${page}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return await response.json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    this.clients[Symbol.dispose]();
    await this.lambda.stop();
  }
}

/** The number that the page shows in a field of the stream. */
export async function figure(page: Page, field: string): Promise<number | undefined> {
  const found = page.locator(`[data-stream="${STREAM}"] [data-field="${field}"]`).first();
  if (await found.count() === 0) return undefined;
  return Number((await found.innerText()).replaceAll(",", ""));
}

/** Waits until the page shows these numbers. */
export async function untilFigures(
  page: Page,
  wanted: Readonly<Record<string, number | undefined>>,
): Promise<void> {
  let seen: Record<string, number | undefined> = {};
  try {
    await until("the page to show the numbers", async () => {
      const figures = await Promise.all(
        Object.keys(wanted).map(async (field) => [field, await figure(page, field)] as const),
      );
      seen = Object.fromEntries(figures);
      return figures.every(([field, value]) => value === wanted[field]) || undefined;
    });
  } catch {
    throw new Error(`wanted ${JSON.stringify(wanted)}, the page shows ${JSON.stringify(seen)}`);
  }
}

/** What axe-core finds wrong with the page, a line for each rule that is broken. */
export async function axeProblems(page: Page): Promise<string[]> {
  // Not as a <script>: the page's policy allows none.
  const source = await Deno.readTextFile(createRequire(import.meta.url).resolve("axe-core"));
  const found: unknown = await page.evaluate(
    `(() => { ${source}\n return window.axe.run(document, { resultTypes: ["violations"] }) ` +
      ".then(({ violations }) => violations.map(({ id, nodes }) => " +
      'id + ": " + nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary).join(" | "))); })()',
  );
  return Array.isArray(found) ? found.map(String) : [`axe answered ${found}`];
}
