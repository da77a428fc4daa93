/**
 * Faults on demand: the common ones at a click, and those that are set.
 * @module
 */

import { h } from "./preact/preact.js";
import { useState } from "./preact/hooks.js";
import { control } from "./api.ts";
import { Callout, Empty, Foreign, useLoaded } from "./elements.ts";
import type { StreamsProps } from "./streams.ts";
import { count } from "./text.ts";

/** A fault as the control page takes it. */
interface Fault {
  readonly on: Readonly<Record<string, string>>;
  readonly when?: Readonly<Record<string, number>>;
  readonly then: Readonly<Record<string, unknown>>;
}

/** A fault that is set; further members say how often it struck. */
type SetFault = Fault & { readonly id: string; readonly struck?: number };

const firehose = (operation: string) => ({ service: "firehose", operation });

const COMMON: readonly { readonly title: string; readonly says: string; readonly fault: Fault }[] =
  [
    {
      title: "Firehose is too busy",
      says: "The next 3 PutRecordBatch calls answer ServiceUnavailableException.",
      fault: {
        on: firehose("PutRecordBatch"),
        when: { first: 3 },
        then: { error: "ServiceUnavailableException" },
      },
    },
    {
      title: "Some records are refused",
      says: "Every second PutRecordBatch refuses its first record, with an answer of 200.",
      fault: { on: firehose("PutRecordBatch"), when: { every: 2 }, then: { failRecords: [0] } },
    },
    {
      title: "Slow answers",
      says: "Every PutRecordBatch takes 2 seconds more.",
      fault: { on: firehose("PutRecordBatch"), then: { delayMs: 2_000 } },
    },
    {
      title: "Answers are lost",
      says: "The next 3 puts are accepted, and the connection ends without an answer.",
      fault: { on: firehose("PutRecordBatch"), when: { first: 3 }, then: { drop: true } },
    },
    {
      title: "S3 says slow down",
      says: "The next 3 PutObject calls answer SlowDown.",
      fault: {
        on: { service: "s3", operation: "PutObject" },
        when: { first: 3 },
        then: { error: "SlowDown" },
      },
    },
    {
      title: "Lambda has no room",
      says: "The next 3 invocations answer TooManyRequestsException.",
      fault: {
        on: { service: "lambda", operation: "Invoke" },
        when: { first: 3 },
        then: { error: "TooManyRequestsException" },
      },
    },
  ];

export function Faults({ run }: Pick<StreamsProps, "run">) {
  const [turn, setTurn] = useState(0);
  const { value, problem } = useLoaded(
    () => control<{ faults: readonly SetFault[] }>("GET", "faults"),
    [turn],
  );
  const change = (title: string, action: () => Promise<unknown>, done: string) =>
    run(title, async () => {
      await action();
      setTurn((before) => before + 1);
      return done;
    });
  const faults = value?.faults ?? [];
  return h(
    "section",
    { class: "card", "aria-labelledby": "faults" },
    h(
      "header",
      null,
      h("h2", { id: "faults" }, "Faults"),
      h("button", { type: "button", onClick: () => setTurn(turn + 1) }, "Read again"),
    ),
    h("p", { class: "quiet" }, "See what your program does when AWS does not do its part."),
    problem !== "" && h(Callout, { kind: "bad", title: problem }),
    h("h3", null, "Set now"),
    faults.length === 0 && problem === "" && h(Empty, null, "No fault is set."),
    h(
      "ul",
      { class: "set-faults" },
      faults.map((fault) =>
        h(
          "li",
          { key: fault.id },
          h("code", null, h(Foreign, { text: faultText(fault) })),
          h("span", { class: "quiet" }, ` struck ${count(fault.struck ?? 0, "time")} `),
          h(
            "button",
            {
              type: "button",
              onClick: () =>
                change("Remove the fault", () =>
                  control("DELETE", `faults/${encodeURIComponent(fault.id)}`), "It is removed."),
            },
            "Remove",
          ),
        )
      ),
    ),
    h("h3", null, "Common faults"),
    h(
      "ul",
      { class: "common-faults" },
      COMMON.map(({ title, says, fault }) =>
        h(
          "li",
          { key: title },
          h(
            "button",
            {
              type: "button",
              onClick: () => change(title, () => control("POST", "faults", fault), "It is set."),
            },
            title,
          ),
          h("span", null, says),
        )
      ),
    ),
  );
}

function faultText({ on, when, then }: Fault): string {
  const part = (value: unknown) => JSON.stringify(value);
  return `on ${part(on)}${when ? ` when ${part(when)}` : ""} then ${part(then)}`;
}
