import { assertEquals, assertThrows } from "@std/assert";
import { repositoryUrl } from "./repository.ts";

const GITHUB = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "a/lab" };

Deno.test("repositoryUrl() takes the option first, then GitHub's variables, then the remote", () => {
  const remote = "https://example.com/c/lab.git";
  const option = "https://example.com/b/lab/";
  assertEquals(
    repositoryUrl({ option, environment: GITHUB, remote }),
    "https://example.com/b/lab",
  );
  assertEquals(repositoryUrl({ environment: GITHUB, remote }), "https://github.com/a/lab");
  assertEquals(repositoryUrl({ environment: {}, remote }), "https://example.com/c/lab");
});

Deno.test("repositoryUrl() makes a web address of each form of remote, without credentials", () => {
  for (
    const remote of [
      "git@github.com:a/lab.git\n",
      "ssh://git@github.com/a/lab.git",
      "ssh://git@github.com:22/a/lab",
      "https://github.com/a/lab.git",
      "https://user:secret@github.com/a/lab.git",
    ]
  ) {
    assertEquals(repositoryUrl({ environment: {}, remote }), "https://github.com/a/lab", remote);
  }
});

Deno.test("repositoryUrl() knows none without a remote, and for a remote that is a folder", () => {
  assertEquals(repositoryUrl({ environment: {} }), undefined);
  assertEquals(repositoryUrl({ environment: {}, remote: "/srv/git/lab.git" }), undefined);
});

Deno.test("repositoryUrl() refuses an option that is no web address", () => {
  assertThrows(() => repositoryUrl({ option: "a/lab", environment: {} }), TypeError, "a/lab");
  assertThrows(() => repositoryUrl({ option: "javascript:x", environment: {} }), TypeError);
});
