/**
 * Answers that a client does not get, or not all of: for faults on demand. Deno can't end a
 * connection before the head of an answer (2.9.6).
 * @module
 */

/** How many bytes of an answer's body arrive; undefined means nothing of the answer. */
export interface LostAnswer {
  readonly afterBytes: number | undefined;
}

/** Why the connection ends: no fault of the sandbox. */
export class LostByFault extends Error {}

/**
 * The part of `response` that arrives before the connection ends.
 *
 * If nothing arrives, this is a head with a body in chunks, of which none comes: a client that reads the
 * body sees that it is broken. With a content length, boto3 would take the missing body for an empty
 * one, and the call for a success. The SDK for Java (2.57.8) reads no body of a PutObject, so it takes
 * this answer for a success; a status of 500 would be an error that it does not retry.
 *
 * Otherwise at most `afterBytes` of the body arrive, and never all of it. An empty body is announced as
 * one byte.
 */
export async function lostAnswer(
  response: Response,
  { afterBytes }: LostAnswer,
): Promise<Response> {
  const { status } = response;
  if (afterBytes === undefined) {
    await response.body?.cancel();
    return new Response(ReadableStream.from(cut([], 0)), { status: withBody(status) });
  }
  const announced = response.headers.get("content-length");
  const whole = announced === null ? await response.bytes() : undefined;
  const length = whole?.length ?? Number(announced);
  const headers = new Headers(response.headers);
  headers.set("content-length", String(Math.max(1, length)));
  const source = whole ? [whole] : response.body ?? [];
  const body = ReadableStream.from(cut(source, Math.min(afterBytes, Math.max(0, length - 1))));
  return new Response(body, { status: withBody(status), headers });
}

/** A client would not wait for a body after these two. */
const withBody = (status: number) => status === 204 || status === 304 ? 200 : status;

async function* cut(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of source) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) break;
  }
  throw new LostByFault("a fault lost this answer");
}
