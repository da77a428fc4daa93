import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import {
  jupyterEnvironment,
  kernelSpec,
  profileEnvironment,
  sandboxEnvironment,
} from "./jupyter.ts";
import { VENV_DIR } from "./python_env.ts";

const PARTS = {
  deno: "/opt/deno",
  python: "/venv/python",
  startCode: "/venv/start.js",
  os: "linux",
} as const;

Deno.test("kernelSpec() starts this Deno with the course's first code, and stops cells by a signal", () => {
  const spec = kernelSpec(PARTS);
  assertEquals(spec.argv[0], "/venv/python");
  assertEquals(spec.argv.slice(2, 5), ["{connection_file}", "/venv/start.js", "/opt/deno"]);
  assertEquals(spec.argv.slice(-3), ["--kernel", "--conn", "{connection_file}"]);
  assertEquals(spec.interrupt_mode, "signal");
  assertEquals(spec.language, "typescript");
});

Deno.test("kernelSpec() starts Deno alone on Windows, and stops cells by a message", () => {
  const spec = kernelSpec({ ...PARTS, os: "windows" });
  assertEquals(spec.argv[0], "/opt/deno");
  assertEquals(spec.interrupt_mode, "message");
});

Deno.test("jupyterEnvironment() keeps every Jupyter folder inside .venv", () => {
  const environment = jupyterEnvironment({
    PATH: "/bin",
    JUPYTER_CONFIG_DIR: "/home/reader/.jupyter",
    JUPYTER_PATH: "/opt/jupyter",
    JUPYTERLAB_SETTINGS_DIR: "/home/reader/lab",
    PYTHONPATH: "/home/reader/lib",
  }, join(VENV_DIR, "runtime"));
  assertEquals(environment.PATH, "/bin");
  const folders = Object.entries(environment).filter(([name]) =>
    /^(JUPYTER.*|IPYTHON)(DIR|PATH)$/.test(name)
  );
  for (const [name, value] of folders) {
    assert(name === "JUPYTER_PREFER_ENV_PATH" || value.startsWith(VENV_DIR), `${name}=${value}`);
  }
  assertEquals(environment.PYTHONPATH, undefined);
});

Deno.test("sandboxEnvironment() removes everything about a real account", () => {
  const environment = sandboxEnvironment({
    HOME: "/home/reader",
    AWS_ACCESS_KEY_ID: "AKIAREAL",
    AWS_SECRET_ACCESS_KEY: "real",
    AWS_ENDPOINT_URL_S3: "https://elsewhere.test",
    AWS_REGION: "eu-west-1",
    AWS_PROFILE: "work",
  }, "/data/aws");
  assertEquals(environment, {
    HOME: "/home/reader",
    AWS_CONFIG_FILE: join("/data/aws", "config"),
    AWS_SHARED_CREDENTIALS_FILE: join("/data/aws", "credentials"),
    AWS_PROFILE: "sandbox",
    FIREHOSE_LAB_PROFILE: "sandbox",
  });
});

Deno.test("sandboxEnvironment() asks no proxy where the sandbox is, and keeps it for others", () => {
  const { HTTPS_PROXY, NO_PROXY, no_proxy } = sandboxEnvironment({
    HTTPS_PROXY: "http://proxy.test:3128",
    NO_PROXY: "intranet.test",
  }, "/data/aws");
  assertEquals(HTTPS_PROXY, "http://proxy.test:3128");
  assertEquals([NO_PROXY, no_proxy], Array(2).fill("intranet.test,127.0.0.1,localhost,::1"));
});

Deno.test("profileEnvironment() uses the reader's own files, and no key from a variable", () => {
  const environment = profileEnvironment({
    AWS_CONFIG_FILE: "/home/reader/aws.conf",
    AWS_ACCESS_KEY_ID: "AKIAOTHER",
    AWS_SECRET_ACCESS_KEY: "other",
    AWS_REGION: "eu-west-1",
  }, "course");
  assertEquals(environment, {
    AWS_CONFIG_FILE: "/home/reader/aws.conf",
    AWS_REGION: "eu-west-1",
    AWS_PROFILE: "course",
    FIREHOSE_LAB_PROFILE: "course",
  });
});
