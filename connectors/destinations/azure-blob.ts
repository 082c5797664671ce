import { PosternError } from "../../src/core/errors.ts";
import { checkUrl, type NetworkRules } from "./address-guard.ts";
import { azureTrouble, storageHttp } from "./azure-http.ts";
import { type BucketDestination, bucketDestination } from "./bucket.ts";
import { type DestinationConf, one, onlyKnown } from "./conf.ts";
import { ENTRA_PARAMETERS, entraCredential } from "./entra-token.ts";
import { openPoster } from "./http-post.ts";
import { lazy } from "./lazy.ts";
import { overPlainHttp } from "./plain-http.ts";

/** Parameters of a shared access signature, which stand in its address as they are. */
const SAS_PARAMETERS = [
  ..."sv ss srt sr sp st se spr sig sip si skoid sktid skt ske sks skv sdd ses saoid suoid scid".split(" "),
];

/**
 * `azure://account.blob.core.windows.net/container/path/{DATE}?sv=…&sig=…`: one gzip block blob for each batch, with the
 * official SDK. By shared access signature; or `account-key=`; or an Entra application (`tenant-id`, `client-id`,
 * `client-secret`) with the role Storage Blob Data Contributor.
 */
export function openAzureBlob(conf: DestinationConf, rules: NetworkRules): BucketDestination {
  onlyKnown(conf, [...SAS_PARAMETERS, ...ENTRA_PARAMETERS, "account-key", "plain-http"]);
  const url = overPlainHttp(conf);
  checkUrl(url, rules);
  const [, container = "", ...path] = url.pathname.split("/");
  if (!/^[a-z0-9$][a-z0-9-]{1,62}$/.test(container))
    throw new PosternError("REQUEST_INVALID", "destination_conf: azure://account-host/container/path");
  const accountKey = one(conf, "account-key");
  const entra = entraCredential(conf, rules);
  const signature = new URLSearchParams(
    SAS_PARAMETERS.flatMap((name) => {
      const value = one(conf, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  if ([accountKey !== undefined, entra !== undefined, signature.has("sig")].filter(Boolean).length !== 1)
    throw new PosternError(
      "REQUEST_INVALID",
      "destination_conf: azure needs a shared access signature (sig=…), account-key, or an Entra application",
    );
  const poster = openPoster(rules);
  const sdk = lazy(async () => {
    const { ContainerClient, StorageSharedKeyCredential } = await import("@azure/storage-blob");
    // The exporter repeats.
    const options = { httpClient: await storageHttp(poster), retryOptions: { maxTries: 1 } };
    const address = `${url.origin}/${container}`;
    if (accountKey !== undefined) {
      const account = url.hostname.split(".")[0] ?? "";
      return new ContainerClient(address, new StorageSharedKeyCredential(account, accountKey), options);
    }
    if (entra !== undefined) return new ContainerClient(address, entra, options);
    return new ContainerClient(`${address}?${signature}`, undefined, options);
  });

  return bucketDestination(decodeURIComponent(path.join("/")), {
    async put({ name, bytes, contentType, contentEncoding }, signal) {
      try {
        await (await sdk.get()).getBlockBlobClient(name).upload(bytes, bytes.byteLength, {
          abortSignal: signal,
          blobHTTPHeaders: {
            blobContentType: contentType,
            ...(contentEncoding === undefined ? {} : { blobContentEncoding: contentEncoding }),
          },
        });
        return { outcome: "accepted" };
      } catch (error) {
        // A blob is bytes to the store: whatever it refuses is the settings, not a record.
        return azureTrouble(error, []);
      }
    },
    async close() {
      await Promise.all([poster.close(), entra?.close()]);
    },
  });
}
