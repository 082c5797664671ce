import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../core/ports.ts";

export interface SignedTokenOptions {
  /** The signature says what it is for, so that none made for another purpose fits. */
  readonly purpose: string;
  readonly lifetimeMs: number;
}

/** Texts for addresses: signed (HMAC-SHA-256), readable by anybody, of an end. They say `Fields`, a list of texts. */
export interface SignedTokens<Fields extends readonly string[]> {
  issue(fields: Fields): string;
  /** Undefined when it was not made here, was changed, or is too old: nobody learns which. */
  read(token: string): Fields | undefined;
}

export function openSignedTokens<Fields extends readonly string[]>(
  key: Uint8Array,
  { purpose, lifetimeMs }: SignedTokenOptions,
  clock: Clock,
): SignedTokens<Fields> {
  // Names the key, so that a later one can be told from it.
  const keyId = createHash("sha256").update(key).digest("hex").slice(0, 8);

  function signed(body: string): string {
    const signature = createHmac("sha256", key).update(`${purpose}\n${keyId}\n${body}`).digest("base64url");
    return `${keyId}.${body}.${signature}`;
  }

  return {
    issue(fields) {
      const until = Math.floor((clock.now().getTime() + lifetimeMs) / 1_000);
      return signed(Buffer.from(JSON.stringify([until, ...fields])).toString("base64url"));
    },
    read(token) {
      const [, body = ""] = token.split(".", 2);
      const given = Buffer.from(token);
      const expected = Buffer.from(signed(body));
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      // Signed by us: it has the form that `issue` gave it.
      const [until, ...fields] = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as [number, ...Fields];
      return clock.now().getTime() < until * 1_000 ? (fields as unknown as Fields) : undefined;
    },
  };
}
