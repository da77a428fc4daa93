import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { systemRandom } from "../random.ts";
import { tempFolder } from "../testing/temp_folder.ts";
import { readCertificate } from "./certificate.ts";
import { ensureCertificate } from "./tls_files.ts";

const DAY_MS = 24 * 3600 * 1000;

Deno.test("a certificate is kept, private, until its last month or until it is for other names", () => {
  using folder = tempFolder();
  const nowMs = Date.now();
  const at = (days: number, hosts: readonly string[] = []) =>
    ensureCertificate({
      ...{ folder: folder.path, hosts, random: systemRandom },
      nowMs: nowMs + days * DAY_MS,
    });
  const first = at(0);
  assertEquals(readCertificate(first.certificate).names, [
    ...["*.localhost", "*.s3.localhost", "127.0.0.1", "::1", "localhost"],
  ]);
  for (const { name } of Deno.readDirSync(join(folder.path, "tls"))) {
    assertEquals((Deno.statSync(join(folder.path, "tls", name)).mode ?? 0) & 0o777, 0o600);
  }
  assertEquals(at(365), first);
  const renewed = at(367);
  assertNotEquals(renewed, first);
  const named = at(367, ["sandbox", "172.17.0.1"]);
  assertNotEquals(named, renewed);
  const { names } = readCertificate(named.certificate);
  for (const name of ["sandbox", "*.sandbox", "172.17.0.1"]) assert(names.includes(name), name);
  assertEquals(at(367, ["sandbox", "172.17.0.1"]), named);
  Deno.writeTextFileSync(join(folder.path, "tls", "server.pem"), "damaged");
  assertNotEquals(at(367, ["sandbox", "172.17.0.1"]).certificate, "damaged");
});
