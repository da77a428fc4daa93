/**
 * Objects: the tree of the buckets, and the lines of one object.
 * @module
 */

import { h } from "./preact/preact.js";
import { useEffect, useState } from "./preact/hooks.js";
import type { BucketView, LineView, ObjectPage, ObjectsPage } from "../shapes.ts";
import { linesOf, objectsUnder } from "./api.ts";
import { Callout, Empty, Foreign, Moment, objectHref, useLoaded } from "./elements.ts";
import { FailedRecord, Meaning, Text } from "./failed_record.ts";
import { count, number, size } from "./text.ts";

export function Objects(
  { buckets, query, version }: {
    readonly buckets: readonly BucketView[];
    readonly query: URLSearchParams;
    /** Changes when objects were written: the open parts of the tree are read again. */
    readonly version: number;
  },
) {
  const [bucket, key] = [query.get("bucket"), query.get("key")];
  const line = Math.max(1, Number(query.get("line") ?? 1) || 1);
  return h(
    "div",
    { class: "two" },
    h(
      "nav",
      { class: "card tree", "aria-label": "Buckets and objects" },
      h("h2", null, "Objects"),
      buckets.length === 0 &&
        h(Empty, null, "No bucket yet. Notebook 0 of the course makes the first one."),
      h(
        "ul",
        null,
        buckets.map(({ name }) =>
          h(Folder, {
            ...{ key: name, bucket: name, prefix: "", title: name, version },
            opened: name === bucket ? key ?? "" : undefined,
          })
        ),
      ),
    ),
    bucket !== null && key !== null
      ? h(Viewer, { key: `${bucket}/${key}`, bucket, objectKey: key, line })
      : h(
        "section",
        { class: "card" },
        h(Empty, null, "Choose an object: its lines are shown here, decompressed."),
      ),
  );
}

/** A bucket, or the names up to a slash. `opened` is the key of the object that is shown, if in here. */
function Folder(
  { bucket, prefix, title, version, opened }: {
    readonly bucket: string;
    readonly prefix: string;
    readonly title: string;
    readonly version: number;
    readonly opened: string | undefined;
  },
) {
  const [isOpen, setOpen] = useState(opened !== undefined);
  useEffect(() => {
    if (opened !== undefined) setOpen(true);
  }, [opened]);
  const [more, setMore] = useState<readonly ObjectsPage[]>([]);
  const { value, problem } = useLoaded(
    () => isOpen ? objectsUnder(bucket, prefix) : undefined,
    [isOpen, version],
  );
  const pages = value ? [value, ...more] : [];
  const after = pages.at(-1)?.after;
  const readMore = async () => {
    const next = await objectsUnder(bucket, prefix, after);
    setMore([...more, next]);
  };
  const openIn = (child: string) => opened?.startsWith(child) ? opened : undefined;
  return h(
    "li",
    null,
    h(
      "details",
      {
        open: isOpen,
        onToggle: (event: Event) => {
          if (event.currentTarget instanceof HTMLDetailsElement) setOpen(event.currentTarget.open);
        },
      },
      h("summary", null, h(Foreign, { text: title })),
      problem !== "" && h("p", { class: "bad" }, problem),
      value && pages.every(({ prefixes, objects }) => prefixes.length + objects.length === 0) &&
        h("p", { class: "quiet" }, "empty"),
      h(
        "ul",
        null,
        pages.flatMap(({ prefixes }) => prefixes).map((child) =>
          h(Folder, {
            ...{ key: child, bucket, version, opened: openIn(child) },
            prefix: child,
            title: child.slice(prefix.length),
          })
        ),
        pages.flatMap(({ objects }) => objects).map((object) =>
          h(
            "li",
            { key: object.key },
            h(
              "a",
              {
                href: objectHref(bucket, object.key),
                "aria-current": object.key === opened ? "true" : undefined,
              },
              h(Foreign, { text: object.key.slice(prefix.length) || "(no name)" }),
            ),
            h("span", { class: "quiet" }, ` ${size(object.bytes)}`),
          )
        ),
      ),
      after !== undefined &&
        h("button", { type: "button", onClick: readMore }, "More names"),
    ),
  );
}

function Viewer(
  { bucket, objectKey, line }: {
    readonly bucket: string;
    readonly objectKey: string;
    readonly line: number;
  },
) {
  const [from, setFrom] = useState(Math.max(1, line - 5));
  const { value, problem, isLoading } = useLoaded(
    () => linesOf(bucket, objectKey, from),
    [bucket, objectKey, from],
  );
  return h(
    "section",
    { class: "card viewer", "aria-labelledby": "object", "aria-busy": isLoading },
    h("h2", { id: "object" }, h(Foreign, { text: objectKey })),
    problem !== "" && h(Callout, { kind: "bad", title: problem }),
    value && h(Facts, { page: value }),
    value?.explanations.map(({ errorCode, records, happened, rule, cure }) =>
      h(
        Callout,
        {
          key: errorCode,
          kind: "bad",
          title: `${count(records, "record")} on this page: ${errorCode || "no code"}`,
        },
        h(Meaning, { happened, rule, cure }),
      )
    ),
    value && value.lines.length === 0 && h(Empty, null, "The object has no line here."),
    value && h(
      "ol",
      { class: "lines", start: from },
      value.lines.map((one) =>
        h(Line, { key: one.number, line: one, isMeant: one.number === line && line > 1 })
      ),
    ),
    value?.stopped !== undefined && h("p", { class: "bad" }, value.stopped),
    h(
      "p",
      { class: "pages" },
      from > 1 &&
        h("button", { type: "button", onClick: () => setFrom(1) }, "First lines"),
      value?.nextLine !== undefined &&
        h(
          "button",
          { type: "button", onClick: () => setFrom(value.nextLine ?? 1) },
          `Lines from ${number(value.nextLine)}`,
        ),
    ),
  );
}

const Facts = ({ page }: { readonly page: ObjectPage }) =>
  h(
    "dl",
    { class: "facts" },
    h("div", null, h("dt", null, "Bucket"), h("dd", null, h(Foreign, { text: page.bucket }))),
    h("div", null, h("dt", null, "Size"), h("dd", null, `${number(page.bytes)} bytes`)),
    h("div", null, h("dt", null, "Form"), h("dd", null, page.compression)),
    h("div", null, h("dt", null, "Written"), h("dd", null, h(Moment, { ms: page.modifiedMs }))),
  );

function Line({ line, isMeant }: { readonly line: LineView; readonly isMeant: boolean }) {
  const { number: value, text, cut, failed } = line;
  return h(
    "li",
    { value, class: isMeant ? "meant" : "", id: isMeant ? "meant" : undefined },
    failed ? h(FailedRecord, { failed }) : h(Text, { text, cut }),
  );
}
