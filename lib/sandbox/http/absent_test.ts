/** Services and operations that are not here: the sentence arrives in the caller's own protocol. */
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketInventoryConfigurationsCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { Answered } from "./answered.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import * as lambdaSchemas from "../schemas/lambda.ts";
import * as s3Schemas from "../schemas/s3.ts";
import { clientsFor } from "../testing/clients.ts";
import { signedHeaders, type Unsigned } from "../testing/signing.ts";

async function withSandbox(
  run: (sandbox: Sandbox, answered: Answered[]) => Promise<void>,
  isOpen = false,
): Promise<void> {
  const answered: Answered[] = [];
  const log = {
    answered: (answer: Answered) => void answered.push(answer),
    problem: () => {},
    close: () => Promise.resolve(),
  };
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, log, isOpen });
  try {
    await run(sandbox, answered);
  } finally {
    await sandbox.stop();
  }
}

/** A request, the service and operation that the log names, and what the client looks at. */
type Case = readonly [
  why: string,
  call: Unsigned,
  logged: readonly [string | undefined, string | undefined],
  answer: RegExp,
];

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** Forms as botocore 1.44 and the SDK for JavaScript 3.1175 parse them. */
const ABSENT_SERVICES: readonly Case[] = [
  [
    "SNS: the query protocol",
    {
      service: "sns",
      method: "POST",
      path: "/",
      headers: FORM,
      body: "Action=Publish&Version=2010-03-31&TopicArn=t&Message=m",
    },
    ["sns", "Publish"],
    /^<ErrorResponse xmlns="[^"]+"><Error><Type>Receiver<\/Type><Code>NotImplemented<\/Code><Message>The sandbox does not have the service &quot;sns&quot;/,
  ],
  [
    "EC2: its own form of errors",
    {
      service: "ec2",
      method: "POST",
      path: "/",
      headers: FORM,
      body: "Action=DescribeVpcs&Version=2016-11-15",
    },
    ["ec2", "DescribeVpcs"],
    /^<Response><Errors><Error><Code>NotImplemented<\/Code><Message>.+<\/Message><\/Error><\/Errors><RequestID>/,
  ],
  [
    "DynamoDB: JSON 1.0",
    {
      service: "dynamodb",
      method: "POST",
      path: "/",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.ListTables",
      },
      body: "{}",
    },
    ["dynamodb", "ListTables"],
    /^\{"__type":"NotImplemented","message":"The sandbox does not have the service \\"dynamodb\\"; it has /,
  ],
  [
    "API Gateway: REST with JSON",
    { service: "apigateway", method: "GET", path: "/restapis" },
    ["apigateway", undefined],
    /^\{"Type":"Service","Message":"The sandbox does not have the service \\"apigateway\\"/,
  ],
  [
    "Route 53: REST with XML",
    { service: "route53", method: "GET", path: "/2013-04-01/hostedzone" },
    ["route53", undefined],
    /<Error><Code>NotImplemented<\/Code><Message>The sandbox does not have the service &quot;route53&quot;/,
  ],
  [
    "a service of RPC v2 CBOR",
    {
      service: "arc",
      method: "POST",
      path: "/service/Arc/operation/StartPlan",
      headers: { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" },
      body: new Uint8Array([0xa0]),
    },
    ["arc", "StartPlan"],
    /NotImplemented.+The sandbox does not have the service "arc"/s,
  ],
];

for (const [why, call, logged, answer] of ABSENT_SERVICES) {
  for (const isOpen of [false, true]) {
    Deno.test(`${isOpen ? "open" : "strict"}: a service that is not here says so, ${why}`, async () => {
      await withSandbox(async ({ endpoint, rootKey }, answered) => {
        const { host } = new URL(endpoint);
        const headers = await signedHeaders(host, call, { credentials: rootKey });
        const { method, path, body } = call;
        const response = await fetch(endpoint + path, { method, headers, body });
        assertMatch(await response.text(), answer);
        assertEquals(response.status, 501);
        const [{ service, operation, error }] = answered;
        assertEquals([service, operation], logged);
        assertStringIncludes(error?.message ?? "", "it has ");
      }, isOpen);
    });
  }
}

Deno.test("an unsigned call of a service that is not here is answered in its protocol", async () => {
  await withSandbox(async ({ endpoint }) => {
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "DynamoDB_20120810.ListTables",
    };
    const response = await fetch(endpoint, { method: "POST", headers, body: "{}" });
    assertMatch(await response.text(), /^\{"__type":"MissingAuthenticationTokenException"/);
  });
  await withSandbox(async ({ endpoint }) => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.ListTables",
      },
      body: "{}",
    });
    assertMatch(await response.text(), /does not have the service \\"DynamoDB_20120810\\"/);
  }, true);
});

Deno.test("an operation of S3 or Lambda that is not here is named in the answer and in the log", async () => {
  await withSandbox(async ({ endpoint, rootKey, port }, answered) => {
    using root = clientsFor({ endpoint, credentials: rootKey });
    const virtual = new S3Client({
      endpoint: `http://localhost:${port}`,
      credentials: rootKey,
      region: "us-east-1",
      forcePathStyle: true,
      maxAttempts: 1,
    });
    const calls = [
      [
        "ListBucketInventoryConfigurations",
        () => root.s3.send(new ListBucketInventoryConfigurationsCommand({ Bucket: "b-b" })),
      ],
      [
        "RestoreObject",
        () => virtual.send(new RestoreObjectCommand({ Bucket: "b-b", Key: "k" })),
      ],
      ["ListEventSourceMappings", () => root.lambda.send(new ListEventSourceMappingsCommand({}))],
    ] as const;
    for (const [name, send] of calls) {
      const error = await assertRejects(send, Error);
      assertStringIncludes(error.message, `The sandbox does not have ${name}`);
      assertEquals(answered.at(-1)?.operation, name);
    }
    virtual.destroy();
  });
});

/** The requests of a service's operations that are not here, by name: those that share the schema of another one. */
function absentRequests(service: string, schemas: typeof lambdaSchemas | typeof s3Schemas) {
  return schemas.allSchemas()
    .filter((schema) => !Object.hasOwn(schemas, `${schema[2]}$`))
    .map(({ 2: name, 3: traits }) => {
      const [method, uri] = Object(traits).http as [string, string];
      const [path, query = ""] = uri.split("?");
      const start = service === "s3" ? "/b-b" : "";
      const filled = path.replace("{Key+}", "key").replaceAll(/\{\w+\+?\}/g, "a");
      const others = [...new URLSearchParams(query)].filter(([key]) => key !== "x-id");
      return {
        name,
        call: { service, method, path: start + filled, query: Object.fromEntries(others) },
      };
    });
}

// A request of the SDKs for other languages has no `x-id`. `DELETE /b/key?annotation` deleted the
// object, `PUT /b/key?renameObject` overwrote it (the Rust SDK's rename_object, aws-sdk-s3 1.157.0).
Deno.test("no operation that is not here is taken for one that is", async () => {
  // These two differ from others by their host alone.
  const byHost = new Set(["ListDirectoryBuckets", "WriteGetObjectResponse"]);
  await withSandbox(async ({ endpoint, rootKey }, answered) => {
    using root = clientsFor({ endpoint, credentials: rootKey });
    const place = { Bucket: "b-b", Key: "key" };
    await root.s3.send(new CreateBucketCommand(place));
    await root.s3.send(new PutObjectCommand({ ...place, Body: "kept" }));
    const requests = [
      ...absentRequests("s3", s3Schemas),
      ...absentRequests("lambda", lambdaSchemas),
    ].filter(({ name }) => !byHost.has(name));
    const taken: string[] = [];
    for (const { name, call } of requests) {
      const { host } = new URL(endpoint);
      const headers = await signedHeaders(host, call, { credentials: rootKey });
      const search = new URLSearchParams(call.query);
      const response = await fetch(`${endpoint}${call.path}?${search}`, {
        method: call.method,
        headers,
      });
      const text = await response.text();
      const status = call.service === "s3" ? 501 : 404;
      if (response.status !== status || !text.includes("The sandbox does not have")) {
        taken.push(`${name}: ${answered.at(-1)?.operation} ${response.status}`);
      }
    }
    assertEquals(taken, []);
    assertEquals(requests.length > 100, true);
    const { Body } = await root.s3.send(new GetObjectCommand(place));
    assertEquals(await Body?.transformToString(), "kept");
  });
});

// As client-s3's createPresignedPost 3.1164.0, boto3 1.44.8 and minio 8.0.7 for JavaScript post it.
Deno.test("a presigned POST is refused by name, strict and open: it looks unsigned", async () => {
  for (const isOpen of [false, true]) {
    await withSandbox(async ({ endpoint }, answered) => {
      const form = new FormData();
      form.append("key", "posted");
      form.append("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
      form.append("file", "content");
      const response = await fetch(`${endpoint}/b-b`, { method: "POST", body: form });
      assertMatch(await response.text(), /<Code>NotImplemented<.+does not have PostObject/s);
      assertEquals([response.status, answered.at(-1)?.operation], [501, "PostObject"]);
    }, isOpen);
  }
});
