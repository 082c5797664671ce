import { PosternError } from "../../src/core/errors.ts";
import type { Destination } from "../../src/core/export.ts";
import type { NetworkRules } from "./address-guard.ts";
import { openAzureBlob } from "./azure-blob.ts";
import type { BucketDestination } from "./bucket.ts";
import { readConf } from "./conf.ts";
import { openElasticsearch } from "./elasticsearch.ts";
import { openFolder } from "./folder.ts";
import { openGoogleStorage } from "./google-storage.ts";
import { openHttps } from "./https.ts";
import { openS3 } from "./s3.ts";
import { openSentinel } from "./sentinel.ts";
import { openSplunk } from "./splunk.ts";
import { openSyslog } from "./syslog.ts";

export interface DestinationSettings {
  readonly network: NetworkRules;
  /** Folder below which `file:` destinations write. */
  readonly folder: string;
}

/**
 * Opens the destination that a `destination_conf` describes.
 * @throws PosternError REQUEST_INVALID when it cannot be used, or leads where it must not.
 */
export function openDestination(text: string, settings: DestinationSettings): Destination {
  const conf = readConf(text);
  switch (conf.scheme) {
    case "https":
    case "http":
      return openHttps(conf, settings.network);
    case "splunk":
      return openSplunk(conf, settings.network);
    case "elasticsearch":
      return openElasticsearch(conf, settings.network);
    case "syslog+tls":
      return openSyslog(conf, settings.network);
    case "s3":
      return openS3(conf, settings.network);
    case "gs":
      return openGoogleStorage(conf, settings.network);
    case "azure":
      return openAzureBlob(conf, settings.network);
    case "sentinel":
      return openSentinel(conf, settings.network);
    case "file":
      return openFolder(conf, settings.folder);
    default:
      throw new PosternError(
        "REQUEST_INVALID",
        "destination_conf: one of https, splunk, sentinel, elasticsearch, syslog+tls, s3, gs, azure, file",
      );
  }
}

/**
 * The bucket whose ownership must be shown before events go there; undefined for destinations that need none: stores with
 * an `endpoint` of their own, and everything that is no object store.
 */
export function bucketOf(text: string, settings: DestinationSettings): BucketDestination | undefined {
  const conf = readConf(text);
  if (conf.scheme === "azure") return openAzureBlob(conf, settings.network);
  if (conf.parameters.has("endpoint")) return undefined;
  if (conf.scheme === "gs") return openGoogleStorage(conf, settings.network);
  return conf.scheme === "s3" ? openS3(conf, settings.network) : undefined;
}
