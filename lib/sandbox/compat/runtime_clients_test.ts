/** AWS's own runtime interface clients, unchanged, against the sandbox's Runtime API. */
import { assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { NODE_CLIENT, PYTHON_CLIENT, type RuntimeClient } from "../testing/runtime_clients.ts";
import {
  type InitOutcome,
  RESPONSE_BYTES_MAX,
  type RuntimeAnswer,
  RuntimeApi,
} from "../services/lambda/execution/runtime_api.ts";

interface Fixture {
  readonly client: RuntimeClient;
  readonly file: string;
  readonly source: string;
  /** What the client does after its response was refused, and what it writes. */
  readonly afterRefusal: "goes on" | "ends";
  readonly refusal: string;
}

/** The same function in each language: it answers its event, throws, or answers too much. */
const FIXTURES: readonly Fixture[] = [
  {
    client: NODE_CLIENT,
    file: "index.js",
    source: `
      exports.handler = async (event, context) => {
        if (event.fail) throw new TypeError(event.fail);
        if (event.length) return "x".repeat(event.length - 2);
        const { awsRequestId, invokedFunctionArn, clientContext } = context;
        const left = context.getRemainingTimeInMillis();
        return { event, awsRequestId, invokedFunctionArn, clientContext, inTime: left > 0 };
      };`,
    afterRefusal: "goes on",
    refusal: "Failed to post handler success response. Http response code: 413.",
  },
  {
    client: PYTHON_CLIENT,
    file: "index.py",
    source: `
def handler(event, context):
    if "fail" in event:
        raise TypeError(event["fail"])
    if "length" in event:
        return "x" * (event["length"] - 2)
    return {
        "event": event,
        "awsRequestId": context.aws_request_id,
        "invokedFunctionArn": context.invoked_function_arn,
        "clientContext": context.client_context and {"custom": context.client_context.custom},
        "inTime": context.get_remaining_time_in_millis() > 0,
    }
`,
    afterRefusal: "ends",
    refusal: "Failed to post invocation response",
  },
];

const FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:f";

/** A client that runs the function, and a way to invoke it. */
interface Started extends AsyncDisposable {
  /** Rejects if the client ends before it has said anything. */
  readonly initialized: Promise<InitOutcome>;
  /** Runs an invocation until the client asks for the next one, or ends after it has answered. */
  invoke(requestId: string, event: unknown): Promise<RuntimeAnswer>;
  /** All that the client wrote; it has ended then. */
  output(): Promise<string>;
}

async function start({ client, file, source }: Fixture, handler: string): Promise<Started> {
  const [program, ...args] = await client.install();
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, file), source);
  const api = await RuntimeApi.listen();
  const child = new Deno.Command(program, {
    args: [...args, handler],
    cwd: folder,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      AWS_LAMBDA_RUNTIME_API: api.address,
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      AWS_LAMBDA_FUNCTION_NAME: "f",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/f",
      AWS_LAMBDA_LOG_STREAM_NAME: "s",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const written = Promise.all(
    [child.stdout, child.stderr].map((part) => new Response(part).text()),
  );
  const end = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It ended on its own.
    }
  };
  const ended = child.status.then(() => {});
  const endedEarly = () => Promise.reject(new Error("the client ended before it answered"));
  const initialized = Promise.race([api.initialized, ended.then(endedEarly)]);
  initialized.catch(() => {});
  return {
    initialized,
    async invoke(requestId, event) {
      const { answered, done } = api.run({
        requestId,
        deadlineMs: Date.now() + 60_000,
        functionArn: FUNCTION_ARN,
        clientContext: JSON.stringify({ custom: { a: "1" } }),
        payload: new TextEncoder().encode(JSON.stringify(event)),
      });
      const answer = await Promise.race([answered, ended.then(endedEarly)]);
      await Promise.race([done, ended]);
      return answer;
    },
    async output() {
      end();
      await child.status;
      return (await written).join("");
    },
    async [Symbol.asyncDispose]() {
      end();
      await child.status;
      await written;
      await api.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function jsonOf(answer: RuntimeAnswer): unknown {
  return "body" in answer ? JSON.parse(new TextDecoder().decode(answer.body)) : answer.kind;
}

for (const fixture of FIXTURES) {
  const { name, missing } = fixture.client;
  const clientTest = (what: string, run: () => Promise<void>) =>
    Deno.test({
      name: `${name}: ${what}${missing ? ` (skipped: ${missing})` : ""}`,
      ignore: missing !== undefined,
      fn: run,
    });

  clientTest("takes invocations one after the other and answers each", async () => {
    await using started = await start(fixture, "index.handler");
    assertEquals(await started.initialized, { kind: "ready" });
    for (const [requestId, text] of [["request-1", "ü <&> \u2028"], ["request-2", "again"]]) {
      const answer = await started.invoke(requestId, { text });
      assertEquals(answer.kind, "response");
      assertEquals(jsonOf(answer), {
        event: { text },
        awsRequestId: requestId,
        invokedFunctionArn: FUNCTION_ARN,
        clientContext: { custom: { a: "1" } },
        inTime: true,
      });
    }
  });

  clientTest("posts a thrown error, and goes on", async () => {
    await using started = await start(fixture, "index.handler");
    await started.initialized;
    const answer = await started.invoke("request-1", { fail: "no such thing" });
    assertEquals([answer.kind, "errorType" in answer && answer.errorType], ["error", "TypeError"]);
    assertObjectMatch(Object(jsonOf(answer)), {
      errorType: "TypeError",
      errorMessage: "no such thing",
    });
    assertEquals((await started.invoke("request-2", {})).kind, "response");
  });

  clientTest(
    `gets 413 for a response one byte too long, and ${fixture.afterRefusal}`,
    async () => {
      await using started = await start(fixture, "index.handler");
      await started.initialized;
      const longest = await started.invoke("request-1", { length: RESPONSE_BYTES_MAX });
      assertEquals(longest.kind, "response");
      const tooLong = await started.invoke("request-2", { length: RESPONSE_BYTES_MAX + 1 });
      assertEquals(tooLong.kind, "tooLarge");
      if (fixture.afterRefusal === "goes on") {
        assertEquals((await started.invoke("request-3", {})).kind, "response");
      }
      assertStringIncludes(await started.output(), fixture.refusal);
    },
  );

  clientTest("reports a module that is not there as an error of init", async () => {
    await using started = await start(fixture, "absent.handler");
    const outcome = await started.initialized;
    assertEquals(outcome.kind, "error");
    assertEquals("errorType" in outcome && outcome.errorType, "Runtime.ImportModuleError");
  });
}
