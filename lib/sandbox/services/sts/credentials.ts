/**
 * Temporary credentials as STS shows them.
 * @module
 */

import type { Credentials } from "@aws-sdk/client-sts";
import type { TemporaryKeys } from "../../access/caller.ts";

export function credentialsShape(keys: TemporaryKeys): Credentials {
  return {
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    Expiration: new Date(Math.floor(keys.expiresMs / 1000) * 1000),
  };
}
