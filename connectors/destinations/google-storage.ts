import { PosternError } from "../../src/core/errors.ts";
import type { Delivery } from "../../src/core/export.ts";
import { checkUrl, type NetworkRules } from "./address-guard.ts";
import { type BucketDestination, bucketDestination, type StoredObject } from "./bucket.ts";
import { addressOf, type DestinationConf, one, onlyKnown } from "./conf.ts";
import { openPoster, transportTrouble } from "./http-post.ts";
import { lazy } from "./lazy.ts";

const ENDPOINT = new URL("https://storage.googleapis.com");
/** Writing and replacing objects; nothing of the bucket itself. */
const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";

/**
 * `gs://bucket/path/{DATE}?credentials=<base64 of a service account's key file>[&endpoint=https://…]`: one gzip object for
 * each batch (Cloud Storage JSON API, simple upload). Google's own library signs; tokens are the account's own (AIP-4111),
 * so that no token endpoint is asked.
 */
export function openGoogleStorage(conf: DestinationConf, rules: NetworkRules): BucketDestination {
  onlyKnown(conf, ["credentials", "endpoint"]);
  const account = readAccount(one(conf, "credentials"));
  const endpoint = addressOf(conf, "endpoint") ?? ENDPOINT;
  checkUrl(endpoint, rules);
  const poster = openPoster(rules);
  const signer = lazy(async () => {
    const { JWT } = await import("google-auth-library");
    const jwt = new JWT({ email: account.email, key: account.key, scopes: [SCOPE] });
    jwt.useJWTAccessWithScope = true;
    return jwt;
  });

  async function put({ name, bytes, ...object }: StoredObject, signal: AbortSignal): Promise<Delivery> {
    const url = new URL(`/upload/storage/v1/b/${encodeURIComponent(conf.url.hostname)}/o`, endpoint);
    url.search = new URLSearchParams({
      uploadType: "media",
      name,
      ...(object.contentEncoding === undefined ? {} : { contentEncoding: object.contentEncoding }),
    }).toString();
    try {
      const authorization = (await (await signer.get()).getRequestHeaders(endpoint.href)).get("authorization") ?? "";
      const headers = { authorization, "content-type": object.contentType };
      const { status, retryAfterMs } = await poster.post(url, headers, bytes, signal);
      if (status >= 200 && status < 300) return { outcome: "accepted" };
      // An object is bytes to the store: whatever it refuses is the settings, not a record.
      const reason = `status-${status}`;
      if (status === 413) return { outcome: "too-large", reason };
      return { outcome: "retry", reason, ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) };
    } catch (error) {
      return transportTrouble(error);
    }
  }

  return bucketDestination(decodeURIComponent(conf.url.pathname), { put, close: () => poster.close() });
}

/** Address and key only: whatever else the file names (other token endpoints, for instance) is not used. */
function readAccount(text: string | undefined): { readonly email: string; readonly key: string } {
  try {
    const file = JSON.parse(Buffer.from(text ?? "", "base64").toString("utf8")) as {
      readonly client_email?: unknown;
      readonly private_key?: unknown;
    };
    if (typeof file.client_email === "string" && typeof file.private_key === "string")
      return { email: file.client_email, key: file.private_key };
  } catch {
    // Said below.
  }
  throw new PosternError(
    "REQUEST_INVALID",
    "destination_conf: gs needs credentials, the base64 of a service account's key file (JSON)",
  );
}
