/**
 * The sandbox's control pages: what a test does with the sandbox itself.
 * @module
 */

/** An object that a flush delivered. */
export interface DeliveredObject {
  readonly bucket: string;
  readonly key: string;
}

/** What goes wrong, when, and how. */
export interface Fault {
  /** Which requests; a member that is absent means all. */
  readonly on: {
    /** `firehose`, `s3`, `lambda`, `logs`, `monitoring`, `iam` or `sts`. */
    readonly service: string;
    /** `PutRecordBatch`. */
    readonly operation?: string;
    readonly stream?: string;
    readonly bucket?: string;
    readonly function?: string;
    readonly caller?: string;
  };
  /** Which of them; absent means each. */
  readonly when?: {
    /** The first so many. */
    readonly first?: number;
    /** Every so many-th. */
    readonly every?: number;
    /** A chance from 0 to 1, repeatable by its seed. */
    readonly chance?: number;
    readonly seed?: number;
    /** For so many seconds. */
    readonly seconds?: number;
  };
  readonly then:
    /** An error of AWS, by its code. `message` is needed where the sandbox does not know AWS's text. */
    | { readonly error: string; readonly message?: string }
    /** The records of a batch that fail, counted from 0. */
    | { readonly failRecords: readonly number[] }
    | { readonly delayMs: number }
    /** The request is done, and the connection ends before its answer. */
    | { readonly drop: true }
    /** The request is done, and its answer ends after so many bytes. */
    | { readonly cut: number };
}

/** A fault that was set. */
export interface SetFault {
  readonly id: string;
  /** Ends the fault. */
  remove(): Promise<void>;
}

/** A fault as the list of faults has it. */
export type ListedFault = Fault & {
  readonly id: string;
  /** Requests that the fault is about. */
  readonly calls: number;
  /** Those that it made fail. */
  readonly struck: number;
};

/** A control page's refusal, in its own words. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  /** The status of HTTP. */
  readonly status: number;
  /** The page's whole answer: a flush names what was delivered, and what was not. */
  readonly answer: unknown;

  constructor(message: string, status: number, answer: unknown) {
    super(message);
    this.status = status;
    this.answer = answer;
  }
}

/**
 * Asks a control page, and resolves with its answer. Throws a {@linkcode ControlError}, or an `Error` if the
 * sandbox does not answer.
 */
export async function askPage<Answer>(
  { endpoint, token }: { readonly endpoint: string; readonly token: string },
  method: "GET" | "POST" | "DELETE",
  page: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${endpoint}/_sandbox/${page}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Error(`${page}: the sandbox at ${endpoint} does not answer. Was it stopped?`, {
      cause,
    });
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const answer: unknown = isJson(response) ? JSON.parse(text) : text;
  throw new ControlError(`${page}: ${errorIn(answer)}`, response.status, answer);
}

const isJson = ({ headers }: Response) => headers.get("content-type")?.includes("json") ?? false;

function errorIn(answer: unknown): string {
  return typeof answer === "object" && answer !== null && "error" in answer
    ? String(answer.error)
    : String(answer);
}
