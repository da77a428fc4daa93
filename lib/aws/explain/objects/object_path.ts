/**
 * What readers make of the folders in an object's key. Firehose writes them as its Prefix says.
 * @module
 */

/** A folder that surprises readers. */
export interface PathTrait {
  readonly kind: "zeros" | "equals" | "sameName" | "underscore" | "noNames" | "dates";
  /** The folders that have it; for `underscore` also the object's own name. */
  readonly folders: readonly string[];
}

/**
 * The traits of a key's folders. `members` are those of a record: a folder's name may hide one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const traits = pathTraits("data/month=01/_audit/part-1.json.gz", []);
 * assertEquals(traits.map(({ kind }) => kind), ["zeros", "underscore"]);
 * assertEquals(traits[0].folders, ["month=01"]);
 * ```
 */
export function pathTraits(key: string, members: readonly string[]): PathTrait[] {
  const names = key.split("/").filter((name) => name !== "");
  const folders = names.slice(0, -1);
  const named = folders.filter((folder) => folder.includes("=") && !folder.startsWith("="));
  const valueOf = (folder: string) => folder.slice(folder.indexOf("=") + 1);
  const nameOf = (folder: string) => folder.slice(0, folder.indexOf("="));
  const traits: PathTrait[] = [
    { kind: "zeros", folders: named.filter((folder) => /^0\d+$/.test(valueOf(folder))) },
    {
      kind: "dates",
      folders: named.filter((folder) => /^\d{4}-\d\d-\d\d$/.test(valueOf(folder))),
    },
    { kind: "equals", folders: named.filter((folder) => valueOf(folder).includes("=")) },
    { kind: "sameName", folders: named.filter((folder) => members.includes(nameOf(folder))) },
    { kind: "underscore", folders: names.filter((name) => /^[_.]/.test(name)) },
    { kind: "noNames", folders: named.length === 0 ? folders : [] },
  ];
  return traits.filter(({ folders }) => folders.length > 0);
}

/**
 * The key in a name: `s3://BUCKET/KEY`, or a file's path from its first partition folder on, because
 * the folders above it are those of a machine.
 */
export function keyOf(name: string): string {
  const object = /^s3:\/\/[^/]+\/(.*)$/.exec(name);
  if (object) return object[1];
  const parts = name.split(/[\\/]/);
  const first = parts.findIndex((part, index) => index < parts.length - 1 && part.includes("="));
  return first < 0 ? "" : parts.slice(first).join("/");
}

/** The compression that the end of a key names; undefined for other ends. */
export function namedCompression(key: string): "GZIP" | "ZIP" | "Snappy" | undefined {
  switch (/\.(\w+)$/.exec(key)?.[1].toLowerCase()) {
    case "gz":
    case "gzip":
      return "GZIP";
    case "zip":
      return "ZIP";
    case "snappy":
    case "hsnappy":
      return "Snappy";
    default:
      return undefined;
  }
}
