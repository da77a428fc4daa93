import { assertEquals, assertObjectMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { readOptions, startWarnings } from "./main.ts";

Deno.test("by default the sandbox keeps its data, is strict, and throttles nothing", () => {
  assertEquals(readOptions([], {}), {
    isOpen: false,
    tls: false,
    listenOn: undefined,
    allowedHosts: [],
    quotas: "off",
    logForm: "text",
    parents: [],
    port: 4566,
    dataDir: ".sandbox",
    speed: 1,
    lambdaRuntime: "deno",
    rootKey: undefined,
    seeds: { files: [], parameters: new Map(), skip: new Set<string>() },
  });
});

for (
  const [args, expected] of [
    [["--quotas"], { quotas: "enforced" }],
    [["--quotas", "--quiet"], { quotas: "enforced", logForm: "none" }],
    [["--quotas", "bytes=64KiB,records=100,requests=10"], {
      quotas: { bytes: 65_536, records: 100, requests: 10 },
    }],
    [["--quotas=bytes=2MiB"], { quotas: { bytes: 2_097_152 } }],
    [["--memory", "--speed", "60"], { dataDir: undefined, speed: 60 }],
    [["--open", "--json-log"], { isOpen: true, logForm: "json" }],
    [["--port", "0", "--data", "d", "--quiet"], { port: 0, dataDir: "d", logForm: "none" }],
    [["--lambda-runtime", "node"], { lambdaRuntime: "node" }],
    [["--lambda-runtime", "host", "--python", "nearest"], {
      lambdaRuntime: "host",
      python: "nearest",
    }],
    [["--allow-host", "Sandbox", "--allow-host", "b"], { allowedHosts: ["sandbox", "b"] }],
    [["--listen", "172.17.0.1"], { listenOn: "172.17.0.1" }],
    [["--seed", "a.yaml", "--seed", "b.yaml", "--seed-parameter", "X=a=b", "--seed-skip", "T"], {
      seeds: {
        files: ["a.yaml", "b.yaml"],
        parameters: new Map([["X", "a=b"]]),
        skip: new Set(["T"]),
      },
    }],
    [["--tls"], { tls: true }],
    [["--listen", "::"], { listenOn: "0.0.0.0" }],
  ] as const
) {
  Deno.test(`${args.join(" ")} is read`, () => {
    const options = readOptions(args, {});
    if (options === "help") throw new Error("no help was asked for");
    assertObjectMatch(options, expected);
  });
}

for (
  const [args, text] of [
    [["--memory", "--data", "d"], "--data and --memory exclude each other"],
    [["--json-log", "--quiet"], "--json-log and --quiet exclude each other"],
    [["--speed", "0"], '--speed is "0"'],
    [["--port", "70000"], '--port is "70000"'],
    [["--lambda-runtime", "python"], '--lambda-runtime is "python"'],
    [["--python", "python3"], '--python is "python3"'],
    [["--listen", "localhost"], '--listen is "localhost"'],
    [["--allow-host", "*"], '--allow-host is "*"'],
    [["--seed-skip", "X"], "--seed-skip needs a template: --seed FILE"],
    [["--seed", "a", "--seed-parameter", "X"], '--seed-parameter is "X"; it takes NAME=VALUE'],
    [["--allow-host", "a:80"], '--allow-host is "a:80"'],
    [["--quotas", "bytes=64kb"], '--quotas is "bytes=64kb"'],
    [["--quotas", "records=0"], '--quotas is "records=0"'],
    [["--quotas", "records=1KiB"], '--quotas is "records=1KiB"'],
    [["--quotas", "puts=1"], '--quotas is "puts=1"'],
    [["--quotas", "low"], '--quotas is "low"; it takes nothing, for AWS'],
    [["--quotas", "bytes=1,bytes=2"], '--quotas is "bytes=1,bytes=2"'],
    [["--qoutas"], "--qoutas"],
  ] as const
) {
  Deno.test(`${args.join(" ")} is refused with the reason`, () => {
    assertThrows(() => readOptions(args, {}), TypeError, text);
  });
}

Deno.test("half a root key is refused", () => {
  const environment = { SANDBOX_ACCESS_KEY_ID: "AKIAEXAMPLE" };
  assertThrows(() => readOptions([], environment), TypeError, "set both");
  assertEquals(readOptions(["--help"], {}), "help");
});

Deno.test("a sandbox warns at start about what it does not check or confine", () => {
  assertEquals(startWarnings({ isOpen: false, lambdaRuntime: "deno" }), []);
  const [open, node] = startWarnings({ isOpen: true, lambdaRuntime: "node" });
  assertStringIncludes(open, "ANY CREDENTIALS ARE ACCEPTED");
  for (const part of ["WITH YOUR RIGHTS", "your files", "any network", "start programs"]) {
    assertStringIncludes(node, part);
  }
  const [host] = startWarnings({ isOpen: false, lambdaRuntime: "host" });
  assertStringIncludes(host, "--lambda-runtime host: FUNCTIONS RUN WITH YOUR RIGHTS");
});
