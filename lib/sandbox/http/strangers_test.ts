/** Requests that browsers send: what another site's page can do to a sandbox, and what it can't. */
import { ListUsersCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox.ts";
import { clientsFor } from "../testing/clients.ts";

/** Headers of a browser's request. */
type Sent = Readonly<Record<string, string>>;

/** An `<img>`, `<link>` or script of another site's page. */
const EMBEDDED = {
  "sec-fetch-site": "cross-site",
  "sec-fetch-mode": "no-cors",
  "sec-fetch-dest": "image",
};
/** A link that a person clicked in another site's page. */
const FOLLOWED = {
  "sec-fetch-site": "cross-site",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "sec-fetch-user": "?1",
};
/** An address that a person typed. */
const TYPED = { ...FOLLOWED, "sec-fetch-site": "none" };
const FRAMED = { ...FOLLOWED, "sec-fetch-dest": "iframe" };
/** What a browser sends to http://sandbox:4566, a name that `--allow-host` gives: no `Sec-Fetch-*`. */
const SILENT = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64)", accept: "image/avif,image/webp" };
/** A page at another port of this machine: the same site, another origin. */
const OTHER_PORT = { ...EMBEDDED, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" };

const CREATE_USER = "/?Action=CreateUser&UserName=evil&Version=2010-05-08";
/** As a page would write it who has no key: the strict gate alone knows that it is no signature. */
const FORGED = `${CREATE_USER}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=` +
  "test%2F20260101%2Fus-east-1%2Fiam%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=604800" +
  `&X-Amz-SignedHeaders=host&X-Amz-Signature=${"0".repeat(64)}`;

async function ask({ endpoint }: Sandbox, path: string, headers: Sent, method = "GET") {
  const response = await fetch(new URL(path, endpoint), { method, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

for (const mode of ["strict", "open"] as const) {
  const browserTest = (
    name: string,
    run: (sandbox: Sandbox, root: ReturnType<typeof clientsFor>) => Promise<void>,
    options: Partial<SandboxOptions> = {},
  ) =>
    Deno.test(`${mode}: ${name}`, async () => {
      const isOpen = mode === "open";
      const sandbox = await startSandbox({
        ...{ port: 0, dataDir: undefined, speed: 60, isOpen },
        ...options,
      });
      try {
        using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
        await run(sandbox, root);
      } finally {
        await sandbox.stop();
      }
    });

  browserTest("no page of another site changes the account", async (sandbox, root) => {
    const { port } = sandbox;
    const cases: readonly (readonly [string, string, Sent, string])[] = [
      ["an image", CREATE_USER, EMBEDDED, "GET"],
      ["an image with a forged signature", FORGED, EMBEDDED, "GET"],
      ["a link", CREATE_USER, FOLLOWED, "GET"],
      ["a link with a forged signature", FORGED, FOLLOWED, "GET"],
      [
        "a link with a forged signature of version 2",
        `${CREATE_USER}&AWSAccessKeyId=test&Signature=x&Expires=9999999999`,
        FOLLOWED,
        "GET",
      ],
      ["a frame with a forged signature", FORGED, FRAMED, "GET"],
      ["a page at another port", CREATE_USER, OTHER_PORT, "GET"],
      ["a form", CREATE_USER, { ...FOLLOWED, origin: "null" }, "POST"],
      ["a form without Origin", FORGED, FOLLOWED, "POST"],
      [
        "a page of an object",
        CREATE_USER,
        { origin: "null", "sec-fetch-site": "cross-site" },
        "GET",
      ],
      ["an image, by a browser that does not say for which page", CREATE_USER, SILENT, "GET"],
      ["the same with a forged signature", FORGED, SILENT, "GET"],
      [
        "an Origin that looks like its own",
        CREATE_USER,
        { origin: `http://127.0.0.1:${port}` },
        "GET",
      ],
    ];
    for (const [why, path, headers, method] of cases) {
      assertEquals((await ask(sandbox, path, headers, method)).status, 403, why);
    }
    assertEquals((await root.iam.send(new ListUsersCommand())).Users, []);
  });

  browserTest(
    "the sandbox's own console may ask its pages, and no page like it",
    async (sandbox) => {
      const { endpoint, port, token } = sandbox;
      const authorization = `Bearer ${token}`;
      for (
        const [origin, status] of [
          [endpoint, 200],
          [endpoint.replace("http:", "ftp:"), 403],
          [`${endpoint}0`, 403],
          [`http://localhost:${port}`, 403],
          [`http://127.0.0.1:${port}.evil.example`, 403],
          ["null", 403],
        ] as const
      ) {
        const headers = { origin, authorization, "sec-fetch-site": "same-origin" };
        const answer = await ask(sandbox, "/_sandbox/state", headers);
        assertEquals(answer.status, status, origin);
      }
    },
  );

  browserTest("a signed address opens from another site's page", async (sandbox, root) => {
    await root.s3.send(new CreateBucketCommand({ Bucket: "pages" }));
    const Body = "<script>fetch('/_sandbox/health')</script>";
    const object = { Bucket: "pages", Key: "a.html" };
    await root.s3.send(new PutObjectCommand({ ...object, Body, ContentType: "text/html" }));
    const link = new URL(await getSignedUrl(root.s3, new GetObjectCommand(object)));
    const path = link.pathname + link.search;
    const opened = await ask(sandbox, path, FOLLOWED);
    assertEquals([opened.status, opened.text], [200, Body]);
    assertEquals((await ask(sandbox, path, FRAMED)).status, 403);
    assertEquals((await ask(sandbox, path.replace("a.html", "b.html"), FOLLOWED)).status, 403);
  });

  browserTest("everything that a browser shows has its own origin", async (sandbox) => {
    for (const path of ["/", "/_sandbox/health", "/no-bucket/key", FORGED]) {
      for (const headers of [TYPED, { ...TYPED, "sec-fetch-dest": "iframe" }]) {
        const shown = await ask(sandbox, path, headers);
        assertEquals(shown.headers.get("content-security-policy"), "sandbox", path);
      }
      assertEquals((await ask(sandbox, path, {})).headers.get("content-security-policy"), null);
    }
    for (const headers of [{ accept: "text/html,application/xml;q=0.9" }, SILENT]) {
      const old = await ask(sandbox, "/", headers);
      assertEquals(old.headers.get("content-security-policy"), "sandbox");
    }
  });

  browserTest(
    "a name that --allow-host gives is answered, at any port, and no other",
    async (sandbox) => {
      for (
        const [host, status] of [
          ["sandbox", 200],
          ["sandbox:8080", 200],
          ["SANDBOX", 200],
          ["bucket.sandbox", 200],
          ["notsandbox", 403],
          ["sandbox.evil.example", 403],
          ["127.0.0.1:1", 403],
        ] as const
      ) {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
        const head = `GET /_sandbox/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
        await connection.write(new TextEncoder().encode(head));
        const text = await new Response(connection.readable).text();
        assertStringIncludes(text, `HTTP/1.1 ${status}`, host);
      }
    },
    { allowedHosts: ["sandbox"] },
  );
}
