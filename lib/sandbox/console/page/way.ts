/**
 * The way of a record: its steps, from the put to where it is.
 * @module
 */

import { h } from "./preact/preact.js";
import { useState } from "./preact/hooks.js";
import type { RecordRef, WayView } from "../shapes.ts";
import { wayOf } from "./api.ts";
import { Callout, Foreign, Moment, ObjectLink, useLoaded } from "./elements.ts";

/** A button that shows the way. */
export function WholeWay({ record }: { readonly record: RecordRef }) {
  const [isOpen, setOpen] = useState(false);
  const { value, problem } = useLoaded(() => isOpen ? wayOf(record) : undefined, [isOpen]);
  return h(
    "div",
    null,
    h(
      "button",
      { type: "button", "aria-expanded": isOpen, onClick: () => setOpen(!isOpen) },
      "Show its way, step by step",
    ),
    problem !== "" && h("p", { class: "bad" }, problem),
    isOpen && value && h(Way, { way: value }),
  );
}

/** The steps of a record, from its put. */
export function Way({ way: { steps, unknown } }: { readonly way: WayView }) {
  return h(
    "div",
    null,
    h(
      "ol",
      { class: "way", "aria-label": "The way of the record" },
      steps.map(({ what, atMs, text, bucket, key, isProblem }, index) =>
        h(
          "li",
          { key: index, class: isProblem ? "problem" : "", "data-step": what },
          atMs !== undefined && h(Moment, { ms: atMs }),
          h(
            "p",
            null,
            h(Foreign, { text }),
            bucket !== undefined && key !== undefined && " ",
            bucket !== undefined && key !== undefined &&
              h(ObjectLink, { bucket, objectKey: key }),
          ),
        )
      ),
    ),
    unknown !== undefined && h(Callout, { kind: "info", title: unknown }),
  );
}
