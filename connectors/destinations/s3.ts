import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { PosternError } from "../../src/core/errors.ts";
import type { Delivery, Destination } from "../../src/core/export.ts";
import { checkUrl, guardedLookup, type NetworkRules } from "./address-guard.ts";
import { bodyOf, TEST_BODY } from "./body.ts";
import { type DestinationConf, one, onlyKnown } from "./conf.ts";
import { SEND_TIMEOUT_MS, transportTrouble } from "./http-post.ts";
import { inFolder, objectName } from "./object-name.ts";

const gzip = promisify(gzipCallback);
const CONNECT_TIMEOUT_MS = 10_000;

/** A bucket whose owner can be asked to show a file from it. */
export interface BucketDestination extends Destination {
  /** Writes a text file beside the batches. */
  put(name: string, text: string, signal: AbortSignal): Promise<Delivery>;
}

/**
 * `s3://bucket/path/{DATE}?region=…[&endpoint=https://…][&access-key-id=&secret-access-key=][&sse=AES256]`: one gzip object
 * for each batch, with the official SDK. With `endpoint`: R2, MinIO, Google Cloud Storage with HMAC keys. Without keys the
 * SDK's own chain (environment, instance role) gives them.
 */
export function openS3(conf: DestinationConf, rules: NetworkRules): BucketDestination {
  onlyKnown(conf, ["region", "endpoint", "access-key-id", "secret-access-key", "sse"]);
  const [region, endpoint, id, secret, sse] = [
    one(conf, "region"),
    one(conf, "endpoint"),
    one(conf, "access-key-id"),
    one(conf, "secret-access-key"),
    one(conf, "sse"),
  ];
  if (region === undefined && endpoint === undefined)
    throw new PosternError("REQUEST_INVALID", "destination_conf: s3 needs region");
  if (sse !== undefined && sse !== "AES256" && sse !== "aws:kms")
    throw new PosternError("REQUEST_INVALID", "destination_conf: sse is AES256 or aws:kms");
  if (endpoint !== undefined) checkUrl(readEndpoint(endpoint), rules);
  const bucket = conf.url.hostname;
  const path = decodeURIComponent(conf.url.pathname);
  const agent = { lookup: guardedLookup(rules), keepAlive: true, ...(rules.ca === undefined ? {} : { ca: rules.ca }) };
  // Loaded when first needed: the SDK is larger than the rest of the room.
  const loading = once(async () => {
    const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
    const client = new S3Client({
      region: region ?? "auto",
      ...(endpoint === undefined ? {} : { endpoint: readEndpoint(endpoint).href, forcePathStyle: true }),
      ...(id === undefined || secret === undefined
        ? {}
        : { credentials: { accessKeyId: id, secretAccessKey: secret } }),
      // The exporter repeats, and stores that are only compatible do not know the newer checksums.
      maxAttempts: 1,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: {
        httpAgent: new HttpAgent(agent),
        httpsAgent: new HttpsAgent(agent),
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: SEND_TIMEOUT_MS,
      },
    });
    return { client, PutObjectCommand };
  });

  async function put(
    key: string,
    object: Omit<PutObjectCommandInput, "Bucket" | "Key">,
    signal: AbortSignal,
  ): Promise<Delivery> {
    try {
      const encryption = sse === undefined ? {} : { ServerSideEncryption: sse as "AES256" | "aws:kms" };
      const { client, PutObjectCommand } = await loading();
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...encryption, ...object }), {
        abortSignal: signal,
      });
      return { outcome: "accepted" };
    } catch (error) {
      const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (status === undefined) return transportTrouble(error);
      const reason = error instanceof Error ? error.name : `status-${status}`;
      return reason === "EntityTooLarge" ? { outcome: "too-large", reason } : { outcome: "retry", reason };
    }
  }
  const textFile = (name: string, text: string, signal: AbortSignal): Promise<Delivery> =>
    put(inFolder(path.replaceAll("{DATE}", "")) + name, { Body: text, ContentType: "text/plain" }, signal);

  return {
    limits: {},
    async send(batch, signal) {
      const Body = await gzip(bodyOf(batch));
      return put(
        objectName(path, batch, "log.gz"),
        { Body, ContentType: batch.contentType, ContentEncoding: "gzip" },
        signal,
      );
    },
    test: (signal) => textFile("test.txt", TEST_BODY, signal),
    put: textFile,
    async close() {
      if (loading.begun()) (await loading()).client.destroy();
    },
  };
}

function once<Value>(make: () => Promise<Value>): (() => Promise<Value>) & { begun(): boolean } {
  let made: Promise<Value> | undefined;
  const get = (): Promise<Value> => {
    made ??= make();
    return made;
  };
  return Object.assign(get, { begun: () => made !== undefined });
}

function readEndpoint(text: string): URL {
  try {
    return new URL(/^https?:\/\//.test(text) ? text : `https://${text}`);
  } catch {
    throw new PosternError("REQUEST_INVALID", "destination_conf: endpoint is no address");
  }
}
