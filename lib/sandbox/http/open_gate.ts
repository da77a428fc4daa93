/**
 * `--open`: the gate that lets everybody in, and an IAM that allows everything, for tests that are not
 * about permissions. A body's length and checksums are still checked.
 * @module
 */

import type { AccessControl, Caller, KeyRing, SigningKey } from "../access/caller.ts";
import { STREAMING_FORMS } from "./body.ts";
import type { Gate } from "./gate.ts";
import type { SignatureClaim } from "./claim.ts";

/** The callers: owners of known keys, and root users for all other keys. */
export interface OpenParties {
  readonly keys: KeyRing;
  /** The root user of the account that an unknown key, or none, stands for. */
  readonly rootOf: (accessKeyId: string) => Caller;
  /** The region for requests without one. */
  readonly region: string;
}

/**
 * Lets everybody in: with a key of `keys` as its owner, with another key or none as a root user.
 * Neither signature nor time is checked.
 */
export function openGate({ keys, rootOf, region }: OpenParties): Gate {
  const strangers = (accessKeyId: string): SigningKey => ({
    secretAccessKey: "",
    caller: rootOf(accessKeyId),
  });
  return {
    identify(read, { signingName }) {
      const claim = "fault" in read ? anonymous(signingName, region) : read;
      return { claim, key: keys.find(claim.accessKeyId) ?? strangers(claim.accessKeyId) };
    },
    payloadHash(headers) {
      const hash = headers.get("x-amz-content-sha256") ?? "";
      return STREAMING_FORMS.includes(hash) ? hash : "UNSIGNED-PAYLOAD";
    },
    verify: ({ claim }) => keys.noteUse(claim.accessKeyId, claim.scope),
    chunkSignatures: () => undefined,
  };
}

function anonymous(service: string, region: string): SignatureClaim {
  return {
    accessKeyId: "anonymous",
    scope: { date: "19700101", region, service },
    signedHeaders: [],
    signature: "",
    amzDate: "19700101T000000Z",
  };
}

/**
 * An IAM that allows everything: no policy is evaluated, and a service may assume any role, also one
 * that does not exist or is of another account. Code written for LocalStack has `000000000000`.
 */
export function openAccess(access: AccessControl, accountId: string): AccessControl {
  return {
    takesForeignRoles: true,
    decide: () => ({ allowed: true }),
    assumeRoleForService: (request) =>
      access.assumeRoleForService(request) ?? sessionOf(request, accountId),
    issueKeys: (session, durationSeconds) => access.issueKeys(session, durationSeconds),
  };
}

function sessionOf(
  { roleArn, sessionName }: Parameters<AccessControl["assumeRoleForService"]>[0],
  accountId: string,
): Caller {
  const roleName = roleArn.split("/").at(-1) ?? roleArn;
  return {
    kind: "session",
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    userId: `AROAOPENOPENOPENOPENO:${sessionName}`,
    roleName,
    roleArn,
    sessionName,
    sessionPolicies: [],
  };
}
