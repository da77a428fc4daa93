/**
 * The console's page: gets the token, listens to the sandbox, and shows one view at a time.
 * @module
 */

import { type ComponentChildren, h, render } from "./preact/preact.js";
import { useEffect, useRef, useState } from "./preact/hooks.js";
import type { StreamView } from "../shapes.ts";
import { control, exchange } from "./api.ts";
import { AskToken } from "./ask_token.ts";
import { Foreign } from "./elements.ts";
import { Failed, failedCount, failedHref } from "./failed.ts";
import { Faults } from "./faults.ts";
import { Logs } from "./logs.ts";
import { Objects } from "./objects.ts";
import { Requests } from "./requests.ts";
import { Search } from "./search.ts";
import { Streams } from "./streams.ts";
import { count, number } from "./text.ts";
import { type Connection, listen, type World } from "./ticks.ts";
import { dropToken, keepToken, takeCode } from "./token.ts";

const VIEWS = [
  ["streams", "Streams"],
  ["objects", "Objects"],
  ["logs", "Logs"],
  ["requests", "Requests"],
  ["faults", "Faults"],
] as const;

/** Between ticks, countdowns go on. */
const FRAME_MS = 500;

/** What was done at a click, and what came of it. */
interface Note {
  readonly kind: string;
  readonly text: string;
}

/** `problem` says why the address did not bring the token; empty if it did, or had no code. */
function App({ problem }: { readonly problem: string }) {
  const [world, setWorld] = useState<World>();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [refusal, setRefusal] = useState<string>();
  const [start, setStart] = useState(0);
  const latest = useRef<World | undefined>(undefined);
  useEffect(() => {
    const show = () => setWorld(latest.current);
    document.addEventListener("visibilitychange", show);
    return () => document.removeEventListener("visibilitychange", show);
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    listen({
      onWorld: (next) => {
        // Nobody sees a hidden page; the frame that follows draws what came last.
        latest.current = next;
        if (!document.hidden) setWorld(next);
      },
      onConnection: setConnection,
      onRefused: (reason) => {
        dropToken();
        setRefusal(start === 0 && problem !== "" ? problem : reason);
      },
    }, stop.signal);
    return () => stop.abort();
  }, [start]);
  if (refusal !== undefined) {
    return h(AskToken, {
      reason: refusal,
      onToken: (token: string) => {
        keepToken(token);
        setRefusal(undefined);
        setStart(start + 1);
      },
    });
  }
  return h(Page, { world, connection });
}

interface Route {
  readonly view: string;
  readonly query: URLSearchParams;
}

function routeOf(hash: string): Route {
  const [view, query = ""] = hash.replace(/^#/, "").split("?");
  return { view: view === "" ? "streams" : view, query: new URLSearchParams(query) };
}

function useRoute(): Route {
  const [route, setRoute] = useState(routeOf(location.hash));
  useEffect(() => {
    const change = () => setRoute(routeOf(location.hash));
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  return route;
}

/** Draws again from time to time, while somebody can see it. */
function useFrames(): void {
  const [, setFrame] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setFrame((before) => before + 1);
    }, FRAME_MS);
    return () => clearInterval(timer);
  }, []);
}

function Page(
  { world, connection }: {
    readonly world: World | undefined;
    readonly connection: Connection;
  },
) {
  const route = useRoute();
  const [note, setNote] = useState<Note>();
  useFrames();
  const run = (title: string, action: () => Promise<string>) => {
    setNote({ kind: "info", text: `${title} …` });
    action().then(
      (done) => setNote({ kind: "good", text: `${title}: ${done}` }),
      (error) => setNote({ kind: "bad", text: `${title}: ${error.message}` }),
    );
  };
  return h(
    "div",
    { class: "page" },
    h("a", { class: "skip", href: "#content", onClick: toContent }, "To the content"),
    h(Header, { world, connection, route, run }),
    h("p", { class: `note ${note?.kind ?? ""}`, role: "status" }, note?.text ?? ""),
    h(Alarms, { world }),
    h(Trouble, { world, view: route.view }),
    h(
      "main",
      { id: "content", tabIndex: -1 },
      world
        ? h(View, { world, route, run })
        : h("p", { class: "empty" }, "Waiting for the sandbox …"),
    ),
  );
}

function toContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

type Run = (title: string, action: () => Promise<string>) => void;

function View(
  { world, route: { view, query }, run }: {
    readonly world: World;
    readonly route: Route;
    readonly run: Run;
  },
) {
  const { tick, cameMs, requests } = world;
  const nowMs = tick.nowMs + (performance.now() - cameMs);
  const written = tick.streams.reduce(
    (sum, { delivered, errors }) => sum + delivered.objects + errors.objects,
    0,
  );
  switch (view) {
    case "objects":
      return h(Objects, { buckets: tick.buckets, query, version: written });
    case "logs":
      return h(Logs, { groups: tick.logGroups, query });
    case "requests":
      return h(Requests, { requests });
    case "failed":
      return h(Failed, { streams: tick.streams, query });
    case "faults":
      return h(Faults, { run });
    case "search":
      return h(Search, { key: query.toString(), word: query.get("q") ?? "" });
    default:
      return h(Streams, { world, nowMs, run });
  }
}

function Header(
  { world, connection, route, run }: {
    readonly world: World | undefined;
    readonly connection: Connection;
    readonly route: Route;
    readonly run: Run;
  },
) {
  const speed = world?.tick.speed ?? 1;
  return h(
    "header",
    { class: "top" },
    h("h1", null, "Firehose Lab"),
    h(
      "p",
      { class: `chip ${connection === "live" ? "good" : "bad"}`, role: "status" },
      { connecting: "connecting", live: "live", ended: "the sandbox does not answer" }[connection],
    ),
    speed !== 1 && h("p", { class: "quiet" }, `waits run ${speed} times faster`),
    h(SearchForm, { route }),
    h(Actions, { run }),
    h(
      "nav",
      { class: "views", "aria-label": "Views" },
      VIEWS.map(([view, title]) =>
        h(
          "a",
          { key: view, href: `#${view}`, "aria-current": view === route.view ? "page" : undefined },
          title,
        )
      ),
    ),
  );
}

function SearchForm({ route }: { readonly route: Route }) {
  const input = useRef<HTMLInputElement>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    const word = input.current?.value.trim() ?? "";
    if (word === "") return input.current?.focus();
    // The same word again is a new search.
    const turn = `${Number(route.query.get("turn") ?? 0) + 1}`;
    location.hash = `search?${new URLSearchParams({ q: word, turn })}`;
  };
  return h(
    "form",
    { role: "search", onSubmit: submit },
    h("label", { for: "word", class: "only-heard" }, "Find a record by its id or a word in it"),
    h("input", {
      ...{ id: "word", ref: input, type: "search", maxLength: 1_000, autocomplete: "off" },
      placeholder: "Where is a record? Its id, or a word in it",
      defaultValue: route.query.get("q") ?? "",
    }),
    h("button", { type: "submit" }, "Find"),
  );
}

function Actions({ run }: { readonly run: Run }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const flush = () =>
    run("Flush", async () => {
      const { objects } = await control<{ objects: readonly unknown[] }>("POST", "flush", {});
      return `${count(objects.length, "object")} delivered.`;
    });
  const reset = () => {
    dialog.current?.close();
    run("Reset", async () => {
      await control("POST", "reset", {});
      return "the sandbox is empty.";
    });
  };
  return h(
    "div",
    { class: "actions" },
    h("button", { type: "button", onClick: flush }, "Flush all"),
    h("button", { type: "button", onClick: () => dialog.current?.showModal() }, "Reset …"),
    h(
      "dialog",
      { ref: dialog, "aria-labelledby": "reset" },
      h("h2", { id: "reset" }, "Remove everything?"),
      h(
        "p",
        null,
        "All streams, records, buckets, objects, functions and logs of this sandbox are removed. " +
          "This can't be undone.",
      ),
      h(
        "p",
        { class: "pages" },
        h("button", { type: "button", class: "danger", onClick: reset }, "Remove everything"),
        h("button", { type: "button", onClick: () => dialog.current?.close() }, "Keep it"),
      ),
    ),
  );
}

/** Names the streams in trouble, wherever their own cards are not in sight. */
function Trouble(
  { world, view }: { readonly world: World | undefined; readonly view: string },
): ComponentChildren {
  const streams = world?.tick.streams ?? [];
  const failed = streams.filter((stream) => failedCount(stream) > 0);
  const refused = streams.filter(({ retries }) => retries.failingSinceMs !== undefined);
  const isInSight = view === "failed" || (view === "streams" && streams.length === 1);
  if (isInSight || failed.length + refused.length === 0) return null;
  return h(
    "section",
    { class: "callout bad", "aria-label": "Trouble" },
    failed.length > 0 && h(
      "p",
      null,
      "Records failed. See which, and why: ",
      listed(failed, (stream) =>
        h(
          "a",
          { href: failedHref(stream) },
          `${number(failedCount(stream))} in `,
          h(Foreign, { text: stream.name }),
        )),
    ),
    refused.length > 0 && h(
      "p",
      null,
      "Delivery to S3 fails, and is tried again: ",
      listed(refused, ({ name }) => h("a", { href: "#streams" }, h(Foreign, { text: name }))),
    ),
  );
}

const listed = (
  streams: readonly StreamView[],
  link: (stream: StreamView) => ComponentChildren,
): ComponentChildren[] => streams.map((stream, index) => [index > 0 && ", ", link(stream)]);

/** Says aloud, once, that something went wrong: numbers that count up all the time are not said. */
function Alarms({ world }: { readonly world: World | undefined }): ComponentChildren {
  const alarms = world?.tick.streams.flatMap(({ name, errors, retries }) => [
    ...errors.codes.map(({ code }) => `Stream ${name}: records failed with ${code}.`),
    ...(retries.failingSinceMs === undefined ? [] : [`Stream ${name}: delivery to S3 fails.`]),
  ]) ?? [];
  return h("div", { class: "only-heard", role: "log", "aria-label": "Failures" }, [
    alarms.map((text) => h("p", { key: text }, text)),
  ]);
}

const app = document.getElementById("app");
if (app) {
  const code = takeCode();
  const problem = code === "" ? "" : await exchange(code).then(() => "", (error) => error.message);
  app.replaceChildren();
  render(h(App, { problem }), app);
}
