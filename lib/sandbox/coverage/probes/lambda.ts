/**
 * How Lambda's operations are called to learn what they do with each member of their input.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import { strToU8, zipSync } from "fflate";
import { verifiedBody } from "../../http/body.ts";
import type { InputOf, Probe } from "../probe.ts";
import { ACCOUNT_ID, BUCKET, REGION, ROLE_ARN, type Scene } from "../scene.ts";

const ZIP = zipSync({ "index.mjs": strToU8("export const handler = (event) => event;") });

const arnOf = (FunctionName: string) =>
  `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${FunctionName}`;

// --- what is there ----------------------------------------------------------------------------

const DEFINITION = {
  Role: ROLE_ARN,
  Runtime: "nodejs24.x",
  Handler: "index.handler",
  Code: { ZipFile: ZIP },
  Tags: { key: "value" },
};

/** A function that is Active. */
async function functionOf(scene: Scene) {
  const FunctionName = scene.unique("function");
  await scene.call("lambda", "CreateFunction", { FunctionName, ...DEFINITION });
  const state = async () =>
    (await scene.call("lambda", "GetFunctionConfiguration", { FunctionName })).State;
  while (await state() !== "Active") {
    scene.clock.advance(1_000);
    await pause(1);
  }
  return { FunctionName };
}

/** A function with versions 1 and 2. */
async function published(scene: Scene) {
  const { FunctionName } = await functionOf(scene);
  await scene.call("lambda", "PublishVersion", { FunctionName });
  const Description = "another";
  await scene.call("lambda", "UpdateFunctionConfiguration", { FunctionName, Description });
  const status = async () =>
    (await scene.call("lambda", "GetFunctionConfiguration", { FunctionName })).LastUpdateStatus;
  while (await status() !== "Successful") {
    scene.clock.advance(1_000);
    await pause(1);
  }
  await scene.call("lambda", "PublishVersion", { FunctionName });
  return { FunctionName };
}

/** A function with the aliases `live` and `test`. */
async function aliased(scene: Scene) {
  const { FunctionName } = await published(scene);
  for (const Name of ["live", "test"]) {
    await scene.call("lambda", "CreateAlias", { FunctionName, Name, FunctionVersion: "1" });
  }
  return { FunctionName };
}

const PERMISSION = {
  StatementId: "statement",
  Action: "lambda:InvokeFunction",
  Principal: "firehose.amazonaws.com",
};

/** A function whose version 1, like itself, may be invoked by Firehose. */
async function permitted(scene: Scene) {
  const { FunctionName } = await published(scene);
  await scene.call("lambda", "AddPermission", { FunctionName, ...PERMISSION });
  const onVersion = { FunctionName, Qualifier: "1", ...PERMISSION };
  await scene.call("lambda", "AddPermission", onVersion);
  return { FunctionName };
}

/** The code in S3. */
async function codeInS3(scene: Scene) {
  const headers = new Headers({ "content-length": String(ZIP.length) });
  const S3Key = scene.unique("code");
  const Body = verifiedBody(new Blob([new Uint8Array(ZIP)]).stream(), { headers });
  await scene.call("s3", "PutObject", { Bucket: BUCKET, Key: S3Key, Body });
  return { S3Bucket: BUCKET, S3Key };
}

// --- calls ------------------------------------------------------------------------------------

const and = (inputOf: InputOf, more: object): InputOf => async (scene) => ({
  ...await inputOf(scene),
  ...more,
});

/** A call with the function's own revision. */
const withRevision = (inputOf: InputOf) => ({
  own: async (scene: Scene) => {
    const input = await inputOf(scene);
    const { FunctionName } = input;
    const { RevisionId } = await scene.call("lambda", "GetFunctionConfiguration", { FunctionName });
    return { ...input, RevisionId };
  },
});

/** A list, whose Marker is that of a first page with one item. */
const listed = (operation: string, inputOf: InputOf): Probe => ({
  input: inputOf,
  calls: {
    Marker: {
      marker: async (scene) => {
        const input = { ...await inputOf(scene), MaxItems: 1 };
        const { NextMarker } = await scene.call("lambda", operation, input);
        return { ...input, Marker: NextMarker };
      },
    },
  },
});

const creating: InputOf = (scene) => ({
  FunctionName: scene.unique("function"),
  ...DEFINITION,
  Description: "probed",
  Environment: { Variables: { KEY: "value" } },
  LoggingConfig: { LogGroup: "/probed" },
  VpcConfig: { SubnetIds: [] },
});

/** Settings by the values that differ here: some are accepted, some refused. */
const SETTINGS = {
  Timeout: [60],
  MemorySize: [256],
  Handler: ["index.handler"],
  Role: [ROLE_ARN],
  Runtime: ["nodejs24.x", "python3.13", "provided.al2023", "java21", "nodejs4.3"],
  "VpcConfig.SubnetIds": [["subnet-1"]],
  "VpcConfig.SecurityGroupIds": [["sg-1"]],
  DeadLetterConfig: [{ TargetArn: "" }],
  "DeadLetterConfig.TargetArn": ["", "arn:aws:sqs:us-east-1:1:q"],
  EphemeralStorage: [{ Size: 512 }],
  "EphemeralStorage.Size": [1_024],
  "LoggingConfig.LogGroup": ["/probed"],
};

export const LAMBDA_PROBES: Readonly<Record<string, Probe>> = {
  CreateFunction: {
    input: creating,
    values: SETTINGS,
    calls: {
      "Code.S3Bucket": {
        s3: async (scene) => ({ ...await creating(scene), Code: await codeInS3(scene) }),
      },
      "Code.S3Key": {
        s3: async (scene) => ({ ...await creating(scene), Code: await codeInS3(scene) }),
      },
    },
  },
  GetFunction: { input: published, values: { Qualifier: ["1"] } },
  GetFunctionConfiguration: { input: published, values: { Qualifier: ["1"] } },
  UpdateFunctionCode: {
    input: and(functionOf, { ZipFile: ZIP }),
    values: { DryRun: [false, true] },
    calls: {
      S3Bucket: { s3: async (scene) => ({ ...await functionOf(scene), ...await codeInS3(scene) }) },
      S3Key: { s3: async (scene) => ({ ...await functionOf(scene), ...await codeInS3(scene) }) },
      RevisionId: withRevision(and(functionOf, { ZipFile: ZIP })),
    },
  },
  UpdateFunctionConfiguration: {
    input: and(functionOf, {
      Description: "probed",
      Environment: { Variables: { KEY: "value" } },
      LoggingConfig: { LogGroup: "/probed" },
      VpcConfig: { SubnetIds: [] },
    }),
    values: SETTINGS,
    calls: { RevisionId: withRevision(functionOf) },
  },
  DeleteFunction: { input: published, values: { Qualifier: ["1"] } },
  ListFunctions: {
    ...listed("ListFunctions", async (scene) => {
      await functionOf(scene);
      await functionOf(scene);
      return {};
    }),
  },
  Invoke: {
    input: and(published, { InvocationType: "DryRun", Qualifier: "1" }),
    values: { Payload: [strToU8("{}")], ClientContext: ["e30="] },
    calls: { LogType: { Tail: and(functionOf, { LogType: "Tail" }) } },
  },
  PublishVersion: {
    input: functionOf,
    calls: {
      CodeSha256: {
        own: async (scene) => {
          const input = await functionOf(scene);
          const { CodeSha256 } = await scene.call("lambda", "GetFunctionConfiguration", input);
          return { ...input, CodeSha256 };
        },
      },
      RevisionId: withRevision(functionOf),
    },
  },
  ListVersionsByFunction: listed("ListVersionsByFunction", published),
  CreateAlias: {
    input: and(published, { Name: "new", FunctionVersion: "1", Description: "probed" }),
    values: {
      RoutingConfig: [{ AdditionalVersionWeights: { "2": 0.5 } }],
    },
  },
  GetAlias: { input: and(aliased, { Name: "live" }) },
  UpdateAlias: {
    input: and(aliased, { Name: "live", FunctionVersion: "1", Description: "probed" }),
    values: { RoutingConfig: [{ AdditionalVersionWeights: { "2": 0.5 } }] },
    calls: {
      RevisionId: {
        own: async (scene) => {
          const alias = { ...await aliased(scene), Name: "live" };
          const { RevisionId } = await scene.call("lambda", "GetAlias", alias);
          return { ...alias, RevisionId };
        },
      },
    },
  },
  DeleteAlias: { input: and(aliased, { Name: "live" }) },
  ListAliases: listed("ListAliases", and(aliased, { FunctionVersion: "1" })),
  AddPermission: {
    input: and(published, {
      ...PERMISSION,
      SourceArn: "arn:aws:firehose:us-east-1:123456789012:x",
    }),
    values: {
      SourceAccount: [ACCOUNT_ID],
      PrincipalOrgID: ["o-1234567890"],
      Qualifier: ["1"],
    },
    calls: {
      RevisionId: {
        own: async (scene) => {
          const input = await permitted(scene);
          const { RevisionId } = await scene.call("lambda", "GetPolicy", input);
          return { ...input, ...PERMISSION, StatementId: "other", RevisionId };
        },
      },
    },
  },
  GetPolicy: { input: permitted, values: { Qualifier: ["1"] } },
  RemovePermission: {
    input: and(permitted, { StatementId: "statement" }),
    values: { Qualifier: ["1"] },
    calls: {
      RevisionId: {
        own: async (scene) => {
          const input = await permitted(scene);
          const { RevisionId } = await scene.call("lambda", "GetPolicy", input);
          return { ...input, StatementId: "statement", RevisionId };
        },
      },
    },
  },
  PutFunctionConcurrency: { input: and(functionOf, { ReservedConcurrentExecutions: 1 }) },
  GetFunctionConcurrency: { input: functionOf },
  GetFunctionCodeSigningConfig: { input: functionOf },
  DeleteFunctionConcurrency: { input: functionOf },
  TagResource: { input: async (scene) => ({ ...await resource(scene), Tags: { key: "value" } }) },
  UntagResource: { input: async (scene) => ({ ...await resource(scene), TagKeys: ["key"] }) },
  ListTags: { input: resource },
};

async function resource(scene: Scene) {
  const { FunctionName } = await functionOf(scene);
  return { Resource: arnOf(FunctionName) };
}
