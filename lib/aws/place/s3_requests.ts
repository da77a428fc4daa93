/**
 * Requests that a client sent to S3, counted as AWS bills them. A notebook that waits for objects
 * lists them again and again, and on a real account each list costs as much as a put.
 * @module
 */

import type { S3Client } from "@aws-sdk/client-s3";

/** Requests by price: https://aws.amazon.com/s3/pricing/. */
export interface S3Requests {
  /** PUT, COPY, POST and LIST. */
  readonly puts: number;
  /** GET, HEAD and all others, except DELETE, which is free. */
  readonly gets: number;
}

const counts = new WeakMap<S3Client, { puts: number; gets: number }>();

/** Counts what this client sends from now on, each attempt by itself. */
export function countRequests(s3: S3Client): void {
  const count = { puts: 0, gets: 0 };
  counts.set(s3, count);
  s3.middlewareStack.add(
    (next, { commandName = "" }) => (args) => {
      if (isLikePut(commandName)) count.puts++;
      else if (!commandName.startsWith("Delete")) count.gets++;
      return next(args);
    },
    { step: "deserialize", name: "countRequests" },
  );
}

/** The requests of a client since {@linkcode countRequests}. */
export function requestsOf(s3: S3Client): S3Requests {
  return { puts: 0, gets: 0, ...counts.get(s3) };
}

/** Whether an operation is one of PUT, COPY, POST and LIST; DeleteObjects is a POST, and free. */
const isLikePut = (commandName: string) =>
  /^(Put|Create|Copy|Upload|Complete|List)/.test(commandName);
