/**
 * The text before the course runs in a real AWS account: whose account it is, what the course creates
 * there, and the cost; and the question. Nothing is created here.
 * @module
 */

import type { RealAccount } from "../aws/place/account.ts";
import { PRICES, PRICES_OF } from "../aws/measure/cost.ts";
import { terminalText } from "../sandbox/terminal_text.ts";
import { complain } from "./run_tool.ts";

/** The things that each notebook makes, without their content. */
const MADE = [
  "an S3 bucket, an IAM user with AdministratorAccess and a key, and one without permissions",
  "an S3 bucket, an IAM role, two delivery streams",
  "an S3 bucket, an IAM role, four delivery streams with dynamic partitioning",
  "an S3 bucket, a delivery stream with dynamic partitioning, a Lambda function, their two roles " +
  "and the function's log",
  "the same as notebook 3, and the stream's log",
  "the same as notebook 4, and for some minutes a record that goes round",
];

/** The text before the question. */
export function describeAccount({ profile, accountId, arn, region }: RealAccount): string {
  const made = MADE.map((what, notebook) => `  notebook ${notebook}   ${what}`);
  const prices = Object.values(PRICES).map(({ what, usd, per }) =>
    `  ${what}: ${usd} USD per ${per}`
  );
  return `
Profile "${profile}" is a REAL AWS account, not the sandbox:

  account  ${accountId}
  you      ${arn}
  region   ${region}

The course would create there, all of it named firehose-lab-… and tagged, each notebook only after
another yes:

${made.join("\n")}

The whole course, cleaned up afterwards, stays under 0.50 USD; an idle delivery stream costs
nothing. The prices, of us-east-1 as noted in ${PRICES_OF} and without free tiers:

${prices.join("\n")}

Today's: https://aws.amazon.com/firehose/pricing/
`;
}

/**
 * True after a typed "yes" to `question`. Without a terminal the answer is no, and `otherwise` says
 * what to do instead.
 */
export function confirmed(question: string, otherwise?: string): boolean {
  if (!Deno.stdin.isTerminal()) {
    complain(
      `${question}\nThere is no terminal to type "yes" on, so the answer is no` +
        `${otherwise === undefined ? "" : `: ${otherwise}`}.`,
    );
    return false;
  }
  return prompt(terminalText(question))?.trim().toLowerCase() === "yes";
}
