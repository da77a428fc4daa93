/**
 * Answers that end too early, for faults on demand. Deno can't end a connection before the head of
 * an answer (2.9.6): here it ends inside the body.
 * @module
 */

/** Why the connection ends: no fault of the sandbox. */
export class CutByFault extends Error {}

/**
 * `response` with at most `bytes` of its body, and never all of it; then the connection ends. An
 * empty body is announced to have one byte.
 */
export async function cutAnswer(response: Response, bytes: number): Promise<Response> {
  const announced = response.headers.get("content-length");
  const whole = announced === null ? await response.bytes() : undefined;
  const length = whole?.length ?? Number(announced);
  const headers = new Headers(response.headers);
  headers.set("content-length", String(Math.max(1, length)));
  const source = whole ? [whole] : response.body ?? [];
  const body = ReadableStream.from(cut(source, Math.min(bytes, Math.max(0, length - 1))));
  // A client would not wait for a body after these.
  const status = response.status === 204 || response.status === 304 ? 200 : response.status;
  return new Response(body, { status, headers });
}

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
  throw new CutByFault("a fault cut this answer");
}
