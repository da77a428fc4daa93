/**
 * The command line of `flush`, `reset`, `fault`, `clock`, `state` and `stop`, as the request to the
 * sandbox's control page that it stands for.
 * @module
 */

import { parseArgs } from "node:util";

export const USAGE =
  `firehose-lab flush [STREAM]             deliver what waits in a stream, or in all
firehose-lab reset [--service S] [--region R]   empty the sandbox, or a part of it
firehose-lab clock SECONDS               let so many seconds pass at once
firehose-lab state                       streams, buffers, deliveries, invocations
firehose-lab stop                        end the sandbox
firehose-lab fault SERVICE [OPERATION] [which] [when] what
firehose-lab fault --list | --remove ID | --remove-all

  Of a fault, for example: firehose-lab fault firehose PutRecordBatch --first 1 --fail-records 0,2
  which  --stream, --bucket, --function, --caller NAME: only requests about it, or of it
  when   --first N, --every N, --chance P --seed N, --seconds S; else each time
  what   --error CODE        an error of AWS: --error ServiceUnavailableException
         --fail-records A,B  records of a batch that fail, counted from 0
         --delay-ms N        the answer comes later
         --message TEXT      in place of AWS's text, or where the sandbox does not know it
         --drop              the request is done, and its answer is lost
         --cut BYTES         the answer ends after so many bytes

They find the sandbox of the current folder, or that of AWS_CONFIG_FILE with AWS_PROFILE=sandbox. In a
checkout of the project they are: deno task control flush, and so on.`;

/** A request to a control page. */
export interface ControlRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Its path after `/_sandbox/`. */
  readonly page: string;
  /** Its JSON; absent sends none. */
  readonly body?: unknown;
}

type Read = (args: readonly string[]) => ControlRequest;

const COMMANDS: Readonly<Record<string, Read>> = {
  flush: (args) => {
    const { stream } = named(args, "flush [STREAM]", ["stream"], 0);
    return { method: "POST", page: "flush", body: { stream } };
  },
  reset: (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { service: { type: "string" }, region: { type: "string" } },
    });
    return { method: "POST", page: "reset", body: { ...values } };
  },
  clock: (args) => {
    const { seconds } = named(args, "clock SECONDS", ["seconds"], 1);
    return {
      method: "POST",
      page: "clock",
      body: { advanceSeconds: numberOf("SECONDS", seconds) },
    };
  },
  state: (args) => {
    named(args, "state", [], 0);
    return { method: "GET", page: "state" };
  },
  stop: (args) => {
    named(args, "stop", [], 0);
    return { method: "POST", page: "stop" };
  },
  fault: faultRequest,
};

/** The request of a command line; without a command, help. Throws a `TypeError` that says what is wrong. */
export function controlRequest(line: readonly string[]): ControlRequest | "help" {
  const [name, ...args] = line;
  if (name === undefined || line.includes("--help") || line.includes("-h")) return "help";
  if (!Object.hasOwn(COMMANDS, name)) {
    const names = Object.keys(COMMANDS).join(", ");
    throw new TypeError(`There is no command "${name}"; there are ${names}.`);
  }
  return COMMANDS[name](args);
}

/** Arguments by their names. Throws a `TypeError` for fewer than `min`, and for too many. */
function named<Name extends string>(
  args: readonly string[],
  usage: string,
  names: readonly Name[],
  min: number,
): Partial<Record<Name, string>> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  if (positionals.length < min || positionals.length > names.length) {
    throw new TypeError(`The command is: firehose-lab ${usage}`);
  }
  const given: Partial<Record<Name, string>> = {};
  for (const [index, value] of positionals.entries()) given[names[index]] = value;
  return given;
}

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const WHICH = { stream: text, bucket: text, function: text, caller: text };
const WHEN = { first: text, every: text, chance: text, seed: text, seconds: text };
const WHAT = { error: text, "fail-records": text, "delay-ms": text, drop: flag, cut: text };
const LIST = { list: flag, remove: text, "remove-all": flag };

function faultRequest(args: readonly string[]): ControlRequest {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WHICH, ...WHEN, ...WHAT, ...LIST, message: text },
  });
  if (values.list) return { method: "GET", page: "faults" };
  if (values["remove-all"]) return { method: "DELETE", page: "faults" };
  if (values.remove !== undefined) {
    return { method: "DELETE", page: `faults/${encodeURIComponent(values.remove)}` };
  }
  const [service, operation, ...others] = positionals;
  if (service === undefined || others.length > 0) {
    throw new TypeError("A fault is for a service: firehose-lab fault SERVICE [OPERATION] …");
  }
  const { stream, bucket, function: functionName, caller } = values;
  return {
    method: "POST",
    page: "faults",
    body: {
      on: { service, operation, stream, bucket, function: functionName, caller },
      ...whenOf(values),
      then: thenOf(values),
    },
  };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function whenOf(values: Values): { readonly when?: Readonly<Record<string, number>> } {
  const given = Object.keys(WHEN).filter((name) => values[name] !== undefined);
  if (given.length === 0) return {};
  return {
    when: Object.fromEntries(given.map((name) => [name, numberOf(`--${name}`, values[name])])),
  };
}

function thenOf(values: Values): Readonly<Record<string, unknown>> {
  const given = Object.keys(WHAT).filter((name) =>
    values[name] !== undefined && values[name] !== false
  );
  if (values.message !== undefined && values.error === undefined) {
    throw new TypeError("--message goes with --error");
  }
  if (given.length !== 1) {
    const names = Object.keys(WHAT).map((name) => `--${name}`).join(", ");
    throw new TypeError(`A fault does one thing: give one of ${names}`);
  }
  switch (given[0]) {
    case "error":
      return { error: values.error, message: values.message };
    case "fail-records":
      return {
        failRecords: String(values["fail-records"]).split(",")
          .map((index) => numberOf("--fail-records", index)),
      };
    case "delay-ms":
      return { delayMs: numberOf("--delay-ms", values["delay-ms"]) };
    case "cut":
      return { cut: numberOf("--cut", values.cut) };
    default:
      return { drop: true };
  }
}

function numberOf(what: string, text: string | boolean | undefined): number {
  const number = Number(text);
  if (typeof text === "string" && text.trim() !== "" && number >= 0) return number;
  throw new TypeError(`${what} is "${text}"; it takes a number, 0 or more`);
}
