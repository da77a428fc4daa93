/**
 * What a function's log says about the rehearsal, and not about Firehose: what the function has on AWS, and
 * not here.
 * @module
 */

/** Words of the runtimes, of Python and of the SDKs, each with what to do here. */
const HINTS: readonly (readonly [said: RegExp, hint: string])[] = [
  [
    /ImportModuleError|No module named|Cannot find (?:module|package) '(?!@aws-sdk\/)/,
    "Layers are not used here. If the function has one, put what it holds beside the handler: for Python what " +
    "is in its folder python/, for Node what is in nodejs/.",
  ],
  [
    /os(?:\.py"|>"), line \d+, in __getitem__[^]*KeyError|KeyError:[^]*os(?:\.py"|>"), line \d+, in __getitem__/,
    "The function reads an environment variable that is not set: give it with --env-file.",
  ],
  [
    /\bNoSuch(?:Bucket|Key)\b|NotFound[^]{0,200}HeadObject|HeadObject[^]{0,200}Not Found/,
    "The rehearsal's S3 is empty: no bucket or object of yours is here. Pack what the function reads with it, " +
    "or try the whole pipeline in the sandbox, as docs/broken_pipeline.md shows.",
  ],
  [
    /Could not connect to the endpoint URL: "https:|Inaccessible host|UnknownEndpoint/,
    "The function's AWS SDK is too old to find the sandbox. For a rehearsal, make the client with the address " +
    "in the variable AWS_ENDPOINT_URL, or pack a newer SDK.",
  ],
  [
    /Temporary failure in name resolution|Name or service not known|EAI_AGAIN|ENOTFOUND|"fetch failed"/,
    "The function calls another address. Here it reaches only the sandbox, so this call can't be rehearsed.",
  ],
  [
    /Firehose \S+ under account \d+ not found/,
    "The function puts to a delivery stream that is not here. The rehearsal has one, which deliveryStreamArn " +
    "in the event names.",
  ],
];

/** The hints for a log, in sentences; empty if it says nothing of the kind. */
export function logHints(log: string): string[] {
  return HINTS.filter(([said]) => said.test(log)).map(([, hint]) => hint);
}
