/**
 * Requests to the sandbox on a connection of our own: `fetch`, and Node's client too, follow the
 * proxies that the environment names.
 * @module
 */

/** More than a page of the sandbox's own has. */
const ANSWER_CHARACTERS_MAX = 16_384;

/** A request without a body. */
export interface DirectRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** For `Authorization: Bearer`. */
  readonly token?: string;
  readonly withinMs: number;
}

/**
 * The text that the server at `endpoint` answers, its head included. Throws if nothing listens there,
 * or no answer comes in time.
 */
export async function directAnswer(
  endpoint: string,
  { method, path, token, withinMs }: DirectRequest,
): Promise<string> {
  const { hostname, port, host } = new URL(endpoint);
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: close",
    "Content-Length: 0",
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
  ];
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const timer = setTimeout(() => connection.close(), withinMs);
  try {
    await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n`));
    let text = "";
    for await (const part of connection.readable.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (text.length > ANSWER_CHARACTERS_MAX) break;
    }
    return text;
  } finally {
    clearTimeout(timer);
  }
}
