/**
 * Requests to the sandbox go through no proxy of the environment: it would see records and signatures.
 * `fetch` asks the proxy also for addresses of this machine, and with `NODE_USE_ENV_PROXY` the AWS SDK
 * does too (Deno 2.9.6).
 * @module
 */

const THIS_MACHINE = "127.0.0.1,localhost,::1";

/**
 * Variables that keep requests to this machine from the proxy that `environment` names; none if it
 * names none. Both spellings, since either may win.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const direct = "intranet.test,127.0.0.1,localhost,::1";
 * assertEquals(noProxyHere({ HTTP_PROXY: "http://proxy.test", NO_PROXY: "intranet.test" }), {
 *   NO_PROXY: direct,
 *   no_proxy: direct,
 * });
 * ```
 */
export function noProxyHere(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  if (!Object.keys(environment).some((name) => /^(https?|all)_proxy$/i.test(name))) return {};
  const { NO_PROXY, no_proxy } = environment;
  const named = [NO_PROXY, no_proxy].filter((list) => list && !list.includes(THIS_MACHINE));
  const direct = [...named, THIS_MACHINE].join(",");
  return { NO_PROXY: direct, no_proxy: direct };
}
