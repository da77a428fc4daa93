/** The policy simulator: through the real SDK client, and beside what real requests get. */
import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { said } from "../../testing/said.ts";
import { Database } from "../../store/database.ts";
import { iamService } from "./service.ts";
import { ACCOUNT, allow, iamTest, stateOn } from "./testing.ts";

iamTest(
  "the simulator reports the decision for a user, and the statements that decide",
  async ({ iam }) => {
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
      StartPosition: { Line: 4, Column: 6 },
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
  },
);

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
        custom({
          ActionNames: Array.from({ length: 400 }, (_, n) => `s3:A${n}`),
          ResourceArns: Array.from({ length: 251 }, (_, n) => `arn:aws:s3:::b${n}`),
        }),
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
      "InvalidInputException: PolicyInputList.1: Syntax errors in policy.",
      "InvalidInputException: nope is not an action: service:Name is expected.",
      "InvalidInputException: The sandbox simulates at most 100000 pairs of an action and a resource in " +
      "one call.",
      `NoSuchEntityException: No user or role has the ARN ${ACCOUNT}:user/nobody.`,
    ]);
  },
);

Deno.test("the simulator and a real request never disagree", async () => {
  const database = new Database(":memory:");
  const state = stateOn(database);
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
        signature: { version: 4, place: "header", signedMs: 0 },
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
