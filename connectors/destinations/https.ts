import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import type { Delivery, Destination } from "../../src/core/export.ts";
import { checkUrl, type NetworkRules } from "./address-guard.ts";
import { bodyOf, TEST_BODY } from "./body.ts";
import { type DestinationConf, one, onlyKnown } from "./conf.ts";
import { deliveryOf, openPoster, transportTrouble } from "./http-post.ts";
import { readSigningSecrets, signatureHeaders } from "./webhook-signature.ts";

const gzip = promisify(gzipCallback);

/** Proxies and receivers commonly stop at 1 MiB. Before compression, as Logpush counts. */
const MOST_BYTES = 1_000_000;

/**
 * `https://host/path?header_Name=value&signing_secret=whsec_…&compress=gzip|none`: a POST for each batch, with
 * `Idempotency-Key`. Compressed unless it is signed: a signature is over the bytes before compression, and receivers
 * differ in which they see.
 */
export function openHttps(conf: DestinationConf, rules: NetworkRules): Destination {
  onlyKnown(conf, ["signing_secret", "compress", "tags"]);
  checkUrl(conf.url, rules);
  const secrets = readSigningSecrets(conf.parameters.get("signing_secret") ?? []);
  const compress = (one(conf, "compress") ?? (secrets.length > 0 ? "none" : "gzip")) === "gzip";
  const url = new URL(conf.url);
  for (const tag of conf.parameters.get("tags") ?? []) url.searchParams.append("tags", tag);
  const poster = openPoster(rules);

  async function post(id: string, contentType: string, body: string, signal: AbortSignal): Promise<Delivery> {
    try {
      const headers = {
        "content-type": contentType,
        "idempotency-key": id,
        ...conf.headers,
        ...(compress ? { "content-encoding": "gzip" } : {}),
        ...(secrets.length === 0 ? {} : signatureHeaders(id, new Date(), body, secrets)),
      };
      return deliveryOf(await poster.post(url, headers, compress ? await gzip(body) : body, signal));
    } catch (error) {
      return transportTrouble(error);
    }
  }

  return {
    limits: { bytes: MOST_BYTES },
    send: (batch, signal) => post(batch.id, batch.contentType, bodyOf(batch), signal),
    test: (signal) => post("test", "application/x-ndjson", TEST_BODY, signal),
    close: () => poster.close(),
  };
}
