/**
 * Before the course runs on a real AWS account: whose it is, what will be made there, what that
 * costs, and a question. Nothing is created here.
 * @module
 */

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

/** Whose account a profile leads to. */
export interface RealAccount {
  readonly profile: string;
  readonly accountId: string;
  readonly arn: string;
  readonly region: string;
}

/**
 * Asks AWS who this profile is. Throws an `Error` that says what to do where the profile is
 * unknown, names no region, or its credentials do not work.
 */
export async function findAccount(profile: string): Promise<RealAccount> {
  const sts = new STSClient({ profile });
  try {
    const region = await sts.config.region().catch((cause: unknown) => {
      throw new Error(
        `Profile "${profile}" names no region: add "region = us-east-1" to its section in ` +
          "~/.aws/config, or set AWS_REGION.",
        { cause },
      );
    });
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand());
    return { profile, accountId: Account, arn: Arn, region };
  } catch (cause) {
    if (cause instanceof Error && cause.message.startsWith("Profile ")) throw cause;
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : `${cause}`;
    throw new Error(
      `Profile "${profile}" does not work (${reason}). "aws configure list-profiles" lists those ` +
        `you have, "aws sso login --profile ${profile}" renews a session that expired.`,
      { cause },
    );
  } finally {
    sts.destroy();
  }
}

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

What it costs: delivery streams 0.029 USD per GB taken in (each record counts as 5 KB at least),
S3 0.005 USD per 1,000 puts and 0.023 USD per GB and month. The whole course, cleaned up
afterwards, stays under 0.10 USD; an idle delivery stream costs nothing. (Prices of us-east-1, as
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
