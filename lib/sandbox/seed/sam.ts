/**
 * `AWS::Serverless::Function` as the function and the role that SAM makes of it. Compared with what
 * aws-sam-translator 1.115.0 gives, 2026-11-30.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 * @module
 */

import { samPolicy } from "./sam_policies.ts";
import {
  isList,
  isMap,
  listAt,
  mapAt,
  type Path,
  SeedMistake,
  textAt,
  type Value,
  type ValueMap,
} from "./value.ts";

const SAM_TRANSFORM = "AWS::Serverless-2016-10-31";
export const SAM_FUNCTION = "AWS::Serverless::Function";

/** A resource as a template has it, and where it stands. */
export interface TemplateResource {
  readonly id: string;
  readonly value: ValueMap;
  readonly path: Path;
}

/** Properties of the function that SAM passes on. */
const PASSED_ON = [
  "Architectures",
  "Description",
  "Environment",
  "EphemeralStorage",
  "FileSystemConfigs",
  "FunctionName",
  "Handler",
  "ImageConfig",
  "KmsKeyArn",
  "Layers",
  "LoggingConfig",
  "MemorySize",
  "PackageType",
  "ReservedConcurrentExecutions",
  "Runtime",
  "SnapStart",
  "Timeout",
  "VpcConfig",
];

/** Properties that become others of function or role. */
const TRANSLATED = [
  "AssumeRolePolicyDocument",
  "CodeUri",
  "DeadLetterQueue",
  "InlineCode",
  "PermissionsBoundary",
  "Policies",
  "Role",
  "RolePath",
  "Tags",
  "Tracing",
];

/** The function, and its role unless one is given. Throws a {@linkcode SeedMistake} for the rest. */
export function expandFunction(
  { id, value, path }: TemplateResource,
  globals: ValueMap,
): TemplateResource[] {
  const inside = [...path, "Properties"];
  const properties = merged(globals, mapAt(value.Properties, inside));
  for (const name of Object.keys(properties)) {
    if (properties[name] === undefined) continue;
    if (PASSED_ON.includes(name) || TRANSLATED.includes(name)) continue;
    const hint = `--seed-skip ${SAM_FUNCTION}.${name} leaves it out`;
    throw new SeedMistake(`the sandbox does not support ${name}; ${hint}`, [...inside, name]);
  }
  const Tags = tagsOf(properties.Tags, [...inside, "Tags"]);
  const roleId = `${id}Role`;
  const { Role = { "Fn::GetAtt": [roleId, "Arn"] } } = properties;
  const lambda = {
    ...only(properties, PASSED_ON),
    ...configurations(properties, inside),
    Code: codeOf(properties, inside),
    Role,
    Tags,
  };
  const { Metadata: _, ...attributes } = value;
  const made = [{
    id,
    path,
    value: { ...attributes, Type: "AWS::Lambda::Function", Properties: lambda },
  }];
  if (properties.Role !== undefined) return made;
  const role = { ...roleOf(id, properties, inside), Tags };
  const { DependsOn: __, ...roleAttributes } = attributes;
  return [
    { id: roleId, path, value: { ...roleAttributes, Type: "AWS::IAM::Role", Properties: role } },
    ...made,
  ];
}

/** The template's values for all functions, and those of one: maps and lists are put together. */
function merged(globals: ValueMap, own: ValueMap): ValueMap {
  const all: Record<string, Value | undefined> = { ...globals };
  for (const [name, value] of Object.entries(own)) {
    const before = all[name];
    if (isMap(before) && isMap(value)) all[name] = merged(before, value);
    else if (isList(before) && isList(value)) all[name] = [...before, ...value];
    else all[name] = value;
  }
  return all;
}

function tagsOf(tags: Value | undefined, path: Path): Value {
  const own = Object.entries(mapAt(tags, path)).map(([Key, Value]) => ({ Key, Value }));
  return [{ Key: "lambda:createdBy", Value: "SAM" }, ...own];
}

function configurations({ DeadLetterQueue, Tracing }: ValueMap, path: Path): ValueMap {
  const { TargetArn } = mapAt(DeadLetterQueue, [...path, "DeadLetterQueue"]);
  return {
    DeadLetterConfig: TargetArn === undefined ? undefined : { TargetArn },
    TracingConfig: Tracing === undefined ? undefined : { Mode: Tracing },
  };
}

/** Code in the template, in S3, or in a folder or zip beside the template. */
function codeOf({ CodeUri, InlineCode }: ValueMap, path: Path): Value {
  if (InlineCode !== undefined) return { ZipFile: InlineCode };
  if (typeof CodeUri === "string") return s3Code(CodeUri) ?? CodeUri;
  if (!isMap(CodeUri)) throw new SeedMistake("a function needs CodeUri or InlineCode", path);
  const { Bucket, Key, Version, ...others } = CodeUri;
  if (Bucket === undefined) return CodeUri; // a function of CloudFormation
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new SeedMistake(`CodeUri has no ${other}`, [...path, "CodeUri", other]);
  }
  return { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion: Version };
}

function s3Code(address: string): Value | undefined {
  const [, S3Bucket, S3Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  return S3Bucket === undefined ? undefined : { S3Bucket, S3Key };
}

const LAMBDA_TRUST = {
  Version: "2012-10-17",
  Statement: [{
    Action: ["sts:AssumeRole"],
    Effect: "Allow",
    Principal: { Service: ["lambda.amazonaws.com"] },
  }],
};

const BASIC_EXECUTION = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

function roleOf(id: string, properties: ValueMap, path: Path): ValueMap {
  const { AssumeRolePolicyDocument = LAMBDA_TRUST, RolePath, PermissionsBoundary } = properties;
  const given = properties.Policies;
  const inside = [...path, "Policies"];
  const policies = given === undefined || isList(given) ? listAt(given, inside) : [given];
  const managed: Value[] = [BASIC_EXECUTION];
  const inline: Value[] = [];
  policies.forEach((policy, index) => {
    const place = [...inside, index];
    const arn = managedArn(policy);
    if (arn !== undefined) return managed.push(arn);
    const PolicyDocument = documentOf(mapAt(policy, place), place);
    inline.push({ PolicyName: `${id}RolePolicy${index}`, PolicyDocument });
  });
  return {
    AssumeRolePolicyDocument,
    ManagedPolicyArns: managed,
    Policies: inline.length === 0 ? undefined : inline,
    Path: RolePath,
    PermissionsBoundary,
  };
}

/** A managed policy by name, ARN or a function that gives one; undefined for a document. */
function managedArn(policy: Value): Value | undefined {
  if (typeof policy === "string") {
    return policy.startsWith("arn:") ? policy : `arn:aws:iam::aws:policy/${policy}`;
  }
  const [key] = Object.keys(mapAt(policy, []));
  return key === "Ref" || key?.startsWith("Fn::") ? policy : undefined;
}

/** A document, or what one of SAM's policy templates stands for. */
function documentOf(policy: ValueMap, path: Path): ValueMap {
  if (policy.Statement !== undefined) return policy;
  const [[name, parameters] = ["", null]] = Object.entries(policy);
  const inside = [...path, name];
  return samPolicy(name, mapAt(parameters, inside), inside);
}

/** The members of a map that are in a list of names. */
function only(map: ValueMap, names: readonly string[]): ValueMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => names.includes(name)));
}

/** `Globals.Function`. Throws a {@linkcode SeedMistake} for values of other types. */
export function functionGlobals(globals: Value | undefined): ValueMap {
  const { Function: functions, ...others } = mapAt(globals, ["Globals"]);
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new SeedMistake(`the sandbox does not support Globals.${other}`, ["Globals", other]);
  }
  return mapAt(functions, ["Globals", "Function"]);
}

/** Whether a template names SAM's transform. Throws a {@linkcode SeedMistake} for other transforms. */
export function usesSam(transform: Value | undefined): boolean {
  const path = ["Transform"];
  const given = isList(transform) || transform === undefined
    ? listAt(transform, path)
    : [transform];
  for (const name of given) {
    if (name === SAM_TRANSFORM) continue;
    const shown = isMap(name) ? "Fn::Transform" : textAt(name, path);
    throw new SeedMistake(`the sandbox does not support the transform ${shown}`, path);
  }
  return given.length > 0;
}
