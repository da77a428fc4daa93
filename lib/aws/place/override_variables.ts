/**
 * Environment variables that would lead the AWS SDK past the account that was chosen.
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 * @module
 */

const KEYS = "ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|DEFAULT_PROFILE|ROLE_ARN|" +
  "ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\\w+";
const ADDRESSES = "ENDPOINT_URL(_\\w+)?|IGNORE_CONFIGURED_ENDPOINT_URLS";

/** Variables that override a profile: keys, and addresses of services. */
export const PROFILE_OVERRIDES = new RegExp(`^AWS_(${KEYS}|${ADDRESSES})$`);

/** Variables that override the sandbox's profile: also those of regions. */
export const SANDBOX_OVERRIDES = new RegExp(
  `^AWS_(${KEYS}|${ADDRESSES}|REGION|DEFAULT_REGION|USE_FIPS_ENDPOINT|USE_DUALSTACK_ENDPOINT)$`,
);
