import { assert, assertEquals } from "@std/assert";
import type { SignedParts } from "./claim.ts";
import { readClaim } from "./signature.ts";
import { checkSignatureV2 } from "./signature_v2.ts";

/** The example of AWS's developer guide, and its made-up key. */
const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const QUERY = "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D" +
  "&Expires=1175139620";

const partsOf = (changed: Partial<SignedParts> = {}): SignedParts => ({
  method: "GET",
  rawPath: "/photos/puppy.jpg",
  rawQuery: QUERY,
  headers: new Headers({ host: "johnsmith.s3.localhost:4566" }),
  ...changed,
});

function matches(parts: SignedParts): boolean {
  const claim = readClaim(parts);
  assert(!("fault" in claim));
  return checkSignatureV2(parts, claim, SECRET).matches;
}

Deno.test("the signature of AWS's own example verifies, with the bucket in the Host or the path", () => {
  assert(matches(partsOf()));
  const headers = new Headers({ host: "127.0.0.1:4566" });
  assert(matches(partsOf({ headers, rawPath: "/johnsmith/photos/puppy.jpg" })));
});

for (
  const [why, changed] of [
    ["another method", { method: "PUT" }],
    ["another key", { rawPath: "/photos/kitten.jpg" }],
    ["another end", { rawQuery: QUERY.replace("1175139620", "1999999999") }],
    ["another bucket", { headers: new Headers({ host: "jane.s3.localhost:4566" }) }],
    ["what is asked of the object", { rawQuery: `${QUERY}&response-content-type=text/html` }],
    [
      "a header of Amazon's",
      { headers: new Headers({ host: "johnsmith.s3.localhost", "x-amz-acl": "private" }) },
    ],
  ] as const
) {
  Deno.test(`a version 2 signature does not cover ${why}`, () => {
    assertEquals(matches(partsOf(changed)), false);
  });
}

for (const end of ["-1", "-9007199254740991", "1.5", "never"]) {
  Deno.test(`a version 2 query that ends at ${end} is incomplete`, () => {
    const claim = readClaim(partsOf({ rawQuery: QUERY.replace("1175139620", end) }));
    assertEquals(claim, { fault: "incompleteQuery" });
  });
}

Deno.test("a version 2 query without Signature or Expires is incomplete", () => {
  for (const missing of [/&Signature=[^&]+/, /&Expires=\d+/]) {
    const claim = readClaim(partsOf({ rawQuery: QUERY.replace(missing, "") }));
    assertEquals(claim, { fault: "incompleteQuery" });
  }
});
