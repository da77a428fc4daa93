/**
 * The ARNs in a policy's Resource, as IAM checks them when a document is written. The texts were
 * measured on AWS on 2026-09-07 (cdk-preflight 0.0.143, `rules/iam`) and in 2019 (moto's
 * `test_iam_policies.py`).
 * @module
 */

import { replaceVariables } from "./variables.ts";

/** Services whose ARNs have no region. Others may have one (measured: cloudfront, waf). */
const NO_REGION: ReadonlyMap<string, (arn: string) => string> = new Map([
  ["iam", (arn) => `IAM resource ${arn} cannot contain region information.`],
  ["s3", (arn) => `Resource ${arn} can not contain region information.`],
  ["route53", (arn) => `Resource ${arn} can not contain region information.`],
]);

const IAM_PATHS =
  ("user/ federated-user/ role/ group/ instance-profile/ mfa/ server-certificate/ policy/ " +
    "sms-mfa/ saml-provider/ oidc-provider/ report/ access-report/").split(" ");

/** The six fields of an ARN pattern; missing ones are `*`, as IAM reads them. */
function fieldsOf(resource: string): string[] {
  const parts = splitOutsideVariables(resource);
  const fields = [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(":")] : [])];
  return [...fields, ..."*****".slice(fields.length - 1)];
}

/** `text` split at its colons, but not at those of `${aws:username}`. */
function splitOutsideVariables(text: string): string[] {
  const variables: string[] = [];
  const plain = replaceVariables(text, (inner) => {
    variables.push(`\${${inner}}`);
    return VARIABLE;
  });
  return plain.split(":").map((part) => part.replaceAll(VARIABLE, () => variables.shift() ?? ""));
}

/** Stands for a variable while a text is split: a private-use character. */
const VARIABLE = "\ue003";

/**
 * Whether legacy parsing refuses `resource`: an ARN of four or five fields, or one without a
 * service. Other texts have their own error.
 */
export function resourceFieldsAreMissing(resource: string): boolean {
  const parts = splitOutsideVariables(resource);
  if (parts[0] !== "arn" || !isPartition(parts[1] ?? "")) return false;
  return parts[2] === "" || parts.length === 4 || parts.length === 5;
}

/** Why IAM refuses `resource`, with its text; undefined if it takes it. */
export function resourceFault(resource: string): string | undefined {
  if (resource === "*") return undefined;
  if (!resource.includes(":")) return `Resource ${resource} must be in ARN format or "*".`;
  const [, partition, service, region, account, name] = fieldsOf(resource);
  if (!isPartition(partition)) {
    const shown = ["arn", ...fieldsOf(resource).slice(1)].join(":");
    return `Partition "${partition}" is not valid for resource "${shown}".`;
  }
  if (resource.split(":").length < 3 || /[*?]/.test(service)) {
    return "Resource vendor must be fully qualified and cannot contain regexes.";
  }
  const noRegion = NO_REGION.get(service);
  if (noRegion && isGiven(region) && !isAccessPoint(service, name)) return noRegion(resource);
  if (service === "s3" && isGiven(account) && !isAccessPoint(service, name)) {
    return `Resource ${resource} cannot contain an account id.`;
  }
  return service === "iam" ? iamFault(name) : undefined;
}

/** Whether an ARN may name this partition: that of the sandbox's account, or wildcards. */
const isPartition = (name: string) => name === "aws" || /^[*?]+$/.test(name);

/** Whether a field says something: not empty, and not wildcards only. */
const isGiven = (field: string) => field !== "" && !/^[*?]+$/.test(field);

/** Access points and their kin have a region and an account. */
const isAccessPoint = (service: string, name: string) =>
  service === "s3" && name.includes("/") &&
  /^(accesspoint|job|storage-lens|storage-lens-group|async-request|access-grants|multiregionaccesspoint)\b/
    .test(name);

function iamFault(name: string): string | undefined {
  if (/^[*?$]/.test(name) || IAM_PATHS.some((path) => name.startsWith(path))) return undefined;
  return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(", ")}.`;
}
