import { sign, verify } from "node:crypto";
import type { SigningKey } from "./keys.ts";

export type Claims = Readonly<Record<string, unknown>>;

export interface Jwt {
  readonly header: Claims;
  readonly claims: Claims;
  /** The signed text and its signature, for `isSignedBy`. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Signs claims as RS256 (RFC 7515); `header` adds to or replaces the usual header fields. */
export function signJwt(key: SigningKey, claims: Claims, header: Claims = {}): string {
  const head = { alg: "RS256", kid: key.kid, typ: "JWT", ...header };
  const signed = `${encode(head)}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`;
}

/** Takes a compact JWT apart without believing it; null when it is none. */
export function readJwt(text: string): Jwt | null {
  const [head, body, signature, ...rest] = text.split(".");
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return null;
  const header = decode(head);
  const claims = decode(body);
  if (header === null || claims === null) return null;
  return { header, claims, signed: `${head}.${body}`, signature: Buffer.from(signature, "base64url") };
}

/** Whether the key made the signature, and by RS256. */
export function isSignedBy(jwt: Jwt, key: SigningKey): boolean {
  return jwt.header.alg === "RS256" && verify("sha256", Buffer.from(jwt.signed), key.publicKey, jwt.signature);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(text: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}
