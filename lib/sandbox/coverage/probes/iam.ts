/**
 * How IAM's operations are called to learn what they do with each member of their input.
 * @module
 */

import type { InputOf, Probe } from "../probe.ts";
import { ACCOUNT_ID, type Scene } from "../scene.ts";

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
});
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { Service: "firehose.amazonaws.com" },
    Action: "sts:AssumeRole",
  },
});
const S3_READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const TAGS = [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }];
const TAG_KEYS = { TagKeys: ["a"] };

// --- what is there ----------------------------------------------------------------------------

/** A user, as it is made. */
async function user(scene: Scene) {
  const UserName = scene.unique("user");
  await scene.call("iam", "CreateUser", { UserName, Tags: TAGS });
  return { UserName };
}

async function role(scene: Scene) {
  const RoleName = scene.unique("role");
  await scene.call("iam", "CreateRole", {
    RoleName,
    AssumeRolePolicyDocument: TRUST,
    Tags: TAGS,
  });
  return { RoleName };
}

/** A policy with two versions, of which the first is the default. */
async function policy(scene: Scene) {
  const { Policy } = await scene.call("iam", "CreatePolicy", {
    PolicyName: scene.unique("policy"),
    PolicyDocument: POLICY,
    Tags: TAGS,
  });
  const PolicyArn = String(Object(Policy).Arn);
  await scene.call("iam", "CreatePolicyVersion", { PolicyArn, PolicyDocument: POLICY });
  return { PolicyArn };
}

/** A policy that cannot be deleted otherwise: with its default version only. */
async function barePolicy(scene: Scene) {
  const { PolicyArn } = await policy(scene);
  await scene.call("iam", "DeletePolicyVersion", { PolicyArn, VersionId: "v2" });
  return { PolicyArn };
}

/** A user with two access keys. */
async function keys(scene: Scene) {
  const owner = await user(scene);
  const ids: string[] = [];
  for (let key = 0; key < 2; key++) {
    const { AccessKey } = await scene.call("iam", "CreateAccessKey", owner);
    ids.push(String(Object(AccessKey).AccessKeyId));
  }
  return { ...owner, AccessKeyId: ids[0] };
}

type Kind = "User" | "Role";

/** A user or role with two inline policies and two attached ones. */
const owner = (kind: Kind) => async (scene: Scene) => {
  const name = await (kind === "User" ? user : role)(scene);
  for (const PolicyName of ["one", "two"]) {
    await scene.call("iam", `Put${kind}Policy`, { ...name, PolicyName, PolicyDocument: POLICY });
  }
  for (const PolicyArn of [S3_READ_ONLY, ADMINISTRATOR]) {
    await scene.call("iam", `Attach${kind}Policy`, { ...name, PolicyArn });
  }
  return name;
};

// --- calls ------------------------------------------------------------------------------------

const and = (inputOf: InputOf, more: object): InputOf => async (scene) => ({
  ...await inputOf(scene),
  ...more,
});

/** A list, whose Marker is that of a first page with one item. */
const listed = (operation: string, inputOf: InputOf): Probe => ({
  input: inputOf,
  calls: {
    Marker: {
      marker: async (scene) => {
        const input = { ...await inputOf(scene), MaxItems: 1 };
        const { Marker } = await scene.call("iam", operation, input);
        return { ...input, Marker };
      },
    },
  },
});

/** The operations that users and roles have alike. */
function ownerProbes(kind: Kind): Record<string, Probe> {
  const bare = kind === "User" ? user : role;
  const full = owner(kind);
  const named = { PolicyName: "one" };
  const list = (what: string, inputOf: InputOf) => {
    const operation = what.replace("*", kind);
    return { [operation]: listed(operation, inputOf) };
  };
  return {
    [`Put${kind}Policy`]: { input: and(bare, { ...named, PolicyDocument: POLICY }) },
    [`Get${kind}Policy`]: { input: and(full, named) },
    ...list("List*Policies", full),
    [`Delete${kind}Policy`]: { input: and(full, named) },
    [`Attach${kind}Policy`]: { input: and(bare, { PolicyArn: S3_READ_ONLY }) },
    [`Detach${kind}Policy`]: { input: and(full, { PolicyArn: S3_READ_ONLY }) },
    ...list("ListAttached*Policies", and(full, { PathPrefix: "/" })),
    [`Tag${kind}`]: { input: and(bare, { Tags: TAGS }) },
    [`Untag${kind}`]: { input: and(bare, TAG_KEYS) },
    ...list("List*Tags", bare),
  };
}

const simulated = {
  ActionNames: ["s3:GetObject", "s3:PutObject"],
  ResourceArns: ["arn:aws:s3:::a/*"],
  ContextEntries: [{
    ContextKeyName: "aws:SourceIp",
    ContextKeyValues: ["10.0.0.1"],
    ContextKeyType: "ip",
  }],
};

export const IAM_PROBES: Readonly<Record<string, Probe>> = {
  CreateUser: {
    input: (scene) => ({ UserName: scene.unique("user"), Path: "/team/", Tags: TAGS }),
  },
  GetUser: { input: user },
  ListUsers: listed("ListUsers", () => ({ PathPrefix: "/" })),
  DeleteUser: {
    input: async (scene) => {
      const UserName = scene.unique("user");
      await scene.call("iam", "CreateUser", { UserName });
      return { UserName };
    },
  },
  CreateAccessKey: { input: user },
  ListAccessKeys: listed("ListAccessKeys", async (scene) => {
    const { UserName } = await keys(scene);
    return { UserName };
  }),
  UpdateAccessKey: { input: and(keys, { Status: "Inactive" }) },
  DeleteAccessKey: { input: keys },
  GetAccessKeyLastUsed: {
    input: async (scene) => {
      const { AccessKeyId } = await keys(scene);
      return { AccessKeyId };
    },
  },
  CreateRole: {
    input: (scene) => ({
      RoleName: scene.unique("role"),
      AssumeRolePolicyDocument: TRUST,
      Path: "/team/",
      Description: "probed",
      MaxSessionDuration: 3_600,
      Tags: TAGS,
    }),
  },
  GetRole: { input: role },
  ListRoles: listed("ListRoles", async (scene) => {
    await role(scene);
    return { PathPrefix: "/" };
  }),
  UpdateAssumeRolePolicy: { input: and(role, { PolicyDocument: TRUST }) },
  DeleteRole: { input: role },
  CreatePolicy: {
    input: (scene) => ({
      PolicyName: scene.unique("policy"),
      PolicyDocument: POLICY,
      Path: "/team/",
      Description: "probed",
      Tags: TAGS,
    }),
  },
  GetPolicy: { input: policy },
  GetPolicyVersion: { input: and(policy, { VersionId: "v1" }) },
  // The two lists are always empty: "from x", as their markers are written.
  ListGroupsForUser: { input: user, values: { Marker: ["ZnJvbSB4"] } },
  ListInstanceProfilesForRole: { input: role, values: { Marker: ["ZnJvbSB4"] } },
  ListPolicies: listed("ListPolicies", async (scene) => {
    await policy(scene);
    return { PathPrefix: "/" };
  }),
  DeletePolicy: { input: barePolicy },
  CreatePolicyVersion: { input: and(policy, { PolicyDocument: POLICY, SetAsDefault: true }) },
  ListPolicyVersions: listed("ListPolicyVersions", policy),
  SetDefaultPolicyVersion: { input: and(policy, { VersionId: "v2" }) },
  DeletePolicyVersion: { input: and(policy, { VersionId: "v2" }) },
  ListEntitiesForPolicy: listed("ListEntitiesForPolicy", async (scene) => {
    const { PolicyArn } = await policy(scene);
    for (const owner of [await user(scene), await user(scene)]) {
      await scene.call("iam", "AttachUserPolicy", { ...owner, PolicyArn });
    }
    return { PolicyArn, PathPrefix: "/" };
  }),
  TagPolicy: { input: and(policy, { Tags: TAGS }) },
  UntagPolicy: { input: and(policy, TAG_KEYS) },
  ListPolicyTags: listed("ListPolicyTags", policy),
  SimulatePrincipalPolicy: listed("SimulatePrincipalPolicy", async (scene) => {
    const { UserName } = await user(scene);
    const PolicySourceArn = `arn:aws:iam::${ACCOUNT_ID}:user/${UserName}`;
    return { PolicySourceArn, ...simulated, PolicyInputList: [POLICY] };
  }),
  SimulateCustomPolicy: listed("SimulateCustomPolicy", () => ({
    ...simulated,
    PolicyInputList: [POLICY],
  })),
  ...ownerProbes("User"),
  ...ownerProbes("Role"),
};
