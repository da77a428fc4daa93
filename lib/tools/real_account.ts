/**
 * Before the course runs on a real AWS account: whose it is, what will be made there, what that
 * costs, and a question. Nothing is created here.
 * @module
 */

import type { RealAccount } from "../aws/account.ts";

/** What the reader is told before the question. Prices: notes of 2026, us-east-1. */
export function describeAccount({ profile, accountId, arn, region }: RealAccount): string {
  return `
Profile "${profile}" is a REAL AWS account, not the sandbox:

  account  ${accountId}
  you      ${arn}
  region   ${region}

The course would create there, all of it named firehose-lab-… and tagged, each only when you run
the cell that does it:

  notebook 0   an IAM user with an access key (only after another yes), an S3 bucket
  notebook 1   an S3 bucket, an IAM role, delivery streams
  notebook 2   the same, with dynamic partitioning
  notebook 3   the same, and a Lambda function with its role and its log
  notebook 4   the same as notebook 3

What it costs: delivery streams 0.029 USD per GB taken in (each record counts as 5 KB at least),
dynamic partitioning 0.020 USD per GB more, S3 0.005 USD per 1,000 puts and 0.023 USD per GB and
month, Lambda 0.20 USD per million calls and 0.0000167 USD per GB-second. The whole course, cleaned
up afterwards, stays under 0.10 USD; an idle delivery stream costs nothing. (Prices of us-east-1, as
noted in 2026: check https://aws.amazon.com/firehose/pricing/.)
`;
}

/** True after a typed "yes"; without a person there the answer is no. */
export function confirmed(): boolean {
  if (!Deno.stdin.isTerminal()) {
    console.log('There is no terminal to type "yes" on, so the answer is no.');
    return false;
  }
  return prompt('Use this account? Type "yes" to go on:')?.trim().toLowerCase() === "yes";
}
