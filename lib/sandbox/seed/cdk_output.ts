/**
 * What `cdk synth` puts beside a template. `manifest.json` says the stack's name and region;
 * `NAME.assets.json` says which file or folder `cdk deploy` uploads, and as which object.
 * https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/cloud-assembly-schema/lib/assets/schema.ts
 * @module
 */

import { isMap, mapAt, type Value } from "./value.ts";

/** A stack in a manifest. */
export interface CdkStack {
  readonly name: string;
  /** Undefined if the app does not choose one. */
  readonly region: string | undefined;
}

/** The stack of a template by the template's name; undefined if the manifest has none. */
export function readStack(manifest: Value, templateFile: string): CdkStack | undefined {
  const artifacts = mapAt(mapAt(manifest, []).artifacts, ["artifacts"]);
  for (const [id, artifact] of Object.entries(artifacts)) {
    const { properties, environment } = mapAt(artifact, ["artifacts", id]);
    if (!isMap(properties) || properties.templateFile !== templateFile) continue;
    const [, region] = /^aws:\/\/[^/]+\/(.+)$/.exec(`${environment}`) ?? [];
    return {
      name: typeof properties.stackName === "string" ? properties.stackName : id,
      region: region === "unknown-region" ? undefined : region,
    };
  }
  return undefined;
}

/** Files by the object that they become: `bucket/key`. */
export type Assets = ReadonlyMap<string, string>;

/** Where the files go. */
interface AssetPlace {
  readonly accountId: string;
  readonly region: string;
}

/** What an asset manifest says, for a stack. */
export function readAssets(manifest: Value, { accountId, region }: AssetPlace): Assets {
  const assets = new Map<string, string>();
  const filled = (text: Value | undefined) =>
    `${text}`.replaceAll("${AWS::AccountId}", accountId)
      .replaceAll("${AWS::Region}", region)
      .replaceAll("${AWS::Partition}", "aws");
  for (const [id, file] of Object.entries(mapAt(mapAt(manifest, []).files, ["files"]))) {
    const { source, destinations } = mapAt(file, ["files", id]);
    const { path } = mapAt(source, ["files", id, "source"]);
    if (typeof path !== "string") continue;
    for (const destination of Object.values(mapAt(destinations, ["files", id]))) {
      const { bucketName, objectKey } = mapAt(destination, ["files", id]);
      assets.set(`${filled(bucketName)}/${filled(objectKey)}`, path);
    }
  }
  return assets;
}
