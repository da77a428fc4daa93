/**
 * Whose account a profile leads to.
 * @module
 */

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { awsFiles, unknownProfile } from "./clients.ts";
import { profileNames, profileSettings } from "./profiles.ts";

/** Whose account a profile leads to. */
export interface RealAccount {
  readonly profile: string;
  readonly accountId: string;
  readonly arn: string;
  readonly region: string;
}

/**
 * Asks AWS who this profile is. Throws an `Error` that says what to do if the profile is unknown,
 * has no region, or its credentials do not work, and a `SyntaxError` that names the malformed line
 * of one of its files.
 */
export async function findAccount(profile: string): Promise<RealAccount> {
  const files = awsFiles();
  const known = await profileNames(files);
  if (!known.includes(profile)) throw unknownProfile(profile, known, files);
  const { endpoint_url: endpoint } = await profileSettings(files, "config", profile);
  // From the profile the SDK takes credentials and region; an address only from that of AWS_PROFILE.
  const sts = new STSClient({ profile, ...(endpoint === undefined ? {} : { endpoint }) });
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
      `Profile "${profile}" does not work (${reason}). "aws configure --profile ${profile}" gives ` +
        `it a key, "aws sso login --profile ${profile}" renews a session that expired.`,
      { cause },
    );
  } finally {
    sts.destroy();
  }
}
