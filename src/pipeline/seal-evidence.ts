import { CompactEncrypt, importJWK, type JWK } from "jose";
import type { EvidenceKey, SealedEvidence } from "../core/sealed-evidence.ts";

/** An event stays under what SIEM inputs take: values of so many characters in all, each at most so long. */
const MOST_CHARACTERS = 40_000;
const MOST_VALUE = 500;

export interface EvidenceContent {
  readonly subject: string;
  readonly findings: readonly {
    readonly detector: string;
    readonly part: string;
    readonly values: readonly string[];
  }[];
}

/**
 * Seals what was found to the customer's key: JWE with RSA-OAEP-256 or ECDH-ES+A256KW, and A256GCM. `truncated` inside
 * says that values were left out for size.
 */
export async function sealEvidence(
  { keyId, jwk }: EvidenceKey,
  { subject, findings }: EvidenceContent,
): Promise<SealedEvidence> {
  let left = MOST_CHARACTERS;
  let truncated = false;
  const kept = findings.map(({ detector, part, values }) => ({
    detector,
    part,
    values: values.flatMap((value) => {
      const shown = value.slice(0, MOST_VALUE);
      truncated ||= shown !== value || shown.length > left;
      if (shown.length > left) return [];
      left -= shown.length;
      return [shown];
    }),
  }));
  const alg = jwk.kty === "RSA" ? "RSA-OAEP-256" : "ECDH-ES+A256KW";
  const jwe = await new CompactEncrypt(Buffer.from(JSON.stringify({ subject, findings: kept, truncated })))
    .setProtectedHeader({ alg, enc: "A256GCM", kid: keyId, typ: "postern-evidence+jwe" })
    .encrypt(await importJWK(jwk as JWK, alg));
  return { keyId, jwe };
}
