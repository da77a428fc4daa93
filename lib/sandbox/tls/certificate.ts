/**
 * A certificate for this machine's own names, and the authority that signed it. The authority's key
 * is thrown away, so nobody can sign anything else in its name, also on a machine that trusts it.
 * @module
 */

import { generateKeyPairSync } from "node:crypto";
import { isIP } from "node:net";
// @ts-types="./node_forge.d.ts"
import forge, { type Certificate, type Key } from "node-forge";
import type { Random } from "../random.ts";

/** Texts in PEM. */
export interface CertificateFiles {
  /** The authority: what clients trust. */
  readonly authority: string;
  /** The server's certificate. */
  readonly certificate: string;
  /** The server's private key. */
  readonly key: string;
}

/** What a certificate says about itself. */
export interface CertificateFacts {
  /** The names and addresses that it is for, sorted. */
  readonly names: readonly string[];
  readonly endsMs: number;
}

/** 397 days: browsers take no server's certificate that is valid for longer. */
const VALID_DAYS = 397;
const DAY_MS = 24 * 3600 * 1000;
/** Clocks of containers may be behind. */
const STARTS_BEFORE_MS = DAY_MS;

/** Which names a certificate is for, and when it is made. */
export interface CertificateOptions {
  /** DNS names, perhaps with a first `*`, and IP addresses. */
  readonly names: readonly string[];
  readonly nowMs: number;
  readonly random: Random;
}

/** Makes an authority and a certificate. */
export function makeCertificate({ names, nowMs, random }: CertificateOptions): CertificateFiles {
  const authorityKeys = newKeys();
  const serverKeys = newKeys();
  const period = { nowMs, random };
  const authority = blank(authorityKeys.publicKey, period);
  const issuer = [{ name: "commonName", value: `Firehose Lab sandbox ${random.uuid()}` }];
  authority.setSubject(issuer);
  authority.setIssuer(issuer);
  authority.setExtensions([
    { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  authority.sign(authorityKeys.privateKey, forge.md.sha256.create());

  const server = blank(serverKeys.publicKey, period);
  server.setSubject([{ name: "commonName", value: "localhost" }]);
  server.setIssuer(issuer);
  server.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: names.map(alternativeName) },
    { name: "subjectKeyIdentifier" },
    {
      name: "authorityKeyIdentifier",
      keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes(),
    },
  ]);
  server.sign(authorityKeys.privateKey, forge.md.sha256.create());
  return {
    authority: forge.pki.certificateToPem(authority),
    certificate: forge.pki.certificateToPem(server),
    key: forge.pki.privateKeyToPem(serverKeys.privateKey),
  };
}

/** What a server's certificate says. Throws an `Error` for text that is no certificate. */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = forge.pki.certificateFromPem(pem);
  const { altNames } = certificate.getExtension("subjectAltName") ?? {};
  return {
    names: Array.isArray(altNames) ? altNames.map(({ ip, value }) => `${ip ?? value}`).sort() : [],
    endsMs: certificate.validity.notAfter.getTime(),
  };
}

/** DNS names have type 2, addresses type 7: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6. */
const alternativeName = (name: string) =>
  isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };

function blank(
  publicKey: Key,
  { nowMs, random }: Pick<CertificateOptions, "nowMs" | "random">,
): Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  // Positive, and not the same for two authorities: clients remember pairs of both.
  certificate.serialNumber = `01${random.bytes(15).toHex()}`;
  certificate.validity.notBefore = new Date(nowMs - STARTS_BEFORE_MS);
  certificate.validity.notAfter = new Date(nowMs - STARTS_BEFORE_MS + VALID_DAYS * DAY_MS);
  return certificate;
}

/** Made by the platform: the library's own take seconds. */
function newKeys() {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const key = forge.pki.privateKeyFromPem(privateKey);
  return { privateKey: key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) };
}
