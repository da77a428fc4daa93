/**
 * The part of node-forge 1.4.3 that is used here. The package has no types, and those of
 * `@types/node-forge` bring `@types/node`, which contradicts Deno's own.
 * https://github.com/digitalbazaar/forge#x509
 */

interface Key {
  readonly n: unknown;
  readonly e: unknown;
}

export interface Attribute {
  readonly name: string;
  readonly value: string;
}

export interface Certificate {
  publicKey: Key;
  serialNumber: string;
  readonly validity: { notBefore: Date; notAfter: Date };
  setSubject(attributes: readonly Attribute[]): void;
  setIssuer(attributes: readonly Attribute[]): void;
  setExtensions(extensions: readonly Readonly<Record<string, unknown>>[]): void;
  getExtension(name: string): Readonly<Record<string, unknown>> | null;
  generateSubjectKeyIdentifier(): { getBytes(): string };
  sign(key: Key, digest: unknown): void;
}

declare const forge: {
  readonly md: { readonly sha256: { create(): unknown } };
  readonly pki: {
    createCertificate(): Certificate;
    certificateToPem(certificate: Certificate): string;
    certificateFromPem(pem: string): Certificate;
    privateKeyToPem(key: Key): string;
    privateKeyFromPem(pem: string): Key;
    setRsaPublicKey(n: unknown, e: unknown): Key;
  };
};

export default forge;
export type { Key };
