/**
 * The files that `cdk synth` puts beside a template, and `cdk deploy` uploads: `NAME.assets.json` says
 * which file or folder becomes which object.
 * https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/cloud-assembly-schema/lib/assets/schema.ts
 * @module
 */

import { mapAt, type Value } from "./value.ts";

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
