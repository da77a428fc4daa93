import { folderCases, keyFolders } from "./key_folders.ts";
import { fairTest } from "./testing.ts";

const unique = (names: readonly string[]) => [...new Set(names)];

fairTest("0.2", {
  casesOf: folderCases,
  right: {
    "the published one": keyFolders,
    "a loop": (keys) => {
      const found: string[] = [];
      for (const key of keys) {
        const end = key.indexOf("/");
        if (end >= 0 && !found.includes(key.slice(0, end))) found.push(key.slice(0, end));
      }
      return found;
    },
    "a pattern": (keys) => unique(keys.flatMap((key) => /^([^/]+)\//.exec(key)?.[1] ?? [])),
    "a map": (keys) => {
      const split = keys.map((key) => key.split("/")).filter(({ length }) => length > 1);
      return [...new Map(split.map((parts) => [parts[0], true])).keys()];
    },
    "reduce": (keys) =>
      keys.reduce<string[]>((found, key) => {
        const [name, ...rest] = key.split("/");
        return rest.length === 0 || found.includes(name) ? found : [...found, name];
      }, []),
  },
  wrong: {
    "the starter: all keys": (keys) => [...keys],
    "nothing": () => [],
    "the notebook's folders": () => ["notes", "private"],
    "each as often as it comes": (keys) =>
      keys.filter((key) => key.includes("/")).map((key) => key.split("/")[0]),
    "with the slash": (keys) => keyFolders(keys).map((name) => `${name}/`),
    "files of the first level too": (keys) => unique(keys.map((key) => key.split("/")[0])),
    "the last folder": (keys) => unique(keys.map((key) => key.split("/").slice(-2)[0])),
    "the whole path": (keys) =>
      unique(
        keys.filter((key) => key.includes("/")).map((key) => key.slice(0, key.lastIndexOf("/"))),
      ),
    "sorted": (keys) => keyFolders(keys).toSorted(),
    "reversed": (keys) => keyFolders(keys).toReversed(),
    "only the first": (keys) => keyFolders(keys).slice(0, 1),
    "a number of them": (keys) => [`${keyFolders(keys).length}`],
    "cut at a dot": (keys) => unique(keyFolders(keys).map((name) => name.split(".")[0])),
    "cut at a hyphen": (keys) => unique(keyFolders(keys).map((name) => name.split("-")[0])),
    "five letters": (keys) => unique(keyFolders(keys).map((name) => name.slice(0, 5))),
    "the names of files": (keys) => unique(keys.map((key) => key.split("/").at(-1) ?? "")),
  },
});
