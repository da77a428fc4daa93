/** The console in Chromium: what a person sees, compared with what the SDK says. */
import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListDeliveryStreamsCommand, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { InvokeCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { chromiumProgram } from "../testing/chromium.ts";
import { said } from "../testing/said.ts";
import { until } from "../testing/until.ts";
import {
  axeProblems,
  figure,
  FUNCTION,
  gzipRecord,
  PageWorld,
  STREAM,
  untilFigures,
} from "./page_testing.ts";

const chromium = chromiumProgram();
const name = "the console's page shows where each record is, and nothing of others becomes markup";
const HOSTILE = "<img src=x onerror=alert(1)>";
const TURNED = "invoice\u202egnp.exe\u0007";
const CUSTOMERS = 9;
const VIEWS = [
  "streams",
  "objects?bucket=orders",
  "logs",
  "requests",
  "faults",
  "search?q=order-3",
  `failed?account=123456789012&region=us-east-1&stream=${STREAM}`,
];

if (chromium === undefined) {
  Deno.test.ignore(`${name} (needs Chromium)`, () => {});
} else {
  Deno.test(name, async (t) => {
    await using world = await PageWorld.start(chromium);
    const { page, problems } = await world.open({ viewport: { width: 1280, height: 900 } });
    const step = (what: string, run: () => Promise<void>) =>
      t.step(what, async () => {
        await run();
        assertEquals(problems.splice(0), []);
      });

    await step(
      "without a stream it says what to do, and the code is out of the address",
      async () => {
        await page.getByText("Run notebook 1 of the course").waitFor();
        assertEquals(page.url(), `${world.endpoint}/_sandbox/console`);
        const back = await page.evaluate("navigation.entries().map(({ url }) => url)");
        assertEquals(back, [`${world.endpoint}/_sandbox/console`]);
      },
    );

    const ids: string[] = [];
    await step("every number of a pipeline is what the SDK says", async () => {
      await world.createPipeline();
      ids.push(...await putOrders(world));
      await untilFigures(page, { records: 123, puts: 2, batches: await invocations(world) });
      await untilFigures(page, { partitions: CUSTOMERS, buffered: 0, objects: 0 });
      await page.getByRole("button", { name: `Flush ${STREAM}` }).click();
      await page.getByText(/objects? delivered/).waitFor();
      const objects = await delivered(world, "customer=");
      const failed = await delivered(world, "errors/");
      await untilFigures(page, {
        objects: objects.length,
        delivered: linesIn(objects),
        partitions: 0,
        "error Lambda.ProcessingFailedStatus": linesIn(failed),
      });
      assertEquals([objects.length, linesIn(objects), linesIn(failed)], [CUSTOMERS, 120, 2]);
      assertEquals(await invocations(world), await figure(page, "batches"));
    });

    await step("the first screen says what failed, and one click shows the records", async () => {
      await page.getByText("The function itself answered ProcessingFailed").waitFor();
      await page.getByRole("link", { name: "See the failed records" }).click();
      const [record] = await failedRecords(page, "Lambda.ProcessingFailedStatus", 2);
      const [{ key }] = await delivered(world, "errors/");
      assertMatch(record, /ProcessingFailed status set for record.*no gzip, needle/s);
      assertMatch(record, /The function's log says of it:.*ERROR the record 4966\d+ is broken/s);
      assertStringIncludes(record, `Line 1 of ${key}`);
    });

    await step("a record is found by its id, and its way ends at its object", async () => {
      const way = await find(page, ids[3]);
      assertMatch(way, /Put to orders\..*In a batch of 123 records.*partition customer=3\./s);
      const [object] = await delivered(world, "customer=3/");
      assertStringIncludes(way, object.key);
      assertStringIncludes(object.text, '"order":"order-3"');
    });

    await step("a record is found by a word in it, and its way says why it failed", async () => {
      await search(page, "NEEDLE");
      assertMatch(
        await page.getByRole("status").last().innerText(),
        /^1 place in 0 waiting records/,
      );
      await page.getByRole("button", { name: "Show its way" }).click();
      const way = await page.locator(".way").innerText();
      assertMatch(way, /It failed \(processing-failed\): Lambda\.ProcessingFailedStatus/);
    });

    await step("what waits, what was dropped, and what nobody knows is said", async () => {
      await world.clients.firehose.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: STREAM,
          Records: [gzipRecord({ order: "late", customer: 1 })],
        }),
      );
      const way = await until("the batch", async () => {
        const text = await find(page, "late");
        return text.includes("waits") ? text : undefined;
      });
      assertStringIncludes(way, "in a buffer of orders");
      assertMatch(await find(page, ids[122]), /The function dropped it/);
      assertMatch(await find(page, `4966${"1".repeat(58)}`), /cannot say where the record went/);
    });

    await step("a response over the limit is a 413, with its bytes and its error", async () => {
      await page.getByRole("link", { name: "Streams" }).click();
      const times = 6_291_556;
      await world.clients.firehose.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: STREAM,
          Records: [gzipRecord({ times, customer: 1 })],
        }),
      );
      await page.getByText("413: the response is over the limit").first().waitFor();
      const bytes = await figure(page, "responseBytes") ?? 0;
      assert(bytes > times * 4 / 3, "what the function posted, in base64");
      await page.getByText(`413: the last response had ${bytes.toLocaleString("en")} bytes`)
        .waitFor();
      await page.getByRole("link", { name: "See the failed records" }).click();
      const [waiting] = await failedRecords(page, "Lambda.FunctionError", 1);
      assertMatch(waiting, /"times":6291556.*Waits for the error output/s);
      await page.getByRole("link", { name: "Streams" }).click();
      await page.getByRole("button", { name: "Flush all" }).click();
      await page.getByText(/Flush: \d objects? delivered/).waitFor();
      const failed = await delivered(world, "errors/");
      const tooLarge = failed.filter(({ text }) => text.includes("Lambda.FunctionError"));
      await untilFigures(page, {
        "error Lambda.FunctionError": linesIn(tooLarge),
        errorObjects: failed.length,
      });
    });

    await step("a fault is put, strikes, and is removed, all from the page", async () => {
      const put = () =>
        world.clients.firehose.send(
          new PutRecordBatchCommand({
            DeliveryStreamName: STREAM,
            Records: [gzipRecord({ order: "faulted", customer: 2 })],
          }),
        );
      await page.getByRole("link", { name: "Faults" }).click();
      // Other views name the stream, too.
      await page.getByRole("region", { name: "Trouble" }).getByText(STREAM).waitFor();
      await page.getByRole("button", { name: "Firehose is too busy" }).click();
      await page.getByText("It is set.").waitFor();
      assertMatch(await said(put), /^ServiceUnavailableException/);
      await page.getByRole("button", { name: "Read again" }).click();
      await page.getByText("struck 1 time").waitFor();
      await page.getByRole("button", { name: "Remove" }).click();
      await page.getByText("No fault is set.").waitFor();
      await put();
      await page.getByRole("link", { name: "Requests" }).click();
      await page.getByRole("checkbox").check();
      const refused = page.locator("tr.refused").first();
      assertMatch(
        await refused.innerText(),
        /PutRecordBatch.*orders.*ServiceUnavailableException/s,
      );
    });

    for (const [button, strike, outcome] of commonFaults(world)) {
      await step(`the button "${button}" sets a fault that strikes`, async () => {
        await page.getByRole("link", { name: "Faults" }).click();
        await page.getByRole("button", { name: button }).click();
        await page.getByText("It is set.").waitFor();
        assertMatch(await strike(), outcome);
        await world.control("DELETE", "faults");
        await page.getByRole("button", { name: "Read again" }).click();
        await page.getByText("No fault is set.").waitFor();
      });
    }

    await step(
      "hostile names and contents are text, and what is hidden in them is seen",
      async () => {
        await world.clients.s3.send(new CreateBucketCommand({ Bucket: "hostile" }));
        await world.clients.s3.send(
          new PutObjectCommand({
            Bucket: "hostile",
            Key: `${HOSTILE}/${TURNED}`,
            Body: `${HOSTILE}<script>alert(2)</script>\u202e\u0000\n`,
          }),
        );
        await page.goto(`${world.endpoint}/_sandbox/console#objects?bucket=hostile`);
        await page.locator("summary", { hasText: HOSTILE }).click();
        await page.getByText("invoice⟨U+202E⟩gnp.exe⟨U+0007⟩").click();
        await page.getByText("<script>alert(2)</script>⟨U+202E⟩⟨U+0000⟩").waitFor();
        assertMatch(await find(page, "onerror"), /<img src=x onerror=alert\(1\)>/);
        assertEquals(await page.locator("img, script:not([src])").count(), 0);
      },
    );

    await step("a function's log is shown, with what went wrong", async () => {
      await page.goto(
        `${world.endpoint}/_sandbox/console#logs?group=%2Faws%2Flambda%2F${FUNCTION}`,
      );
      await page.locator(".trouble", { hasText: "is broken" }).first().waitFor();
    });

    await t.step("another site's page reads nothing, not even with the token", async () => {
      const [answers, framed] = await askAsStranger(world);
      assertEquals(answers, ["refused", "refused"]);
      assertMatch(`${framed}`, /The sandbox does not answer pages of other sites/);
      problems.length = 0; // Chromium names each refusal
    });

    await t.step("a link in a notebook, which is another site, opens it", async () => {
      // As in the notebooks' card.
      const link =
        `<a href="${world.newAddress()}" target="_blank" rel="noopener noreferrer">card</a>`;
      await using notebook = await strangersPage(world, link);
      const opening = notebook.stranger.context().waitForEvent("page");
      await notebook.stranger.getByText("card").click();
      await (await opening).getByText("live", { exact: true }).waitFor();
    });

    await t.step(
      "a used address says how to get another one, and the form takes the token",
      async () => {
        const address = world.newAddress();
        await page.goto(address);
        await page.getByText("live", { exact: true }).waitFor();
        const fresh = (await world.newPage()).page;
        await fresh.goto(address);
        await fresh.getByText("This address was used before, or it is too old").waitFor();
        await fresh.getByText("In a terminal, deno task console prints one.").waitFor();
        assertEquals(fresh.url(), `${world.endpoint}/_sandbox/console`);
        assertEquals(await axeProblems(fresh), []);
        const form = fresh.getByLabel("Or enter the token of this sandbox");
        await form.fill("wrong");
        await fresh.keyboard.press("Enter");
        await fresh.getByText("The token is not this sandbox's").waitFor();
        await form.fill(world.token);
        await fresh.keyboard.press("Enter");
        await fresh.getByText("live", { exact: true }).waitFor();
      },
    );

    for (const [colorScheme, width] of [["light", 1280], ["dark", 400]] as const) {
      await t.step(`axe-core finds nothing in ${colorScheme}, ${width} pixels wide`, async () => {
        const { page } = await world.open({ colorScheme, viewport: { width, height: 800 } });
        for (const view of VIEWS) {
          await page.goto(`${world.endpoint}/_sandbox/console#${view}`);
          await page.getByRole("heading", { level: 2 }).first().waitFor();
          assertEquals([view, await axeProblems(page)], [view, []]);
          const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
          assertEquals([view, overflow], [view, 0]);
        }
        await page.context().close();
      });
    }

    await step("Reset asks first, and then nothing is left, as the SDK says too", async () => {
      const { firehose, s3, lambda, logs } = world.clients;
      const reset = page.getByRole("button", { name: "Reset …" });
      await reset.click();
      await page.getByRole("button", { name: "Keep it" }).click();
      assertEquals(await page.locator("dialog[open]").count(), 0);
      const { DeliveryStreamNames } = await firehose.send(new ListDeliveryStreamsCommand());
      assertEquals(DeliveryStreamNames, [STREAM]);
      await reset.click();
      await page.getByRole("button", { name: "Remove everything" }).click();
      await page.getByText("Reset: the sandbox is empty.").waitFor();
      await page.getByRole("link", { name: "Streams" }).click();
      await page.getByText("No stream yet").waitFor();
      const left: unknown[][] = [
        (await firehose.send(new ListDeliveryStreamsCommand())).DeliveryStreamNames ?? [],
        (await s3.send(new ListBucketsCommand())).Buckets ?? [],
        (await lambda.send(new ListFunctionsCommand())).Functions ?? [],
        (await logs.send(new DescribeLogGroupsCommand())).logGroups ?? [],
      ];
      assertEquals(left.flat(), []);
    });
  });
}

/** The buttons of common faults, what to do then, and what comes of it. One more has its own step. */
function commonFaults(
  world: PageWorld,
): readonly (readonly [button: string, strike: () => Promise<string>, outcome: RegExp])[] {
  const { firehose, s3, lambda } = world.clients;
  const Records = [gzipRecord({ order: "faulted", customer: 2 })];
  const put = () =>
    firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records }));
  const failedPuts = async () => `${(await put()).FailedPutCount} failed`;
  return [
    [
      "Some records are refused",
      async () => await failedPuts() + await failedPuts(),
      /^0 .*1 failed/,
    ],
    ["Answers are lost", () => said(put), /^Error: aborted/],
    [
      "S3 says slow down",
      () => said(() => s3.send(new PutObjectCommand({ Bucket: STREAM, Key: "k", Body: "x" }))),
      /^SlowDown/,
    ],
    [
      "Lambda has no room",
      () => said(() => lambda.send(new InvokeCommand({ FunctionName: FUNCTION }))),
      /^TooManyRequestsException/,
    ],
    ["Slow answers", async () => {
      const answer = put();
      const isLate = await Promise.race([answer.then(() => false), struck(world)]);
      // That ends the delay.
      await world.control("DELETE", "faults");
      return `late: ${isLate}, ${(await answer).FailedPutCount} failed`;
    }, /^late: true, 0 failed/],
  ];
}

/** True once the fault that is set has struck. */
async function struck(world: PageWorld): Promise<true> {
  return await until("the fault to strike", async () => {
    const faults = JSON.stringify(await world.control("GET", "faults"));
    return faults.includes('"struck":1') || undefined;
  });
}

/** The texts of the records that the page shows for an error code, once there are so many. */
async function failedRecords(page: Page, code: string, records: number): Promise<string[]> {
  const found = page.locator(`[data-code="${code}"] .lines > li`);
  await until("the failed records", async () => await found.count() === records || undefined);
  return await found.allInnerTexts();
}

/** 120 orders, one that is no gzip, one that is no JSON, one to drop. Returns their record ids. */
async function putOrders({ clients: { firehose } }: PageWorld): Promise<string[]> {
  const orders = Array.from({ length: 120 }, (_, index) => ({
    order: `order-${index}`,
    customer: index % CUSTOMERS,
  }));
  const text = (value: string) => ({ Data: new TextEncoder().encode(value) });
  const others = [text("no gzip, needle"), text("{}"), gzipRecord({ isDropped: true })];
  const answers = [];
  for (const Records of [orders.map(gzipRecord), others]) {
    answers.push(
      await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records })),
    );
  }
  return answers.flatMap(({ RequestResponses = [] }) =>
    RequestResponses.map(({ RecordId = "" }) => RecordId)
  );
}

/** Invocations of the function, by its metric. */
async function invocations({ clients: { metrics } }: PageWorld): Promise<number> {
  return await until("an invocation", async () => {
    const { Datapoints = [] } = await metrics.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Lambda",
        MetricName: "Invocations",
        Dimensions: [{ Name: "FunctionName", Value: FUNCTION }],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 60,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0) || undefined;
  });
}

interface Found {
  readonly key: string;
  readonly text: string;
}

async function delivered({ clients: { s3 } }: PageWorld, Prefix: string): Promise<Found[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: STREAM, Prefix }));
  return await Promise.all(Contents.map(async ({ Key = "" }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: STREAM, Key }));
    return { key: Key, text: await Body?.transformToString() ?? "" };
  }));
}

const linesIn = (objects: readonly Found[]) =>
  objects.reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);

async function search(page: Page, word: string): Promise<void> {
  await page.getByRole("searchbox").fill(word);
  await page.getByRole("button", { name: "Find" }).click();
  // Not the answer of the search before: the address, and with it the page, changes a moment later.
  const title = page.locator("h2", { hasText: word.slice(0, 60) });
  await page.locator('section[aria-labelledby="found"][aria-busy="false"]', { has: title })
    .waitFor();
}

async function find(page: Page, word: string): Promise<string> {
  await search(page, word);
  return await page.locator('section[aria-labelledby="found"]').innerText();
}

/** A page of another origin, with this HTML. */
async function strangersPage({ browser }: PageWorld, html: string) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(`<!doctype html>${html}`, { headers: { "content-type": "text/html" } }),
  );
  const stranger = await browser.newPage();
  await stranger.goto(`http://127.0.0.1:${server.addr.port}`);
  return {
    stranger,
    async [Symbol.asyncDispose]() {
      await stranger.context().close();
      await server.shutdown();
    },
  };
}

/** What a page of another origin gets with `fetch`, without the token and with it, and in a frame. */
async function askAsStranger(world: PageWorld) {
  await using other = await strangersPage(world, "<p>evil");
  const { stranger } = other;
  const address = `${world.endpoint}/_sandbox/console`;
  const answer: unknown = await stranger.evaluate(`(async () => {
    const read = (headers) =>
      fetch("${address}/events", { headers }).then(() => "answered", () => "refused");
    const frame = Object.assign(document.createElement("iframe"), { src: "${address}" });
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
    document.body.append(frame);
    await loaded;
    return [await read({}), await read({ authorization: "Bearer ${world.token}" })];
  })()`);
  const [, frame] = stranger.frames();
  return [answer, await frame.innerText("body")];
}
