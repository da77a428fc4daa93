import { assertEquals } from "@std/assert";
import { readAssets, readStack } from "./cdk_output.ts";

/** As aws-cdk-lib 2.276.0 writes it, what is not read left out. */
const MANIFEST = {
  version: "55.0.0",
  artifacts: {
    "Pipeline.assets": { type: "cdk:asset-manifest", properties: { file: "Pipeline.assets.json" } },
    Pipeline: {
      type: "aws:cloudformation:stack",
      environment: "aws://unknown-account/unknown-region",
      properties: { templateFile: "Pipeline.template.json" },
    },
    Bound: {
      type: "aws:cloudformation:stack",
      environment: "aws://123456789012/eu-west-1",
      properties: { templateFile: "Bound.template.json", stackName: "named" },
    },
  },
};

Deno.test("a manifest of CDK says the stack's name and, if the app chooses one, its region", () => {
  const stackOf = (file: string) => readStack(MANIFEST, file);
  assertEquals(stackOf("Pipeline.template.json"), { name: "Pipeline", region: undefined });
  assertEquals(stackOf("Bound.template.json"), { name: "named", region: "eu-west-1" });
  assertEquals(stackOf("Other.template.json"), undefined);
});

Deno.test("an asset manifest of CDK says which file becomes which object", () => {
  const files = {
    hash: {
      source: { path: "asset.hash", packaging: "zip" },
      destinations: {
        here: {
          bucketName: "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}",
          objectKey: "hash.zip",
        },
      },
    },
  };
  const place = { accountId: "123456789012", region: "eu-west-1" };
  assertEquals([...readAssets({ version: "55.0.0", files }, place)], [
    ["cdk-hnb659fds-assets-123456789012-eu-west-1/hash.zip", "asset.hash"],
  ]);
});
