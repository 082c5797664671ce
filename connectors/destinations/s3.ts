import { PosternError } from "../../src/core/errors.ts";
import type { Delivery } from "../../src/core/export.ts";
import { checkUrl, type NetworkRules } from "./address-guard.ts";
import { type BucketDestination, bucketDestination, type StoredObject } from "./bucket.ts";
import { addressOf, type DestinationConf, one, onlyKnown } from "./conf.ts";
import { guardedAgents } from "./guarded-agent.ts";
import { SEND_TIMEOUT_MS, transportTrouble } from "./http-post.ts";
import { lazy } from "./lazy.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const ENCRYPTIONS = ["AES256", "aws:kms"] as const;

/**
 * `s3://bucket/path/{DATE}?region=…[&endpoint=https://…][&access-key-id=&secret-access-key=][&sse=AES256]`: one gzip object
 * for each batch, with the official SDK. With `endpoint`: R2, MinIO and other compatible stores. Without keys the SDK's
 * own chain (environment, instance role) gives them.
 */
export function openS3(conf: DestinationConf, rules: NetworkRules): BucketDestination {
  onlyKnown(conf, ["region", "endpoint", "access-key-id", "secret-access-key", "sse"]);
  const [region, id, secret] = [one(conf, "region"), one(conf, "access-key-id"), one(conf, "secret-access-key")];
  const sse = ENCRYPTIONS.find((name) => name === one(conf, "sse"));
  const endpoint = addressOf(conf, "endpoint");
  if (region === undefined && endpoint === undefined)
    throw new PosternError("REQUEST_INVALID", "destination_conf: s3 needs region");
  if (sse !== one(conf, "sse"))
    throw new PosternError("REQUEST_INVALID", `destination_conf: sse is ${ENCRYPTIONS.join(" or ")}`);
  if (endpoint !== undefined) checkUrl(endpoint, rules);
  const bucket = conf.url.hostname;
  const agents = guardedAgents(rules);
  const sdk = lazy(async () => {
    const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
    const client = new S3Client({
      region: region ?? "auto",
      ...(endpoint === undefined ? {} : { endpoint: endpoint.href, forcePathStyle: true }),
      ...(id === undefined || secret === undefined
        ? {}
        : { credentials: { accessKeyId: id, secretAccessKey: secret } }),
      // The exporter repeats, and stores that are only compatible do not know the newer checksums.
      maxAttempts: 1,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: {
        httpAgent: agents.http,
        httpsAgent: agents.https,
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: SEND_TIMEOUT_MS,
      },
    });
    return { client, PutObjectCommand };
  });

  async function put({ name, bytes, ...object }: StoredObject, signal: AbortSignal): Promise<Delivery> {
    try {
      const { client, PutObjectCommand } = await sdk.get();
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: name,
        Body: bytes,
        ContentType: object.contentType,
        ContentEncoding: object.contentEncoding,
        ServerSideEncryption: sse,
      });
      await client.send(command, { abortSignal: signal });
      return { outcome: "accepted" };
    } catch (error) {
      const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (status === undefined) return transportTrouble(error);
      const reason = error instanceof Error ? error.name : `status-${status}`;
      return reason === "EntityTooLarge" ? { outcome: "too-large", reason } : { outcome: "retry", reason };
    }
  }

  return bucketDestination(decodeURIComponent(conf.url.pathname), {
    put,
    async close() {
      if (sdk.begun()) (await sdk.get()).client.destroy();
    },
  });
}
