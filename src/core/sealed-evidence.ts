/** Found values for the customer's own eyes, sealed to a public key that he gave; nothing here can open it. */
export interface SealedEvidence {
  /** Which key opens it: the JWK thumbprint (RFC 7638) of the public key. */
  readonly keyId: string;
  /** JWE in its compact form (RFC 7516). What is inside is described in docs/evidence.md. */
  readonly jwe: string;
}

/** The customer's public key as a JWK, whatever form its file has. */
export interface EvidenceKey {
  readonly keyId: string;
  readonly jwk: Readonly<Record<string, unknown>>;
}
