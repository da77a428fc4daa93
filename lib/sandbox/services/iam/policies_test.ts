/**
 * Managed policies, the simulator and the use of keys, through the real SDK client. Texts marked
 * "captured" were recorded from AWS in 2025 (LocalStack's snapshot tests).
 */
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetAccessKeyLastUsedCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { clientsFor } from "../../../testing/clients.ts";
import { ManualClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { startSandbox } from "../../sandbox.ts";
import { Database } from "../../store/database.ts";
import { iamService } from "./service.ts";
import { IamState } from "./state.ts";
import { statementPositions } from "./statement_positions.ts";

type Clients = ReturnType<typeof clientsFor>;

const ACCOUNT = "arn:aws:iam::123456789012";
const ARN = `${ACCOUNT}:policy/team/p`;

function iamTest(name: string, run: (root: Clients, endpoint: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    try {
      using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(root, sandbox.endpoint);
    } finally {
      await sandbox.stop();
    }
  });
}

const allow = (Action: string, Resource = "*") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource }],
  });

const createPolicy = ({ iam }: Clients, PolicyDocument: string) =>
  iam.send(new CreatePolicyCommand({ PolicyName: "p", Path: "/team/", PolicyDocument }));

async function createUser({ iam }: Clients, UserName: string) {
  await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  assert(AccessKey?.AccessKeyId && AccessKey.SecretAccessKey);
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}

const said = (act: () => Promise<unknown>) =>
  assertRejects(act, Error).then(({ name, message }) => `${name}: ${message}`);

iamTest(
  "what counts of a policy is its default version, from the next request on",
  async (root, endpoint) => {
    const credentials = await createUser(root, "u");
    await createPolicy(root, allow("s3:GetObject"));
    await root.iam.send(new AttachUserPolicyCommand({ UserName: "u", PolicyArn: ARN }));
    using user = clientsFor({ endpoint, credentials });
    const list = () => user.s3.send(new ListBucketsCommand({}));
    await assertRejects(list, Error, "s3:ListAllMyBuckets");
    const PolicyDocument = allow("s3:ListAllMyBuckets");
    const { PolicyVersion } = await root.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: ARN, PolicyDocument }),
    );
    assertEquals([PolicyVersion?.VersionId, PolicyVersion?.IsDefaultVersion], ["v2", false]);
    await assertRejects(list, Error, "s3:ListAllMyBuckets");
    const v2 = { PolicyArn: ARN, VersionId: "v2" };
    await root.iam.send(new SetDefaultPolicyVersionCommand(v2));
    await list();
    const { Policy } = await root.iam.send(new GetPolicyCommand({ PolicyArn: ARN }));
    assertEquals([Policy?.DefaultVersionId, Policy?.AttachmentCount], ["v2", 1]);
    const got = await root.iam.send(new GetPolicyVersionCommand(v2));
    assertEquals(decodeURIComponent(got.PolicyVersion?.Document ?? ""), PolicyDocument);
    const { PolicyVersion: third } = await root.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: ARN, PolicyDocument, SetAsDefault: true }),
    );
    assertEquals([third?.VersionId, third?.IsDefaultVersion], ["v3", true]);
  },
);

iamTest(
  "there are five versions at most, their numbers are not given twice, the default stays",
  async ({ iam }) => {
    const PolicyDocument = allow("s3:GetObject");
    await iam.send(new CreatePolicyCommand({ PolicyName: "p", Path: "/team/", PolicyDocument }));
    const add = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn: ARN, PolicyDocument }));
    for (let n = 2; n <= 5; n++) await add();
    assertEquals(
      await said(add),
      "LimitExceededException: A managed policy can have up to 5 versions. Before you create a new " +
        "version, you must delete an existing version.",
    );
    const remove = (VersionId: string) =>
      iam.send(new DeletePolicyVersionCommand({ PolicyArn: ARN, VersionId }));
    await remove("v5");
    assertEquals((await add()).PolicyVersion?.VersionId, "v6");
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: ARN }));
    assertEquals(Versions.map(({ VersionId }) => VersionId), ["v6", "v4", "v3", "v2", "v1"]);
    const first = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: ARN, MaxItems: 4 }));
    const second = await iam.send(
      new ListPolicyVersionsCommand({ PolicyArn: ARN, Marker: first.Marker }),
    );
    assertEquals([first.IsTruncated, second.Versions?.map((v) => v.VersionId)], [true, ["v1"]]);
    assertEquals(
      await said(() => remove("v1")),
      "DeleteConflictException: Cannot delete the default version of a policy.",
    );
    assertEquals(
      await said(() => remove("v5")),
      `NoSuchEntityException: Policy ${ARN} version v5 does not exist or is not attachable.`,
    );
    assertEquals(
      await said(() => iam.send(new DeletePolicyCommand({ PolicyArn: ARN }))),
      "DeleteConflictException: This policy has more than one version. Before you delete a policy, " +
        "you must delete the policy's versions. The default version is deleted with the policy.",
    );
    for (const id of ["v2", "v3", "v4", "v6"]) await remove(id);
    await iam.send(new DeletePolicyCommand({ PolicyArn: ARN }));
    assertEquals(
      await said(() => iam.send(new GetPolicyCommand({ PolicyArn: ARN }))),
      `NoSuchEntityException: Policy ${ARN} was not found.`,
    );
  },
);

iamTest("a policy says who uses it, by kind and path, and has tags", async (root) => {
  const { iam } = root;
  await createPolicy(root, allow("s3:GetObject"));
  await createUser(root, "u");
  const trust = { Effect: "Allow", Principal: { Service: "firehose.amazonaws.com" } };
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { ...trust, Action: "sts:AssumeRole" },
  });
  await iam.send(
    new CreateRoleCommand({ RoleName: "r", Path: "/jobs/", AssumeRolePolicyDocument }),
  );
  await iam.send(new AttachUserPolicyCommand({ UserName: "u", PolicyArn: ARN }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn: ARN }));
  const users = async (input: { EntityFilter?: "Role"; PathPrefix?: string }) => {
    const { PolicyUsers = [], PolicyRoles = [], PolicyGroups } = await iam.send(
      new ListEntitiesForPolicyCommand({ PolicyArn: ARN, ...input }),
    );
    assertEquals(PolicyGroups, []);
    return [...PolicyUsers.map(({ UserName }) => UserName), ...PolicyRoles.map((r) => r.RoleName)];
  };
  assertEquals(await users({}), ["u", "r"]);
  assertEquals(await users({ EntityFilter: "Role" }), ["r"]);
  assertEquals(await users({ PathPrefix: "/jobs/" }), ["r"]);
  const attached = (PathPrefix: string) =>
    iam.send(new ListAttachedUserPoliciesCommand({ UserName: "u", PathPrefix }));
  assertEquals((await attached("/other/")).AttachedPolicies, []);
  assertEquals((await attached("/team/")).AttachedPolicies, [{ PolicyName: "p", PolicyArn: ARN }]);
  assertEquals(
    await said(() => iam.send(new DeletePolicyCommand({ PolicyArn: ARN }))),
    "DeleteConflictException: Cannot delete a policy attached to entities.",
  );
  const used = await iam.send(new ListPoliciesCommand({ Scope: "Local", OnlyAttached: true }));
  assertEquals(used.Policies?.map(({ Arn, AttachmentCount }) => [Arn, AttachmentCount]), [[
    ARN,
    2,
  ]]);
  await iam.send(new DetachUserPolicyCommand({ UserName: "u", PolicyArn: ARN }));
  assertEquals(await users({}), ["r"]);

  const Tags = [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }];
  await iam.send(new TagPolicyCommand({ PolicyArn: ARN, Tags }));
  await iam.send(new UntagPolicyCommand({ PolicyArn: ARN, TagKeys: ["a"] }));
  const listed = await iam.send(new ListPolicyTagsCommand({ PolicyArn: ARN }));
  assertEquals(listed.Tags, [{ Key: "b", Value: "2" }]);
});

iamTest(
  "a managed policy is no larger than 6,144 characters, white space not counted",
  async (root) => {
    const documentOf = (length: number, blanks: string) => {
      const base = allow("s3:Get", "arn:aws:s3:::");
      return blanks + allow("s3:Get", `arn:aws:s3:::${"x".repeat(length - base.length)}`);
    };
    await createPolicy(root, documentOf(6_144, " ".repeat(10_000)));
    assertEquals(
      await said(() =>
        root.iam.send(
          new CreatePolicyCommand({ PolicyName: "q", PolicyDocument: documentOf(6_145, "") }),
        )
      ),
      "LimitExceededException: Cannot exceed quota for PolicySize: 6144",
    );
  },
);

iamTest("the simulator says what a user may do, and which statements decide", async ({ iam }) => {
  await iam.send(new CreateUserCommand({ UserName: "u" }));
  const PolicyDocument = JSON.stringify(
    {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::b/${aws:username}/*" },
        {
          Effect: "Deny",
          Action: "s3:PutObject",
          Resource: "*",
          Condition: { StringEquals: { "aws:PrincipalTag/team": "x", "s3:x-amz-acl": "public" } },
        },
      ],
    },
    undefined,
    2,
  );
  await iam.send(new PutUserPolicyCommand({ UserName: "u", PolicyName: "own", PolicyDocument }));
  await iam.send(
    new AttachUserPolicyCommand({
      UserName: "u",
      PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    }),
  );
  const { EvaluationResults = [], IsTruncated } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: `${ACCOUNT}:user/u`,
      ActionNames: ["s3:GetObject", "s3:DeleteObject"],
      ResourceArns: ["arn:aws:s3:::b/u/k", "arn:aws:s3:::b/v/k"],
    }),
  );
  assertEquals(IsTruncated, false);
  assertEquals(
    EvaluationResults.map((result) => [
      result.EvalActionName,
      result.EvalResourceName,
      result.EvalDecision,
      result.MatchedStatements?.map(({ SourcePolicyId }) => SourcePolicyId),
    ]),
    [
      [
        "s3:GetObject",
        "arn:aws:s3:::b/u/k",
        "allowed",
        ["user_u_own", "AmazonS3ReadOnlyAccess"],
      ],
      ["s3:GetObject", "arn:aws:s3:::b/v/k", "allowed", ["AmazonS3ReadOnlyAccess"]],
      ["s3:DeleteObject", "arn:aws:s3:::b/u/k", "allowed", ["user_u_own"]],
      ["s3:DeleteObject", "arn:aws:s3:::b/v/k", "implicitDeny", []],
    ],
  );
  // The type is as captured; the SDK's own enumeration does not know it.
  assertEquals({ ...EvaluationResults[2].MatchedStatements?.[0] }, {
    SourcePolicyId: "user_u_own",
    SourcePolicyType: "IAM Policy",
    StartPosition: { Line: 4, Column: 5 },
    EndPosition: { Line: 8, Column: 6 },
  });
  assertEquals(EvaluationResults[2].MissingContextValues, [
    "aws:PrincipalTag/team",
    "s3:x-amz-acl",
  ]);
  assertEquals(EvaluationResults[2].ResourceSpecificResults?.[0].EvalResourceDecision, "allowed");
  const entry = (ContextKeyName: string, value: string) => ({
    ContextKeyName,
    ContextKeyValues: [value],
    ContextKeyType: "string" as const,
  });
  const denied = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: `${ACCOUNT}:user/u`,
      ActionNames: ["s3:PutObject"],
      ResourceArns: ["arn:aws:s3:::b/u/k"],
      ContextEntries: [entry("aws:PrincipalTag/team", "x"), entry("s3:x-amz-acl", "public")],
    }),
  );
  const [result] = denied.EvaluationResults ?? [];
  assertEquals([result.EvalDecision, result.MatchedStatements?.length], ["explicitDeny", 1]);
  assertEquals(result.MissingContextValues, []);
});

iamTest(
  "the simulator takes policies that nobody has, pages, and refuses what it can't do",
  async ({ iam }) => {
    const custom = (input: Partial<ConstructorParameters<typeof SimulateCustomPolicyCommand>[0]>) =>
      iam.send(
        new SimulateCustomPolicyCommand({
          PolicyInputList: [allow("s3:Get*")],
          ActionNames: ["s3:GetObject", "s3:PutObject", "firehose:PutRecord"],
          ...input,
        }),
      );
    const first = await custom({ MaxItems: 2 });
    const second = await custom({ Marker: first.Marker });
    const decisions = [first, second].map(({ EvaluationResults }) =>
      EvaluationResults?.map((
        { EvalDecision, EvalResourceName },
      ) => [EvalDecision, EvalResourceName])
    );
    assertEquals(decisions, [
      [["allowed", "*"], ["implicitDeny", "*"]],
      [["implicitDeny", "*"]],
    ]);
    const refused = [
      () => custom({ ResourcePolicy: allow("s3:Get*") }),
      () => custom({ PolicyInputList: ["{}"] }),
      () => custom({ ActionNames: ["nope"] }),
      () =>
        iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: `${ACCOUNT}:user/nobody`,
            ActionNames: ["s3:GetObject"],
          }),
        ),
    ];
    assertEquals(await Promise.all(refused.map(said)), [
      "InvalidInputException: The sandbox does not support ResourcePolicy.",
      "InvalidInputException: PolicyInputList.1: Policy document must be version 2012-10-17 or greater.",
      "InvalidInputException: nope is not an action: service:Name is expected.",
      `NoSuchEntityException: No user or role has the ARN ${ACCOUNT}:user/nobody.`,
    ]);
  },
);

Deno.test("the simulator and a real request never disagree", async () => {
  const database = new Database(":memory:");
  const random = systemRandom;
  const state = new IamState({
    database,
    clock: new ManualClock(),
    random,
    accountId: "123456789012",
  });
  const simulation = iamService(state).operations.get("SimulatePrincipalPolicy");
  assert(simulation);
  const user = {
    userName: "u",
    path: "/",
    id: "AIDATESTTESTTESTTESTT",
    arn: `${ACCOUNT}:user/u`,
    createMs: 0,
    tags: {},
    attached: [],
  };
  const { accountId } = state;
  const caller = {
    kind: "user",
    accountId,
    arn: user.arn,
    userId: user.id,
    userName: "u",
  } as const;
  const actions = ["s3:GetObject", "s3:PutObject", "logs:GetLogEvents"];
  const resources = ["arn:aws:s3:::b/u/k", "arn:aws:s3:::b/v/k", "arn:aws:s3:::c"];
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.constantFrom("*", "s3:*", "s3:Get*", ...actions),
    Resource: fc.constantFrom(
      "*",
      "arn:aws:s3:::b/${aws:username}/*",
      "arn:aws:s3:::b/*",
      ...resources,
    ),
  });
  const documents = fc.array(fc.array(statement, { minLength: 1, maxLength: 3 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(documents, async (documents) => {
      const inline = Object.fromEntries(
        documents.map((
          Statement,
          n,
        ) => [`p${n}`, JSON.stringify({ Version: "2012-10-17", Statement })]),
      );
      await state.change(() => state.save("user", "u", { ...user, inline }));
      const input = { PolicySourceArn: user.arn, ActionNames: actions, ResourceArns: resources };
      const answered = await simulation.run(input, {
        caller: state.rootCaller(),
        region: "us-east-1",
        requestId: "test",
        nowMs: 0,
        headers: new Headers(),
      });
      const results: unknown = Object.entries(answered ?? {}).find(([name]) =>
        name === "EvaluationResults"
      )?.[1];
      assert(Array.isArray(results) && results.length === 9);
      for (const { EvalActionName, EvalResourceName, EvalDecision } of results) {
        const asked = { action: EvalActionName, resource: EvalResourceName };
        assertEquals(EvalDecision === "allowed", state.decide(caller, asked).allowed);
      }
    }),
    { numRuns: 60 },
  );
  database.close();
});

Deno.test("a statement's place is that of its text, whatever stands around it", () => {
  const text = fc.string().map((text) => JSON.stringify(text));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (sids, id) => {
      const statements = sids.map((sid) => `{"Sid":${sid},"Condition":{"x":{"y":["}{",${id}]}}}`);
      const list = `{\n"Id":${id}, "Statement" : [${statements.join(",\n  ")}]}`;
      const single = `{"Statement":${statements[0]},\n"Id":${id}}`;
      for (const [document, expected] of [[list, statements], [single, [statements[0]]]] as const) {
        const lines = document.split("\n");
        const found = statementPositions(document).map(({ StartPosition, EndPosition }) => {
          const [first, last] = [StartPosition, EndPosition].map(({ Line = 0, Column = 0 }) =>
            lines.slice(0, Line - 1).reduce((sum, line) => sum + line.length + 1, 0) + Column - 1
          );
          return document.slice(first, last);
        });
        assertEquals(found, expected);
      }
    }),
  );
});

iamTest(
  "the last use of a key is told: when, for which service, in which region",
  async (root, endpoint) => {
    const credentials = await createUser(root, "u");
    const AccessKeyId = credentials.accessKeyId;
    const lastUse = () => root.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
    const never = await lastUse();
    assertEquals([never.UserName, never.AccessKeyLastUsed], [
      "u",
      { ServiceName: "N/A", Region: "N/A" },
    ]);
    using user = clientsFor({ endpoint, credentials });
    await assertRejects(() => user.s3.send(new ListBucketsCommand({})), Error);
    const { AccessKeyLastUsed: use } = await lastUse();
    assertEquals([use?.ServiceName, use?.Region], ["s3", "us-east-1"]);
    assert(Math.abs(Number(use?.LastUsedDate) - Date.now()) < 60_000);
    using forger = clientsFor({ endpoint, credentials: { ...credentials, secretAccessKey: "x" } });
    await assertRejects(() => forger.sts.send(new GetCallerIdentityCommand({})), Error);
    assertEquals(
      (await lastUse()).AccessKeyLastUsed?.ServiceName,
      "s3",
      "a forger has not used it",
    );
  },
);

Deno.test("the last use of a key outlives a restart", async () => {
  const path = await Deno.makeTempFile();
  const clock = new ManualClock();
  const stateOn = (database: Database) =>
    new IamState({ database, clock, random: systemRandom, accountId: "123456789012" });
  const first = new Database(path);
  const { accessKeyId } = await stateOn(first).ensureRootKey();
  stateOn(first).noteUse(accessKeyId, { service: "firehose", region: "eu-west-1" });
  first.close();
  const second = new Database(path);
  assertEquals(stateOn(second).lastUse(accessKeyId), {
    service: "firehose",
    region: "eu-west-1",
    usedMs: clock.nowMs(),
  });
  second.close();
  await Deno.remove(path);
});

Deno.test("a policy that was kept before there were versions has one", () => {
  const database = new Database(":memory:");
  const makeState = () =>
    new IamState({
      database,
      clock: new ManualClock(),
      random: systemRandom,
      accountId: "123456789012",
    });
  makeState();
  const document = allow("s3:GetObject");
  const kept = {
    policyName: "p",
    path: "/",
    id: "ANPA",
    arn: ARN,
    document,
    createMs: 5,
    tags: {},
  };
  database.sqlite.prepare("INSERT INTO iam VALUES ('policy', ?, ?)").run(ARN, JSON.stringify(kept));
  const { versions, defaultVersionId, lastVersion } = makeState().policy(ARN) ?? {};
  assertEquals(versions, [{ versionId: "v1", document, createMs: 5 }]);
  assertEquals([defaultVersionId, lastVersion], ["v1", 1]);
  database.close();
});
