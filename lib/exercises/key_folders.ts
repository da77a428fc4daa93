/**
 * Exercise 0.2: the folders that a console shows, made of keys. S3 itself has none.
 * @module
 */

import type { ExerciseCase } from "../view/exercise.ts";

/** The names of the folders at the first level, without the slash, each once, in the order of the keys. */
export type KeyFolders = (keys: readonly string[]) => string[];

/** A solution. */
export const keyFolders: KeyFolders = (keys) => [
  ...new Set(keys.filter((key) => key.includes("/")).map((key) => key.split("/")[0])),
];

/** What is tried on an answer. */
export function folderCases(answer: KeyFolders): ExerciseCase[] {
  const tried = (what: string, keys: readonly string[], wanted: readonly string[]) => ({
    tried: `${what}: ${keys.join(", ") || "no key"}`,
    gave: () => answer([...keys]),
    wanted,
  });
  return [
    tried("two folders", ["notes/hello.txt", "private/plan.txt"], ["notes", "private"]),
    tried("a folder twice", ["notes/a.txt", "notes/b.txt", "private/c.txt"], ["notes", "private"]),
    tried("a folder in a folder", ["notes/2026/again.txt"], ["notes"]),
    tried("a key without a folder", ["readme.txt", "notes/a.txt"], ["notes"]),
    tried("not in the order of the alphabet", ["b/1", "a/1", "b/2"], ["b", "a"]),
    tried("a dot is a part of a name", ["v1.2/notes.txt", "v1.3/notes.txt"], ["v1.2", "v1.3"]),
    tried("names that begin alike", ["notes/a", "notes-old/a"], ["notes", "notes-old"]),
    tried("other names than the notebook's", ["x/y/z"], ["x"]),
    tried("an empty bucket", [], []),
  ];
}
