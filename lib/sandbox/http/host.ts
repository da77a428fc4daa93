/**
 * The bucket in a Host header.
 * @module
 */

/**
 * The bucket of a virtual-host address: `bucket.localhost`, `bucket.s3.localhost` or
 * `bucket.s3.eu-west-1.localhost`; undefined if the path names the bucket.
 */
export function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (!name.endsWith(".localhost")) return undefined;
  const bucket = name.slice(0, -".localhost".length);
  return /^(?:(.+)\.)?s3(?:[.-][a-z0-9-]+)?$/.test(bucket)
    ? bucket.replace(/\.?s3(?:[.-][a-z0-9-]+)?$/, "") || undefined
    : bucket;
}
