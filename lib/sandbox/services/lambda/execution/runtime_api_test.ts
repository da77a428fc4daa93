/** The Runtime API by raw requests: every endpoint, header, status and order of steps. */
import { assertEquals } from "@std/assert";
import { connect } from "node:net";
import {
  type Invocation,
  RESPONSE_BYTES_MAX,
  type RuntimeAnswer,
  RuntimeApi,
} from "./runtime_api.ts";

const ID = "6e1ac9c1-8a9b-4f7d-9c39-0f4f3a2c5b10";

function invocationOf(change: Partial<Invocation> = {}): Invocation {
  return {
    requestId: ID,
    deadlineMs: 1_795_000_000_123.4,
    functionArn: "arn:aws:lambda:us-east-1:123456789012:function:f",
    payload: new TextEncoder().encode('{ "a" :1}'),
    ...change,
  };
}

/** A test with a Runtime API and a way to call it. */
function apiTest(
  name: string,
  run: (api: RuntimeApi, call: (...args: CallArguments) => Promise<Response>) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const api = await RuntimeApi.listen();
    // Its own client, so that the connections end with the test.
    using client = Deno.createHttpClient({});
    try {
      await run(
        api,
        (path, body, headers) =>
          fetch(`http://${api.address}/2018-06-01/runtime/${path}`, {
            method: body === undefined ? "GET" : "POST",
            body,
            headers,
            client,
          }),
      );
    } finally {
      await api.close();
    }
  });
}

type CallArguments = [path: string, body?: BodyInit, headers?: Record<string, string>];

const ACCEPTED = [202, '{"status":"OK"}\n'];
const answer = async (response: Response) => [response.status, await response.text()];

apiTest("next waits for an invocation and hands it over byte for byte", async (api, call) => {
  const polled = call("invocation/next");
  assertEquals(await api.initialized, { kind: "ready" });
  api.run(invocationOf({ traceId: "Root=1-2-3", clientContext: '{"custom":{}}' }));
  const next = await polled;
  assertEquals(await next.text(), '{ "a" :1}');
  const headers = Object.fromEntries(next.headers);
  assertEquals(headers["content-type"], "application/json");
  assertEquals(headers["lambda-runtime-aws-request-id"], ID);
  assertEquals(headers["lambda-runtime-deadline-ms"], "1795000000123");
  assertEquals(
    headers["lambda-runtime-invoked-function-arn"],
    "arn:aws:lambda:us-east-1:123456789012:function:f",
  );
  assertEquals(headers["lambda-runtime-trace-id"], "Root=1-2-3");
  assertEquals(headers["lambda-runtime-client-context"], '{"custom":{}}');
});

apiTest("an error's frames for X-Ray may take 1 MiB in a header", async (api, call) => {
  const polled = call("invocation/next");
  await api.initialized;
  const { answered } = api.run(invocationOf());
  await (await polled).text();
  const frames = { "lambda-runtime-function-xray-error-cause": "x".repeat(1024 * 1024 - 1) };
  const body = '{"errorMessage":"maximum recursion depth exceeded"}';
  assertEquals(await answer(await call(`invocation/${ID}/error`, body, frames)), ACCEPTED);
  assertEquals((await answered).kind, "error");
});

apiTest("a header without a value is left out", async (api, call) => {
  const polled = call("invocation/next");
  await api.initialized;
  api.run(invocationOf());
  const next = await polled;
  await next.body?.cancel();
  assertEquals(next.headers.has("lambda-runtime-trace-id"), false);
  assertEquals(next.headers.has("lambda-runtime-client-context"), false);
});

/** Brings the API to Running and gives what the invocation will come to. */
async function running(api: RuntimeApi, call: (...args: CallArguments) => Promise<Response>) {
  const polled = call("invocation/next");
  await api.initialized;
  const task = api.run(invocationOf());
  await (await polled).body?.cancel();
  return task;
}

/** What the runtime posted: `response`, or the error's type, and its bytes as text. */
async function posted(task: { answered: Promise<RuntimeAnswer> }): Promise<[string, string]> {
  const answer = await task.answered;
  if (answer.kind === "tooLarge") return [answer.kind, ""];
  const text = new TextDecoder().decode(answer.body);
  return [answer.kind === "error" ? answer.errorType : answer.kind, text];
}

apiTest("a response is accepted; done is when the runtime asks again", async (api, call) => {
  const task = await running(api, call);
  const body = '{"ok":true}';
  assertEquals(await answer(await call(`invocation/${ID}/response`, body)), ACCEPTED);
  assertEquals(await posted(task), ["response", body]);
  const again = call("invocation/next");
  await task.done;
  api.run(invocationOf({ requestId: "second" }));
  assertEquals((await again).headers.get("lambda-runtime-aws-request-id"), "second");
  await (await again).body?.cancel();
});

apiTest("an error's bytes are kept, its type is that of the body", async (api, call) => {
  const task = await running(api, call);
  const body = '{"errorType":"TypeError","errorMessage":"x","trace":[]}';
  assertEquals(await answer(await call(`invocation/${ID}/error`, body)), ACCEPTED);
  assertEquals(await posted(task), ["TypeError", body]);
});

for (
  const [given, kept] of [
    ["Runtime.ImportModuleError", "Runtime.ImportModuleError"],
    ["Function.oops", "Function.Unknown"],
    ["TypeError", "Runtime.Unknown"],
  ] as const
) {
  apiTest(`the error type header ${given} is taken as ${kept}`, async (api, call) => {
    const headers = { "lambda-runtime-function-error-type": given };
    assertEquals(await answer(await call("init/error", "{}", headers)), ACCEPTED);
    const outcome = await api.initialized;
    assertEquals(outcome.kind === "error" && outcome.errorType, kept);
  });
}

apiTest("after init/error a runtime may not ask for an invocation", async (_, call) => {
  assertEquals(await answer(await call("init/error", "{}")), ACCEPTED);
  assertEquals(await answer(await call("invocation/next")), [
    403,
    '{"errorMessage":"State transition from InitError to Ready failed for runtime. ' +
    'Error: State transition is not allowed","errorType":"InvalidStateTransition"}\n',
  ]);
});

const INVALID_ID = [400, '{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}\n'];

apiTest("the id is checked before the state", async (api, call) => {
  assertEquals(await answer(await call("invocation/nobody/response", "1")), INVALID_ID);
  await running(api, call);
  assertEquals(await answer(await call("invocation/nobody/response", "1")), INVALID_ID);
  assertEquals(await answer(await call("invocation/nobody/error", "{}")), INVALID_ID);
});

apiTest("a second response for one invocation is no allowed step", async (api, call) => {
  await running(api, call);
  await answer(await call(`invocation/${ID}/response`, "1"));
  assertEquals(await answer(await call(`invocation/${ID}/response`, "2")), [
    403,
    '{"errorMessage":"State transition from RuntimeResponseSentState to InvocationResponse ' +
    'failed for runtime. Error: State transition is not allowed",' +
    '"errorType":"InvalidStateTransition"}\n',
  ]);
});

apiTest("a runtime that asks again while it runs gets the same invocation", async (api, call) => {
  await running(api, call);
  const again = await call("invocation/next");
  assertEquals(again.headers.get("lambda-runtime-aws-request-id"), ID);
  assertEquals(await again.text(), '{ "a" :1}');
});

apiTest("a response of 6,291,556 bytes passes", async (api, call) => {
  const task = await running(api, call);
  const body = new Uint8Array(RESPONSE_BYTES_MAX).fill(49);
  assertEquals(await answer(await call(`invocation/${ID}/response`, body)), ACCEPTED);
  assertEquals((await posted(task))[1].length, 6_291_556);
});

apiTest("one byte more is answered 413, and the runtime may go on", async (api, call) => {
  const task = await running(api, call);
  const body = new Uint8Array(RESPONSE_BYTES_MAX + 1).fill(49);
  assertEquals(await answer(await call(`invocation/${ID}/response`, body)), [
    413,
    '{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).",' +
    '"errorType":"RequestEntityTooLarge"}\n',
  ]);
  assertEquals(await task.answered, { kind: "tooLarge", responseBytes: RESPONSE_BYTES_MAX + 1 });
  const next = call("invocation/next");
  await task.done;
  api.run(invocationOf({ requestId: "second" }));
  await (await next).body?.cancel();
});

apiTest("an unknown response mode is refused, and is the function's error", async (api, call) => {
  const task = await running(api, call);
  const headers = { "lambda-runtime-function-response-mode": "batched" };
  assertEquals(await answer(await call(`invocation/${ID}/response`, "1", headers)), [
    400,
    '{"errorMessage":"Invalid function response mode",' +
    '"errorType":"InvalidFunctionResponseMode"}\n',
  ]);
  assertEquals((await posted(task))[0], "Runtime.InvalidResponseModeHeader");
});

/** Sends raw bytes, then ends its side of the connection where `cut` says that nothing more comes. */
function sendRaw(address: string, text: string, after: "wait" | "cut" = "wait"): Promise<string> {
  const [host, port] = address.split(":");
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(
      Number(port),
      host,
      () => after === "cut" ? socket.end(text) : socket.write(text),
    );
    socket.on("data", (chunk) => received += chunk);
    socket.on("error", reject);
    socket.on("close", () => resolve(received));
  });
}

apiTest("a streamed response is whole at the end of its chunks", async (api, call) => {
  const task = await running(api, call);
  await sendRaw(
    api.address,
    `POST /2018-06-01/runtime/invocation/${ID}/response HTTP/1.1\r\nHost: ${api.address}\r\nConnection: close\r\n` +
      "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n" +
      "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
  );
  assertEquals(await posted(task), ["response", "abc"]);
});

apiTest("a stream that fails midway is an error, by its trailers", async (api, call) => {
  const task = await running(api, call);
  const error = '{"errorType":"Error","errorMessage":"midway","trace":[]}';
  await sendRaw(
    api.address,
    `POST /2018-06-01/runtime/invocation/${ID}/response HTTP/1.1\r\nHost: ${api.address}\r\nConnection: close\r\n` +
      "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n" +
      "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n" +
      "2\r\nab\r\n0\r\nLambda-Runtime-Function-Error-Type: Runtime.StreamError\r\n" +
      `Lambda-Runtime-Function-Error-Body: ${btoa(error)}\r\n\r\n`,
  );
  assertEquals(await posted(task), ["Runtime.StreamError", error]);
});

apiTest("a response cut short is the error Runtime.TruncatedResponse", async (api, call) => {
  const task = await running(api, call);
  await sendRaw(
    api.address,
    `POST /2018-06-01/runtime/invocation/${ID}/response HTTP/1.1\r\nHost: ${api.address}\r\nConnection: close\r\n` +
      "Content-Length: 10\r\n\r\nabc",
    "cut",
  );
  assertEquals((await posted(task))[0], "Runtime.TruncatedResponse");
});

apiTest("ping answers, other paths and methods do not", async (api, call) => {
  using client = Deno.createHttpClient({});
  assertEquals(await answer(await fetch(`http://${api.address}/ping`, { client })), [200, "pong"]);
  assertEquals(await answer(await call("nothing")), [404, "404 page not found\n"]);
  assertEquals((await answer(await call("invocation/next", "x")))[0], 405);
});

const FORBIDDEN = [
  403,
  '{"errorMessage":"This Runtime API belongs to one execution environment of the sandbox",' +
  '"errorType":"Forbidden"}\n',
];

for (
  const [what, head] of [
    ["the Host of a name that leads here", "Host: rebind.example"],
    ["the Host of another port", "Host: 127.0.0.1:1"],
    ["a browser's Origin", "Host: ADDRESS\r\nOrigin: http://ADDRESS"],
  ]
) {
  apiTest(`a request with ${what} takes no event and gives no response`, async (api, call) => {
    await running(api, call);
    const base = `/2018-06-01/runtime/invocation`;
    const lines = `${head.replaceAll("ADDRESS", api.address)}\r\nConnection: close`;
    const taken = await sendRaw(api.address, `GET ${base}/next HTTP/1.1\r\n${lines}\r\n\r\n`);
    assertEquals(taken.includes('{ "a" :1}'), false, taken);
    assertEquals(taken.slice(9, 12), "403");
    const forged = await sendRaw(
      api.address,
      `POST ${base}/${ID}/response HTTP/1.1\r\n${lines}\r\nContent-Length: 2\r\n\r\n{}`,
    );
    assertEquals(forged.slice(9, 12), "403");
  });
}

Deno.test("with a secret, the Runtime API answers nobody who does not have it", async () => {
  const api = await RuntimeApi.listen({ secret: "0123" });
  using client = Deno.createHttpClient({});
  const ask = (headers: Record<string, string>) =>
    fetch(`http://${api.address}/ping`, { headers, client }).then(answer);
  try {
    assertEquals(await ask({}), FORBIDDEN);
    assertEquals(await ask({ "X-Sandbox-Secret": "0124" }), FORBIDDEN);
    assertEquals(await ask({ "X-Sandbox-Secret": "0123" }), [200, "pong"]);
  } finally {
    await api.close();
  }
});
