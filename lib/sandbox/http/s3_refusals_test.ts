/**
 * Requests that S3 refuses as a whole. Each row names where an answer of AWS was published.
 */
import { assertEquals } from "@std/assert";
import { startSandbox } from "../sandbox.ts";

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Refusal {
  readonly status: number;
  /** The elements of the error, as XML, without RequestId and HostId. */
  readonly error: string;
  readonly allow?: string;
}

const NOT_ALLOWED = "<Code>MethodNotAllowed</Code><Message>The specified method is not allowed " +
  "against this resource.</Message>";
/** Says that the request is for S3: the sandbox's root has other services too. */
const S3 = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
const COPY = { "x-amz-copy-source": "bucket-b/k" };

const REFUSALS: readonly (readonly [string, Sent, Refusal])[] = [
  ["versity/versitygw issue 1810, 2026-02", { method: "POST", path: "/" }, {
    status: 405,
    error: `${NOT_ALLOWED}<Method>POST</Method><ResourceType>SERVICE</ResourceType>`,
    allow: "GET",
  }],
  ["benjreinhart/react-native-aws3 issue 26, 2017", { method: "POST", path: "/bucket-b" }, {
    status: 412,
    error: "<Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you " +
      "specified did not hold</Message><Condition>Bucket POST must be of the enclosure-type " +
      "multipart/form-data</Condition>",
  }],
  ["mhart/aws4fetch issue 14, 2020", { method: "POST", path: "/bucket-b/k" }, {
    status: 405,
    error: `${NOT_ALLOWED}<Method>POST</Method><ResourceType>OBJECT</ResourceType>`,
  }],
  ["versity/versitygw issue 896, 2024-10", { method: "POST", path: "/bucket-b/k?upload" }, {
    status: 405,
    error: `${NOT_ALLOWED}<Method>POST</Method><ResourceType>OBJECT</ResourceType>`,
  }],
  ["cinely/mule-uploader issue 17, 2013", { method: "GET", path: "/bucket-b/k?uploads" }, {
    status: 400,
    error: "<Code>InvalidRequest</Code><Message>Key is not expected for the GET method ?uploads " +
      "subresource</Message>",
  }],
  ["versity/versitygw issue 1688, 2025-12", { method: "GET", path: "/bucket-b/k?versions" }, {
    status: 400,
    error: "<Code>InvalidRequest</Code><Message>There is no such thing as the ?versions " +
      "sub-resource for a key</Message>",
  }],
  ["versity/versitygw issue 1236, 2025-04", { method: "PUT", path: "/bucket-b/k?uploadId=u" }, {
    status: 405,
    error: `${NOT_ALLOWED}<Method>PUT</Method><ResourceType>UPLOAD</ResourceType>`,
    allow: "DELETE, POST, GET",
  }],
  ["versity/versitygw issue 1226, 2025-04", {
    method: "PUT",
    path: "/bucket-b/k?partNumber=1",
    headers: COPY,
  }, {
    status: 400,
    error: "<Code>InvalidArgument</Code><Message>This operation does not accept partNumber " +
      "without uploadId</Message><ArgumentName>partNumber</ArgumentName>" +
      "<ArgumentValue>partNumber</ArgumentValue>",
  }],
  ["versity/versitygw issue 1242, 2025-04", {
    method: "PUT",
    path: "/bucket-b/c",
    headers: COPY,
    body: "x",
  }, {
    status: 400,
    error: "<Code>InvalidRequest</Code><Message>The request included a body. Requests of this " +
      "type must not include a non-empty body.</Message>",
  }],
  ["versity/versitygw issue 1388, 2025-07", {
    method: "PUT",
    path: "/bucket-b/c",
    headers: { "x-amz-copy-source": "" },
  }, {
    status: 400,
    error: "<Code>InvalidArgument</Code><Message>Invalid copy source bucket name</Message>" +
      "<ArgumentName>x-amz-copy-source</ArgumentName>" +
      "<ArgumentValue>x-amz-copy-source</ArgumentValue>",
  }],
  ["versity/versitygw issue 1367, 2025-07", {
    method: "PUT",
    path: "/bucket-b/a",
    headers: { "x-amz-acl": "privatee" },
  }, {
    status: 400,
    error: "<Code>InvalidArgument</Code><Message></Message><ArgumentName>x-amz-acl</ArgumentName>" +
      "<ArgumentValue>privatee</ArgumentValue>",
  }],
  ["cloudyr/aws.s3 issue 435, 2024-11", {
    method: "PUT",
    path: "/bucket-b/a",
    headers: { "x-amz-acl": "public-read" },
  }, {
    status: 400,
    error: "<Code>AccessControlListNotSupported</Code><Message>The bucket does not allow ACLs" +
      "</Message>",
  }],
  ["kubernetes/kops issue 15454, 2023-05", {
    method: "PUT",
    path: "/bucket-c",
    headers: { "x-amz-acl": "public-read" },
  }, {
    status: 400,
    error: "<Code>InvalidBucketAclWithObjectOwnership</Code><Message>Bucket cannot have ACLs set " +
      "with ObjectOwnership&apos;s BucketOwnerEnforced setting</Message>",
  }],
];

for (const [source, { method, path, headers = {}, body }, refusal] of REFUSALS) {
  const sent = [`${method} ${path}`, ...Object.entries(headers).map((pair) => pair.join(": "))];
  Deno.test(`S3 refuses ${sent.join(", ")}${body ? " with a body" : ""}: ${source}`, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, isOpen: true });
    try {
      const url = (to: string) => `${sandbox.endpoint}${to}`;
      await (await fetch(url("/bucket-b"), { method: "PUT" })).text();
      await (await fetch(url("/bucket-b/k"), { method: "PUT", body: "12345678" })).text();
      const answer = await fetch(url(path), { method, headers: { ...S3, ...headers }, body });
      const error = /<Error>(.*)<RequestId>/.exec(await answer.text())?.[1] ?? "";
      const allow = answer.headers.get("allow") ?? undefined;
      assertEquals({ status: answer.status, error, allow }, { allow: undefined, ...refusal });
    } finally {
      await sandbox.stop();
    }
  });
}
