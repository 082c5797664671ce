import { createHash, timingSafeEqual } from "node:crypto";
import { PosternError } from "../core/errors.ts";
import type { BlobStore, Vault } from "../core/ports.ts";
import { decrypt, encrypt } from "./cipher.ts";
import { deriveKey } from "./keys.ts";

/**
 * Sealed content in a blob store. Each tenant has its own key; the tenant and the key of the content are
 * authenticated with it, so that rows cannot change places.
 * @param secret 32 bytes, `POSTERN_SECRET`.
 * @throws PosternError CONFIG_INVALID when the secret has another length.
 */
export function openVault(blobs: BlobStore, secret: Uint8Array): Vault {
  const dataKey = (tenantId: string): Uint8Array => deriveKey(secret, `content of ${tenantId}`);
  deriveKey(secret, "probe");
  return {
    async put(tenantId, key, content) {
      const sealed = encrypt(dataKey(tenantId), [tenantId, key], content);
      await blobs.put(blobKey(tenantId, key), sealed);
      const stored = await blobs.get(blobKey(tenantId, key));
      if (stored === undefined || stored.byteLength !== sealed.byteLength || !timingSafeEqual(stored, sealed)) {
        throw new PosternError("CONTENT_UNREADABLE", "Content did not read back as it was written", {
          details: { reason: "read-back" },
        });
      }
      return { sha256: createHash("sha256").update(content).digest("hex") };
    },

    async get(tenantId, key) {
      const sealed = await blobs.get(blobKey(tenantId, key));
      if (sealed === undefined) throw new PosternError("NOT_FOUND", "The vault has no such content");
      return decrypt(dataKey(tenantId), [tenantId, key], sealed);
    },

    async remove(tenantId, key) {
      await blobs.remove(blobKey(tenantId, key));
    },
  };
}

function blobKey(tenantId: string, key: string): string {
  return `${encodeURIComponent(tenantId)}/${encodeURIComponent(key)}`;
}
