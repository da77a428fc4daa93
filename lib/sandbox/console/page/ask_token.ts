/**
 * What a page without the token shows: why, how to get a new address, and a form for the token.
 * @module
 */

import { h } from "./preact/preact.js";
import { useRef } from "./preact/hooks.js";
import { Callout } from "./elements.ts";

export function AskToken(
  { reason, onToken }: {
    /** Empty if nothing was refused: the page was opened without a code. */
    readonly reason: string;
    readonly onToken: (token: string) => void;
  },
) {
  return h(
    "main",
    { class: "ask" },
    h("h1", null, "Firehose Lab console"),
    reason !== "" && h(Callout, { kind: "bad", title: reason }),
    h(NewAddress, null),
    h(TokenForm, { onToken }),
  );
}

const NewAddress = () =>
  h(
    "section",
    { class: "card", "aria-labelledby": "address" },
    h("h2", { id: "address" }, "Get a new address"),
    h(
      "ul",
      null,
      h("li", null, "In a notebook, run the first cell again: its card has a new address."),
      h("li", null, "In a terminal, ", h("code", null, "deno task console"), " prints one."),
    ),
    h("p", { class: "quiet" }, "A console that is open in another tab goes on there."),
  );

function TokenForm({ onToken }: { readonly onToken: (token: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    onToken(input.current?.value ?? "");
  };
  return h(
    "form",
    { class: "card", onSubmit: submit },
    h("label", { for: "token" }, "Or enter the token of this sandbox"),
    h("input", {
      ...{ id: "token", ref: input, type: "password", required: true, autocomplete: "off" },
      "aria-describedby": "where",
    }),
    h(
      "p",
      { id: "where", class: "quiet" },
      "It is ",
      h("code", null, "sandbox_token"),
      " in the sandbox's AWS config file. Each start of the sandbox makes a new one.",
    ),
    h("button", { type: "submit", class: "main" }, "Open the console"),
  );
}
