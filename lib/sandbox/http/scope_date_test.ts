/** A signature's scope and its time must name the same day. */
import { assertThrows } from "@std/assert";
import { createHmac } from "node:crypto";
import type { KeyRing } from "../access/caller.ts";
import { ManualClock } from "../clock.ts";
import type { SignatureClaim } from "./claim.ts";
import { type Door, strictGate } from "./gate.ts";
import { checkSignature, sha256Hex } from "./signature.ts";

const SECRET = "secret";
const ACCOUNT_ID = "123456789012";
const DOOR: Door = {
  protocol: { kind: "awsJson", version: "1.1", targetPrefix: "Firehose_20150804" },
  signingName: "firehose",
};
const PARTS = {
  method: "POST",
  rawPath: "/",
  rawQuery: "",
  headers: new Headers({ host: "127.0.0.1:4566" }),
};
const HASH = sha256Hex("");

const hmac = (key: string | Uint8Array, text: string) => createHmac("sha256", key).update(text);

/** A claim of 21 February, with a right signature for a scope of the day `date`. */
function claimOf(date: string): SignatureClaim {
  const unsigned: SignatureClaim = {
    accessKeyId: "AKIATEST",
    scope: { date, region: "us-east-1", service: "firehose" },
    signedHeaders: ["host"],
    signature: "",
    amzDate: "20260221T001500Z",
  };
  const { stringToSign } = checkSignature(PARTS, unsigned, SECRET, HASH);
  const key = [date, "us-east-1", "firehose", "aws4_request"].reduce<string | Uint8Array>(
    (key, part) => hmac(key, part).digest(),
    `AWS4${SECRET}`,
  );
  return { ...unsigned, signature: hmac(key, stringToSign).digest("hex") };
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html: the date of
// the scope is that of X-Amz-Date. With another one, a signing key of an old day would stay valid.
Deno.test("a right signature whose scope has another day than its time is refused", () => {
  const keys: KeyRing = { find: () => undefined, noteUse: () => {} };
  const gate = strictGate(keys, new ManualClock());
  const caller = {
    ...{ kind: "root", accountId: ACCOUNT_ID, userId: ACCOUNT_ID } as const,
    arn: `arn:aws:iam::${ACCOUNT_ID}:root`,
  };
  const verify = (date: string) =>
    gate.verify(
      { claim: claimOf(date), key: { secretAccessKey: SECRET, caller } },
      DOOR,
      PARTS,
      HASH,
    );
  verify("20260221");
  assertThrows(() => verify("20260220"), Error, "does not match the signature you provided");
});
