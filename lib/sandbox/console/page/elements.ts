/**
 * Small parts of the page that several views use. Text of others only ever becomes text nodes.
 * @module
 */

import { type ComponentChildren, h } from "./preact/preact.js";
import { useEffect, useState } from "./preact/hooks.js";
import { clockTime, size, visible } from "./text.ts";

/** A bar that says how full something is. */
export function Meter(
  { label, value, max, text, kind = "" }: {
    readonly label: string;
    readonly value: number;
    readonly max: number;
    /** The value in words. */
    readonly text: string;
    readonly kind?: string;
  },
) {
  const share = max > 0 ? Math.min(1, value / max) : 0;
  return h(
    "div",
    {
      class: `meter ${kind}`,
      role: "meter",
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": Math.max(max, 1),
      "aria-valuenow": Math.min(value, Math.max(max, 1)),
      "aria-valuetext": text,
    },
    h("div", { class: "fill", style: { width: `${share * 100}%` } }),
  );
}

/** Text of others: a name, a record, a message. */
export const Foreign = ({ text }: { readonly text: string }) =>
  h("bdi", { class: "foreign" }, visible(text));

/** A moment: the time of day, with the whole date for those who point at it. */
export const Moment = ({ ms }: { readonly ms: number }) =>
  h(
    "time",
    { dateTime: new Date(ms).toISOString(), title: new Date(ms).toISOString() },
    clockTime(ms),
  );

/** Something important: `kind` is `bad`, `good` or `info`. */
export function Callout(
  { kind, title, children }: {
    readonly kind: string;
    readonly title: string;
    readonly children?: ComponentChildren;
  },
) {
  return h("div", { class: `callout ${kind}` }, h("strong", null, title), children);
}

/** Bytes as people read them; `value` has all digits, and so has the hint. */
export const Bytes = ({ field, bytes }: { readonly field: string; readonly bytes: number }) =>
  h(
    "data",
    { value: `${bytes}`, "data-field": field, title: `${bytes.toLocaleString("en")} bytes` },
    size(bytes),
  );

/** What to do where there is nothing to see. */
export function Empty({ children }: { readonly children?: ComponentChildren }) {
  return h("p", { class: "empty" }, children);
}

/** The state of something that is loaded. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly problem: string;
  readonly isLoading: boolean;
}

/** Loads something whenever `keys` change; an older answer never replaces a newer one. */
export function useLoaded<Value>(
  load: () => Promise<Value> | undefined,
  keys: readonly unknown[],
): Loaded<Value> {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ ...NOTHING, isLoading: true });
  useEffect(() => {
    let isCurrent = true;
    const loading = load();
    if (!loading) return setLoaded(NOTHING);
    setLoaded((before) => ({ ...before, isLoading: true }));
    loading.then(
      (value) => isCurrent && setLoaded({ value, problem: "", isLoading: false }),
      (error) =>
        isCurrent && setLoaded({ value: undefined, problem: error.message, isLoading: false }),
    );
    return () => void (isCurrent = false);
  }, [...keys]);
  return loaded;
}

const NOTHING = { value: undefined, problem: "", isLoading: false };

/** The address of a function's log in this page; `name` may have a version. */
export const logHref = (name: string): string =>
  `#logs?${new URLSearchParams({ group: `/aws/lambda/${name.split(":")[0]}` })}`;

/** The address of an object in this page. */
export const objectHref = (bucket: string, key: string, line = 1): string =>
  `#objects?${new URLSearchParams({ bucket, key, line: `${line}` })}`;

/** A link to an object, by its key. */
export const ObjectLink = (
  { bucket, objectKey, line }: {
    readonly bucket: string;
    readonly objectKey: string;
    readonly line?: number;
  },
) =>
  h(
    "a",
    { class: "object", href: objectHref(bucket, objectKey, line) },
    h(Foreign, { text: objectKey }),
  );
