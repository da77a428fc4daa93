/** Functions of python and provided runtimes from CreateFunction to Invoke. */
import {
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { strToU8, zipSync } from "fflate";
import { confinement } from "../execution/confinement/support.ts";
import { ARCHITECTURE } from "../execution/engines.ts";
import { findInterpreters, PYTHON_VERSIONS } from "../execution/python/interpreters.ts";
import { lambdaTest, refusal, zipOf } from "../testing.ts";

const here = (await findInterpreters()).map(({ version }) => version);
const means = await confinement();
const canRun = means.kind !== "missing";
const PROGRAM = { os: 3, attrs: 0o755 << 16 } as const;

if (canRun && here.length > 0) {
  lambdaTest(
    "a Python function is deployed, and calls the sandbox with its role's credentials",
    async (world) => {
      const source = `
import boto3
def handler(event, context):
    return boto3.client("sts").get_caller_identity()["Arn"]
`;
      await world.createReady("f", "", {
        Runtime: `python${here.at(-1)}` as "python3.13",
        Handler: "index.handler",
        Timeout: 20,
        MemorySize: 256,
        Code: { ZipFile: zipOf({ "index.py": source }) },
      });
      const { json, log } = await world.invoke("f", {}, { LogType: "Tail" });
      assertEquals(json, "arn:aws:sts::123456789012:assumed-role/execution/f");
      assertMatch(log, /^START RequestId: /);
    },
  );
}

if (canRun) {
  lambdaTest("a bootstrap of a zip runs if the zip says that it is a program", async (world) => {
    const bootstrap = strToU8("#!/bin/sh\necho started; exit 7\n");
    const settings = { Runtime: "provided.al2023" as const, Architectures: [ARCHITECTURE] };
    for (
      const [name, ZipFile, reason] of [
        ["program", zipSync({ bootstrap: [bootstrap, PROGRAM] }), "exit status 7"],
        ["file", zipSync({ bootstrap }), "fork/exec /var/task/bootstrap: permission denied"],
      ] as const
    ) {
      await world.createReady(name, "", { ...settings, Code: { ZipFile } });
      const { json } = await world.invoke(name);
      assertStringIncludes(Object(json).errorMessage, reason);
    }
  });

  lambdaTest(
    "a bootstrap for another processor is refused by name, Python is not",
    async (world) => {
      const Architectures = [ARCHITECTURE === "arm64" ? "x86_64" as const : "arm64" as const];
      const [name, message] = await refusal(
        world.create("f", "", { Runtime: "provided.al2023", Architectures }),
      );
      assertEquals(name, "InvalidParameterValueException");
      assertStringIncludes(message, `this machine is ${ARCHITECTURE}`);
      const ZipFile = zipSync({ bootstrap: [strToU8("#!/bin/sh\n"), PROGRAM] });
      const own = { Runtime: "provided.al2023" as const, Architectures: [ARCHITECTURE] };
      await world.createReady("g", "", { ...own, Code: { ZipFile } });
      const update = new UpdateFunctionCodeCommand({ FunctionName: "g", ZipFile, Architectures });
      assertStringIncludes(
        (await refusal(world.clients.lambda.send(update)))[1],
        `this machine is ${ARCHITECTURE}`,
      );
    },
  );

  lambdaTest(
    "a Python that is not here is refused, and the message says which are",
    async (world) => {
      const absent = PYTHON_VERSIONS.find((version) => !here.includes(version));
      if (absent === undefined) return;
      const Runtime = `python${absent}` as "python3.14";
      const expected = `The sandbox cannot run ${Runtime}: there is no Python ${absent} on this ` +
        `machine (here: ${here.join(", ") || "none"}). Install it, or start the sandbox or ` +
        "rehearse with --python nearest to run such functions with another version.";
      assertEquals(await refusal(world.create("f", "", { Runtime })), [
        "InvalidParameterValueException",
        expected,
      ]);
      await world.createReady("g", "async () => 1");
      const update = new UpdateFunctionConfigurationCommand({ FunctionName: "g", Runtime });
      assertEquals((await refusal(world.clients.lambda.send(update)))[1], expected);
    },
  );
}
