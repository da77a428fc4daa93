/**
 * The failed records of one stream, and why each failed.
 * @module
 */

import { h } from "./preact/preact.js";
import type { FailedEntry, FailedPage, Place, StreamView } from "../shapes.ts";
import { failedOf } from "./api.ts";
import { Callout, Empty, Foreign, logHref, ObjectLink, useLoaded } from "./elements.ts";
import { FailedRecord, Meaning, Text } from "./failed_record.ts";
import { count, number } from "./text.ts";
import { WholeWay } from "./way.ts";

/** The most bytes of a function's response: 6 MiB and 100. */
export const RESPONSE_BYTES_MAX = 6_291_556;

/** The address of this view. */
export const failedHref = ({ place, name }: Pick<StreamView, "place" | "name">): string =>
  `#failed?${new URLSearchParams({
    account: place.accountId,
    region: place.region,
    stream: name,
  })}`;

/** Failed records that are known: after a restart of the sandbox, only those that still wait. */
export const failedCount = ({ errors }: Pick<StreamView, "errors">): number =>
  Math.max(errors.records, errors.waitingRecords);

export function Failed(
  { streams, query }: {
    readonly streams: readonly StreamView[];
    readonly query: URLSearchParams;
  },
) {
  const name = query.get("stream") ?? "";
  const place: Place = {
    accountId: query.get("account") ?? "",
    region: query.get("region") ?? "",
  };
  const stream = streams.find((one) =>
    one.name === name && one.place.accountId === place.accountId &&
    one.place.region === place.region
  );
  // More of them, or the way of one, came: it is read again.
  const version = `${stream?.errors.records} ${stream?.errors.objects}`;
  const { value, problem, isLoading } = useLoaded(
    () => failedOf(place, name),
    [name, place.accountId, place.region, version],
  );
  const isEmpty = value?.codes.every(({ records }) => records.length === 0);
  return h(
    "section",
    { class: "card viewer", "aria-labelledby": "failed", "aria-busy": isLoading },
    h("h2", { id: "failed" }, "Failed records of ", h(Foreign, { text: name })),
    problem !== "" && h(Callout, { kind: "bad", title: problem }),
    isEmpty && h(Empty, null, "No failed record is known here: its object may have been deleted."),
    value?.codes.map((code) => h(Code, { key: code.errorCode, code, stream })),
    value?.isCut && h("p", { class: "quiet" }, "Older ones are in the error objects."),
  );
}

function Code(
  { code, stream }: {
    readonly code: FailedPage["codes"][number];
    readonly stream: StreamView | undefined;
  },
) {
  const { errorCode, total, records, happened, rule, cure } = code;
  const transform = stream?.transform;
  const shown = records.length < total ? ` ${number(records.length)} of them are below.` : "";
  return h(
    "section",
    { "data-code": errorCode },
    h(
      Callout,
      {
        kind: "bad",
        title: `${count(total, "record")}: ${errorCode || "no code"}.${shown}`,
      },
      h(LastBatch, { errorCode, stream }),
      h(Meaning, { happened, rule, cure }),
      transform && errorCode.startsWith("Lambda.") &&
        h("p", null, h("a", { href: logHref(transform.functionName) }, "The function's log")),
    ),
    h("ol", { class: "lines" }, records.map((entry, index) => h(Entry, { key: index, entry }))),
  );
}

/** What is known of the last batch that failed with this code. */
export function LastBatch(
  { errorCode, stream }: {
    readonly errorCode: string;
    readonly stream: StreamView | undefined;
  },
) {
  const last = stream?.transform?.lastFailed;
  if (!last || last.errorCode !== errorCode) return null;
  const { responseBytes = 0, errorType } = last;
  const text = responseBytes > RESPONSE_BYTES_MAX
    ? `413: the last response had ${number(responseBytes)} bytes; the limit is ` +
      `${number(RESPONSE_BYTES_MAX)}.`
    : errorType === undefined
    ? ""
    : `The last time Lambda said ${errorType}.`;
  return text === "" ? null : h("p", null, h("strong", null, h(Foreign, { text })));
}

function Entry({ entry }: { readonly entry: FailedEntry }) {
  const { object, record, said } = entry;
  return h(
    "li",
    null,
    h(FailedRecord, { failed: entry }),
    said.length > 0 && h("p", { class: "quiet" }, "The function's log says of it:"),
    said.map((text, index) => h(Text, { key: index, text, cut: 0 })),
    h(
      "p",
      { class: "quiet" },
      object
        ? h(
          "span",
          null,
          `Line ${number(object.line)} of `,
          h(ObjectLink, { bucket: object.bucket, objectKey: object.key, line: object.line }),
        )
        : "Waits for the error output.",
    ),
    record && h(WholeWay, { record }),
  );
}
