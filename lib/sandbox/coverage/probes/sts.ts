/**
 * How STS's operations are called to learn what they do with each member of their input.
 * @module
 */

import type { Probe } from "../probe.ts";
import { ROLE_ARN } from "../scene.ts";

export const STS_PROBES: Readonly<Record<string, Probe>> = {
  GetCallerIdentity: { input: () => ({}) },
  GetSessionToken: {
    caller: "user",
    input: () => ({ DurationSeconds: 900 }),
    values: { SerialNumber: ["arn:aws:iam::123456789012:mfa/ann"], TokenCode: ["123456"] },
    refused: ["SerialNumber", "TokenCode"],
  },
  AssumeRole: {
    caller: "user",
    input: () => ({
      RoleArn: ROLE_ARN,
      RoleSessionName: "session",
      DurationSeconds: 900,
      ExternalId: "external",
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "*", Resource: "*" },
      }),
    }),
  },
};
