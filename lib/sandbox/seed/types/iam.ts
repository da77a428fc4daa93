/**
 * `AWS::IAM::Role`, `AWS::IAM::User`, `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`.
 * @module
 */

import {
  type Call,
  joinedName,
  picked,
  refuse,
  type Resource,
  type ResourceType,
  textsOf,
} from "../resource.ts";
import { listAt, mapAt, SeedMistake, textAt, type Value, type ValueMap } from "../value.ts";

/** Whom a policy belongs to. */
type Owner = { readonly RoleName: string } | { readonly UserName: string };

export const ROLE: ResourceType = {
  nameProperty: "RoleName",
  newName: joinedName,
  reads: [
    "RoleName",
    "AssumeRolePolicyDocument",
    "Description",
    "ManagedPolicyArns",
    "MaxSessionDuration",
    "Path",
    "PermissionsBoundary",
    "Policies",
    "Tags",
  ],
  attributes: { Arn: arnOf("role") },
  calls: (role) => [
    {
      operation: "CreateRole",
      input: {
        RoleName: role.name,
        ...picked(role, [
          "AssumeRolePolicyDocument",
          "Description",
          "MaxSessionDuration",
          "Path",
          "PermissionsBoundary",
          "Tags",
        ]),
      },
    },
    ...policiesOf(role, { RoleName: role.name }),
  ],
};

export const USER: ResourceType = {
  nameProperty: "UserName",
  newName: joinedName,
  reads: ["UserName", "ManagedPolicyArns", "Path", "PermissionsBoundary", "Policies", "Tags"],
  attributes: { Arn: arnOf("user") },
  calls: (user) => [
    {
      operation: "CreateUser",
      input: { UserName: user.name, ...picked(user, ["Path", "PermissionsBoundary", "Tags"]) },
    },
    ...policiesOf(user, { UserName: user.name }),
  ],
};

/** Inline policies of roles and users. */
export const POLICY: ResourceType = {
  nameProperty: "PolicyName",
  reads: ["PolicyName", "PolicyDocument", "Roles", "Users", "Groups"],
  calls(policy) {
    const owners = ownersOf(policy);
    if (owners.length === 0) {
      throw new SeedMistake("a policy needs a role or a user", policy.path);
    }
    const { PolicyDocument = {} } = picked(policy, ["PolicyDocument"]);
    return owners.map((owner) => putPolicy(owner, policy.name, PolicyDocument));
  },
};

export const MANAGED_POLICY: ResourceType = {
  nameProperty: "ManagedPolicyName",
  newName: (parts) => joinedName(parts, 128),
  reads: [
    "ManagedPolicyName",
    "Description",
    "Path",
    "PolicyDocument",
    "Roles",
    "Users",
    "Groups",
  ],
  ref: arnOf("policy"),
  attributes: { PolicyArn: arnOf("policy") },
  calls: (policy) => [
    {
      operation: "CreatePolicy",
      input: {
        PolicyName: policy.name,
        ...picked(policy, ["Description", "Path", "PolicyDocument"]),
      },
    },
    ...ownersOf(policy).map((owner) => attachPolicy(owner, arnOf("policy")(policy))),
  ],
};

function arnOf(kind: string) {
  return (resource: Resource) => {
    const path = resource.property("Path") ?? "/";
    const text = textAt(path, [...resource.path, "Path"]);
    return `arn:aws:iam::${resource.stack.accountId}:${kind}${text}${resource.name}`;
  };
}

/** `ManagedPolicyArns` and `Policies` of a role or user. */
function policiesOf(resource: Resource, owner: Owner): Call[] {
  const path = [...resource.path, "Policies"];
  return [
    ...textsOf(resource, "ManagedPolicyArns").map((arn) => attachPolicy(owner, arn)),
    ...listAt(resource.property("Policies"), path).map((policy, index) => {
      const { PolicyName, PolicyDocument = {}, ...others } = mapAt(policy, [...path, index]);
      for (const other of Object.keys(others)) refuse(resource, ["Policies", index, other]);
      return putPolicy(owner, textAt(PolicyName, [...path, index, "PolicyName"]), PolicyDocument);
    }),
  ];
}

function ownersOf(policy: Resource): Owner[] {
  if (policy.property("Groups") !== undefined) {
    refuse(policy, ["Groups"], ": it has no groups of users");
  }
  return [
    ...textsOf(policy, "Roles").map((RoleName) => ({ RoleName })),
    ...textsOf(policy, "Users").map((UserName) => ({ UserName })),
  ];
}

const isRole = (owner: Owner) => "RoleName" in owner;

function putPolicy(owner: Owner, PolicyName: string, PolicyDocument: Value): Call {
  const input: ValueMap = { ...owner, PolicyName, PolicyDocument };
  return { operation: isRole(owner) ? "PutRolePolicy" : "PutUserPolicy", input };
}

function attachPolicy(owner: Owner, PolicyArn: string): Call {
  const input: ValueMap = { ...owner, PolicyArn };
  return { operation: isRole(owner) ? "AttachRolePolicy" : "AttachUserPolicy", input };
}
