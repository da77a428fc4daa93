/**
 * The certificate of a sandbox, kept in its data folder for its owner alone, and made again before it
 * ends or when it is for other names.
 * @module
 */

import { join } from "node:path";
import type { Random } from "../random.ts";
import { makeCertificate, readCertificate } from "./certificate.ts";

/** What a server needs, and what its clients trust. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
  /** The file of the authority. */
  readonly authorityPath: string;
}

/** What decides on the certificate. */
export interface TlsOptions {
  /** The data folder. */
  readonly folder: string;
  /** Names besides this machine's own. */
  readonly hosts: readonly string[];
  readonly nowMs: number;
  readonly random: Random;
}

/** A certificate that ends sooner is made again. */
const RENEWED_BEFORE_MS = 30 * 24 * 3600 * 1000;

/** OpenSSL takes `*` for one part of a name, and not right before the last one. */
const OWN_NAMES = ["localhost", "*.localhost", "*.s3.localhost", "127.0.0.1", "::1"];

/** The folder's certificate, made if there is none that is good. */
export function ensureCertificate(options: TlsOptions): ServerCertificate {
  const folder = join(options.folder, "tls");
  const paths = {
    authority: join(folder, "ca.pem"),
    certificate: join(folder, "server.pem"),
    key: join(folder, "server-key.pem"),
  };
  const names = namesOf(options.hosts);
  if (!isGood(paths.certificate, names, options.nowMs)) {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = makeCertificate({ ...options, names });
    // The certificate comes last: a start that ended half way makes all of them again.
    writePrivate(paths.authority, made.authority);
    writePrivate(paths.key, made.key);
    writePrivate(paths.certificate, made.certificate);
  }
  return {
    certificate: Deno.readTextFileSync(paths.certificate),
    key: Deno.readTextFileSync(paths.key),
    authorityPath: paths.authority,
  };
}

function namesOf(hosts: readonly string[]): string[] {
  const further = hosts.flatMap((host) =>
    /[a-z]/.test(host) && !host.includes(":") ? [host, `*.${host}`] : [host]
  );
  return [...new Set([...OWN_NAMES, ...further])].sort();
}

function isGood(path: string, names: readonly string[], nowMs: number): boolean {
  try {
    const facts = readCertificate(Deno.readTextFileSync(path));
    return facts.endsMs - nowMs > RENEWED_BEFORE_MS && `${facts.names}` === `${names}`;
  } catch {
    return false; // none, or a damaged one
  }
}

function writePrivate(path: string, text: string): void {
  const draft = `${path}.new`;
  Deno.writeTextFileSync(draft, text, { mode: 0o600 });
  Deno.renameSync(draft, path);
}
