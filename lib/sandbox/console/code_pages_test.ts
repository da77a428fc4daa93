/** One-time codes over HTTP: who gets one, what it is good for, and that no log has one. */
import { CreateAccessKeyCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ControlWorld } from "../control/testing.ts";
import { jsonLine, textLine } from "../log_line.ts";
import { signedHeaders } from "../testing/signing.ts";

const CODES = "/_sandbox/console/codes";
const TOKEN = "/_sandbox/console/token";

/** What the pages answer: each some of these members. */
interface Body {
  readonly path?: string;
  readonly expiresInSeconds?: number;
  readonly token?: string;
  readonly error?: string;
}

/** A sandbox, what it logged, and a way to ask. */
async function codeWorld(options: { readonly isOpen?: boolean } = {}) {
  const lines: string[] = [];
  const log = {
    problem: (...parts: readonly unknown[]) => void lines.push(parts.join(" ")),
    answered: (answer: Parameters<typeof textLine>[0]) =>
      void lines.push(textLine(answer), jsonLine(answer)),
    close: () => Promise.resolve(),
  };
  const world = await ControlWorld.start({ ...options, log });
  const { endpoint, token } = world.sandbox;
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(endpoint + path, {
      ...{ method: "POST", headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const answer: Body = await response.json();
    return { status: response.status, headers: response.headers, body: answer };
  };
  const newCode = async () => {
    const { body } = await post(CODES, {}, { authorization: `Bearer ${token}` });
    return body.path?.replace("/_sandbox/console?code=", "") ?? "";
  };
  return {
    ...{ lines, world, post, newCode, endpoint, token },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

Deno.test("a code is exchanged for the token once, and no cache keeps the answer", async () => {
  await using world = await codeWorld();
  const code = await world.newCode();
  const first = await world.post(TOKEN, { code });
  assertEquals([first.status, first.body], [200, { token: world.token }]);
  assertEquals(first.headers.get("cache-control"), "no-store");
  const second = await world.post(TOKEN, { code });
  assertEquals(second.status, 403);
  assertMatch(second.body.error ?? "", /^This address was used before, or it is too old/);
});

Deno.test("the address of the ready line opens the console, too", async () => {
  await using world = await codeWorld();
  const address = world.world.sandbox.newConsoleAddress?.() ?? "";
  const [, code] = address.split(`${world.endpoint}/_sandbox/console?code=`);
  assertEquals((await world.post(TOKEN, { code })).body.token, world.token);
});

Deno.test("only the owner gets a code: by the token, or signed by the root user", async () => {
  await using world = await codeWorld();
  const { sandbox, clients } = world.world;
  const signedBy = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    signedHeaders(
      new URL(world.endpoint).host,
      { service: "sandbox", method: "POST", path: CODES, body: "{}" },
      { credentials, date: new Date() },
    );
  await clients.iam.send(new CreateUserCommand({ UserName: "user" }));
  const { AccessKey } = await clients.iam.send(new CreateAccessKeyCommand({ UserName: "user" }));
  const user = {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  };
  const statusFor = async (headers: Record<string, string>, body = "{}") =>
    (await world.post(CODES, body, headers)).status;
  const bearer = { authorization: `Bearer ${world.token}` };
  assertEquals(await statusFor({}), 401);
  assertEquals(await statusFor({ authorization: `Bearer ${"0".repeat(64)}` }), 403);
  assertEquals(await statusFor(await signedBy(user)), 403);
  assertEquals(await statusFor(await signedBy({ ...sandbox.rootKey, secretAccessKey: "x" })), 403);
  assertEquals(await statusFor(await signedBy(sandbox.rootKey), '{ "a": 1 }'), 403);
  assertEquals(await statusFor(bearer, '{ "a": 1 }'), 400);
  assertEquals(await statusFor(bearer), 200);
  assertEquals(await statusFor(await signedBy(sandbox.rootKey)), 200);
});

Deno.test("a page of another site gets neither code nor token, also with --open", async () => {
  for (const isOpen of [false, true]) {
    await using world = await codeWorld({ isOpen });
    const own = { authorization: `Bearer ${world.token}` };
    const code = await world.newCode();
    const strange: Record<string, string>[] = [
      { origin: "http://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      // As a click on a link in another page comes.
      {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
      },
    ];
    for (const headers of strange) {
      assertEquals((await world.post(CODES, {}, { ...own, ...headers })).status, 403);
      assertEquals((await world.post(TOKEN, { code }, headers)).status, 403);
    }
    assertEquals((await world.post(TOKEN, { code }, { origin: world.endpoint })).status, 200);
  }
});

Deno.test("a guess, a body that is none and another method are refused, and say why", async () => {
  await using world = await codeWorld();
  const said = async (path: string, body: unknown) => {
    const answer = await world.post(path, body, { authorization: `Bearer ${world.token}` });
    return `${answer.status} ${answer.body.error}`;
  };
  assertMatch(await said(TOKEN, { code: "0".repeat(64) }), /^403 This address was used before/);
  assertEquals(await said(TOKEN, {}), "400 The body must have a code.");
  assertEquals(await said(TOKEN, { code: 1 }), "400 code must be a text.");
  assertMatch(await said(TOKEN, "x".repeat(65 * 1024)), /^413 .*65536/);
  assertEquals(await said("/_sandbox/console/way", {}), "405 This page answers GET, not POST.");
  const got = await fetch(world.endpoint + TOKEN);
  assertEquals([got.status, (await got.json()).error], [405, "This page answers POST, not GET."]);
});

Deno.test("no log line has a code or the token, whatever becomes of it", async () => {
  await using world = await codeWorld();
  const codes = [await world.newCode(), await world.newCode()];
  for (const code of codes) {
    await world.post(TOKEN, { code });
    await world.post(TOKEN, { code });
    await world.post(TOKEN, { code }, { origin: "http://evil.example" });
    for (const path of ["/_sandbox/console", "/_sandbox/flush", "/bucket/key"]) {
      const answer = await fetch(`${world.endpoint}${path}?code=${code}`);
      await answer.body?.cancel();
    }
  }
  assert(world.lines.some((line) => line.includes("/bucket/key")), "requests are logged");
  const secrets = [...codes, world.token];
  assertEquals(world.lines.filter((line) => secrets.some((one) => line.includes(one))), []);
});
