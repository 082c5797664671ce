import type { Sealer } from "../core/ports.ts";
import { decrypt, encrypt } from "./cipher.ts";
import { deriveKey } from "./keys.ts";

export type { Sealer } from "../core/ports.ts";

/**
 * Seals credentials into base64url text. `context` (for instance `tenant T settings`) is authenticated: what was
 * sealed for one row does not open in another.
 * @param secret 32 bytes, `POSTERN_SECRET`.
 */
export function openSealer(secret: Uint8Array): Sealer {
  const key = deriveKey(secret, "credentials");
  return {
    seal: (context, plain) => Buffer.from(encrypt(key, [context], plain)).toString("base64url"),
    open: (context, sealed) => decrypt(key, [context], Buffer.from(sealed, "base64url")),
  };
}
