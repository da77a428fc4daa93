/**
 * What the page asks the sandbox: the console's own pages, and the control pages.
 * @module
 */

import type {
  FailedPage,
  LogPage,
  ObjectPage,
  ObjectsPage,
  Place,
  RecordRef,
  SearchPage,
  WayView,
} from "../shapes.ts";
import { keepToken, keptToken } from "./token.ts";

/** A request that was refused: its status, and a sentence that says why. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Sends a request with the token. Throws an {@linkcode ApiError} for every answer but 2xx. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const token = keptToken();
  const headers = new Headers(init.headers);
  if (token !== "") headers.set("authorization", `Bearer ${token}`);
  const response = await fetch(`/_sandbox/${path}`, { ...init, headers }).catch(() => {
    throw new ApiError(0, "The sandbox does not answer.");
  });
  if (response.ok) return response;
  throw new ApiError(response.status, await reasonOf(response));
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    if (typeof error === "string") return error;
  } catch {
    // Not JSON: the text itself.
  }
  return text.trim() || `The sandbox answered ${response.status}.`;
}

async function read<Value>(page: string, query: Record<string, string>): Promise<Value> {
  // To the sandbox, as to AWS, a plus in an address is a plus.
  const text = new URLSearchParams(query).toString().replaceAll("+", "%20");
  const response = await ask(`console/${page}?${text}`);
  return await response.json();
}

/** Exchanges the code of an address, once, for the token, and keeps it. */
export async function exchange(code: string): Promise<void> {
  const { token } = await control<{ token: string }>("POST", "console/token", { code });
  keepToken(token);
}

const ofPlace = ({ accountId, region }: Place) => ({ account: accountId, region });

export const searchFor = (word: string) => read<SearchPage>("search", { q: word });

export const wayOf = ({ place, seq, record }: RecordRef) =>
  read<WayView>("way", { ...ofPlace(place), seq: `${seq}`, record: `${record}` });

export const failedOf = (place: Place, stream: string) =>
  read<FailedPage>("failed", { ...ofPlace(place), stream });

export const objectsUnder = (bucket: string, prefix: string, after?: string) =>
  read<ObjectsPage>("objects", { bucket, prefix, ...(after === undefined ? {} : { after }) });

export const linesOf = (bucket: string, key: string, from: number) =>
  read<ObjectPage>("object", { bucket, key, from: `${from}` });

export const eventsOf = (place: Place, group: string) =>
  read<LogPage>("logs", { ...ofPlace(place), group });

/** Calls a control page; its answer is JSON. */
export async function control<Answer>(
  method: "GET" | "POST" | "DELETE",
  page: string,
  body?: object,
): Promise<Answer> {
  const init = body
    ? { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } }
    : { method };
  return await (await ask(page, init)).json();
}
