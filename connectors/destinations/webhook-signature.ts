import { createHmac } from "node:crypto";
import { PosternError } from "../../src/core/errors.ts";

/** Secrets of the Standard Webhooks specification: `whsec_` and 24 to 64 bytes in base64. At most two, for rotation. */
export function readSigningSecrets(texts: readonly string[]): readonly Uint8Array[] {
  const secrets = texts.map((text) => Buffer.from(text.replace(/^whsec_/, ""), "base64"));
  if (secrets.length > 2 || secrets.some(({ length }) => length < 24 || length > 64))
    throw new PosternError("REQUEST_INVALID", "signing_secret: one or two, each whsec_ and 24 to 64 bytes in base64");
  return secrets;
}

/** Headers after the Standard Webhooks specification; one signature for each secret. @param at when it is sent */
export function signatureHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: readonly Uint8Array[],
): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(at.getTime() / 1_000));
  const sign = (secret: Uint8Array): string =>
    `v1,${createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64")}`;
  return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": secrets.map(sign).join(" ") };
}
