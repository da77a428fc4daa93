/**
 * Where a record is: by its id, or by a word in it.
 * @module
 */

import { h } from "./preact/preact.js";
import type { HitView } from "../shapes.ts";
import { searchFor } from "./api.ts";
import { Callout, Empty, Foreign, Moment, ObjectLink, useLoaded } from "./elements.ts";
import { count, number } from "./text.ts";
import { Way, WholeWay } from "./way.ts";

export function Search({ word }: { readonly word: string }) {
  const { value, problem, isLoading } = useLoaded(
    () => word === "" ? undefined : searchFor(word),
    [word],
  );
  return h(
    "section",
    { class: "card", "aria-labelledby": "found", "aria-busy": isLoading },
    h("h2", { id: "found" }, "Where is ", h(Foreign, { text: short(word) }), "?"),
    isLoading && h("p", { class: "quiet", role: "status" }, "Searching …"),
    problem !== "" && h(Callout, { kind: "bad", title: problem }),
    value?.way && h(Way, { way: value.way }),
    value && !value.way && h(
      "p",
      { class: "quiet", role: "status" },
      `${count(value.hits.length, "place")} in ${value.searched}. ${value.stopped ?? ""}`,
    ),
    value && !value.way && value.hits.length === 0 && h(
      Empty,
      null,
      "No record, log line or name of an object has all of this. Search for one word of it, as it " +
        "is written there. A record may also have been dropped by the function, or its object deleted.",
    ),
    h(
      "ul",
      { class: "hits" },
      value?.hits.map((hit, index) => h(Hit, { key: `${word} ${index}`, hit })),
    ),
  );
}

const short = (word: string) => word.length > 60 ? `${word.slice(0, 60)}…` : word;

function Hit({ hit }: { readonly hit: HitView }) {
  return h(
    "li",
    null,
    h("p", null, h(HitPlace, { hit })),
    // The name stands in the link already.
    hit.kind !== "name" && h("pre", null, h(Foreign, { text: hit.excerpt })),
    hit.record && h(WholeWay, { record: hit.record }),
  );
}

function HitPlace({ hit }: { readonly hit: HitView }) {
  switch (hit.kind) {
    case "waiting":
      return h(
        "span",
        null,
        h("span", { class: "chip" }, "waits"),
        " in a buffer of ",
        h(Foreign, { text: hit.stream }),
      );
    case "log":
      return h(
        "span",
        null,
        h("span", { class: "chip" }, "log"),
        " ",
        h(Moment, { ms: hit.atMs }),
        " ",
        h(
          "a",
          { href: `#logs?${new URLSearchParams({ group: hit.group })}` },
          h(Foreign, { text: hit.group }),
        ),
      );
    case "name":
      return h(
        "span",
        null,
        h("span", { class: "chip" }, "name"),
        " of the object ",
        h(ObjectLink, { bucket: hit.bucket, objectKey: hit.key }),
      );
    default:
      return h(
        "span",
        null,
        hit.kind === "error"
          ? h(
            "span",
            { class: "chip bad" },
            "not delivered: ",
            h(Foreign, { text: hit.errorCode ?? "" }),
          )
          : h("span", { class: "chip good" }, "object"),
        ` line ${number(hit.line)} of `,
        h(ObjectLink, { bucket: hit.bucket, objectKey: hit.key, line: hit.line }),
      );
  }
}
