import { createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { calculateJwkThumbprint } from "jose";
import { PosternError } from "../core/errors.ts";
import type { EvidenceKey } from "../core/sealed-evidence.ts";

/** NIST SP 800-57: shorter RSA keys are not to be used beyond 2030. */
const LEAST_RSA_BITS = 3_072;
const CURVES = ["P-256", "P-384", "P-521", "X25519"];

/**
 * Reads the public key that evidence is sealed to: PEM or JWK; RSA of 3,072 bits or more, P-256, P-384, P-521 or X25519.
 * @throws PosternError CONFIG_INVALID when it is none of these, or a private key
 */
export async function readEvidenceKey(file: string): Promise<EvidenceKey> {
  const fault = (reason: string): PosternError =>
    new PosternError("CONFIG_INVALID", `POSTERN_EVIDENCE_KEY_FILE: ${reason}`);
  let key: KeyObject;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
    key = text.trimStart().startsWith("{")
      ? createPublicKey({ key: JSON.parse(text), format: "jwk" })
      : createPublicKey(text);
  } catch {
    throw fault("is no public key in PEM or JWK");
  }
  if (text.includes("PRIVATE KEY") || /"d"\s*:/.test(text)) throw fault("is a private key: give the public one only");
  const jwk = key.export({ format: "jwk" });
  if (
    jwk.kty === "RSA"
      ? (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS
      : !CURVES.includes(jwk.crv ?? "")
  )
    throw fault(`needs RSA of ${LEAST_RSA_BITS} bits or more, or ${CURVES.join(", ")}`);
  return { keyId: await calculateJwkThumbprint({ ...jwk }), jwk: { ...jwk } };
}
