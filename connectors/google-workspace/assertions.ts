import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { PosternError } from "../../src/core/errors.ts";
import type { GoogleCredential } from "../../src/core/tenant.ts";
import { callerToken } from "./caller-identity.ts";
import { readRefusal, toPosternError } from "./failures.ts";
import { exchange } from "./http.ts";
import { signedJwtSchema } from "./payloads.ts";

/** What the service account says to the token endpoint (RFC 7523). Times in seconds since 1970. */
export interface Claims {
  readonly iss: string;
  readonly sub?: string;
  readonly scope: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
}

export interface Signer {
  /** Address of the service account. */
  readonly serviceAccount: string;
  /** A signed JWT in compact form. */
  sign(claims: Claims, signal: AbortSignal): Promise<string>;
}

/** A signer for either kind of credential. No request and no check of the key before the first use. */
export function openSigner(credential: GoogleCredential, iamUrl: string): Signer {
  return credential.kind === "keyless" ? iamSigner(credential, iamUrl) : keySigner(credential.key);
}

function keySigner(key: { readonly client_email: string; readonly private_key: string }): Signer {
  let parsed: KeyObject | undefined;
  return {
    serviceAccount: key.client_email,
    async sign(claims) {
      parsed ??= readKey(key.private_key);
      const text = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
      return `${text}.${sign("sha256", Buffer.from(text), parsed).toString("base64url")}`;
    },
  };
}

/** Keys that went through an environment variable often carry `\n` as two characters. */
function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem.replaceAll("\\n", "\n"));
  } catch {
    throw new PosternError("CONFIG_INVALID", "The service account's private key is not a PEM key", {
      details: { setting: "credential.key.private_key" },
    });
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/**
 * IAM signs, no key leaves Google (iamcredentials.projects.serviceAccounts.signJwt). The library's own credentials
 * ignore the subject on this path (googleapis/google-auth-library-nodejs#916), hence by hand.
 */
function iamSigner(
  credential: { readonly serviceAccount: string; readonly tokenFile?: string },
  iamUrl: string,
): Signer {
  const name = encodeURIComponent(credential.serviceAccount);
  const url = `${iamUrl}/v1/projects/-/serviceAccounts/${name}:signJwt`;
  return {
    serviceAccount: credential.serviceAccount,
    async sign(claims, signal) {
      const answer = await exchange(
        url,
        {
          method: "POST",
          headers: {
            authorization: `Bearer ${await callerToken(credential.tokenFile)}`,
            "content-type": "application/json",
          },
          body: JSON.stringify({ payload: JSON.stringify(claims) }),
        },
        signal,
      );
      const signed = signedJwtSchema.safeParse(answer.body);
      if (answer.status === 200 && signed.success) return signed.data.signedJwt;
      throw toPosternError(readRefusal("sign", answer, new Date()));
    },
  };
}
