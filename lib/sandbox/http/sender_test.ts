/** Where a call comes from, as policies ask for it. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { readRunningFile } from "../running_file.ts";
import { startSandbox } from "../sandbox.ts";
import { clientsFor } from "../testing/clients.ts";
import { signedHeaders } from "../testing/signing.ts";
import { tempFolder } from "../testing/temp_folder.ts";
import { CALLS, hasIPv6 } from "./testing.ts";

Deno.test("aws:SecureTransport is true over --tls alone, and aws:SourceIp is the client's address", async () => {
  using folder = tempFolder();
  const dataDir = join(folder.path, "data");
  const sandbox = await startSandbox({ port: 0, dataDir, speed: 60, tls: true });
  const plain = `${readRunningFile(dataDir)?.endpoint}`;
  const caCerts = [await Deno.readTextFile(`${sandbox.authorityPath}`)];
  try {
    using client = Deno.createHttpClient({ caCerts });
    using root = clientsFor({ endpoint: plain, credentials: sandbox.rootKey });
    await root.iam.send(new CreateUserCommand({ UserName: "ann" }));
    const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ??
      {};
    /** Whether ann may list users if the condition holds, when she calls `endpoint`. */
    const isAllowed = async (condition: object, endpoint: string) => {
      const statement = { Effect: "Allow", Action: "iam:ListUsers", Resource: "*" };
      const document = { Version: "2012-10-17", Statement: { ...statement, Condition: condition } };
      const PolicyDocument = JSON.stringify(document);
      await root.iam.send(
        new PutUserPolicyCommand({ UserName: "ann", PolicyName: "p", PolicyDocument }),
      );
      const { host } = new URL(endpoint);
      const credentials = { accessKeyId, secretAccessKey };
      const headers = await signedHeaders(host, CALLS.query, { credentials });
      const { method, body } = CALLS.query;
      const response = await fetch(`${endpoint}/`, { method, body, headers, client });
      await response.body?.cancel();
      return response.status === 200;
    };
    const isSecure = { Bool: { "aws:SecureTransport": "true" } };
    assertEquals(await isAllowed(isSecure, sandbox.endpoint), true);
    assertEquals(await isAllowed(isSecure, plain), false);
    const from = (address: string) => ({ IpAddress: { "aws:SourceIp": address } });
    assertEquals(await isAllowed(from("127.0.0.0/8"), sandbox.endpoint), true);
    if (!hasIPv6()) return;
    const overV6 = `https://[::1]:${sandbox.port}`;
    assertEquals(await isAllowed(from("127.0.0.0/8"), overV6), false);
    assertEquals(await isAllowed(from("::1/128"), overV6), true);
  } finally {
    await sandbox.stop();
  }
});
