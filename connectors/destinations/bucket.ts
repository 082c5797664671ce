import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import type { Delivery, Destination } from "../../src/core/export.ts";
import { bodyOf, TEST_BODY } from "./body.ts";
import { inFolder, objectName } from "./object-name.ts";

const gzip = promisify(gzipCallback);

/** A bucket whose owner can be asked to show a file from it. */
export interface BucketDestination extends Destination {
  /** Writes a text file beside the batches. */
  put(name: string, text: string, signal: AbortSignal): Promise<Delivery>;
}

/** What is stored under a name; the same name replaces. */
export interface StoredObject {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding?: "gzip";
}

/** One gzip object for each batch, in whatever store. @param path below which, with `{DATE}` for the day */
export function bucketDestination(
  path: string,
  store: {
    /** Does not throw: trouble is an outcome. */
    readonly put: (object: StoredObject, signal: AbortSignal) => Promise<Delivery>;
    readonly close: () => Promise<void>;
  },
): BucketDestination {
  const textFile = (name: string, text: string, signal: AbortSignal): Promise<Delivery> => {
    const folder = inFolder(path.replaceAll("{DATE}", ""));
    return store.put({ name: folder + name, bytes: Buffer.from(text), contentType: "text/plain" }, signal);
  };
  return {
    limits: {},
    async send(batch, signal) {
      const bytes = await gzip(bodyOf(batch));
      const name = objectName(path, batch, "log.gz");
      return store.put({ name, bytes, contentType: batch.contentType, contentEncoding: "gzip" }, signal);
    },
    test: (signal) => textFile("test.txt", TEST_BODY, signal),
    put: textFile,
    close: store.close,
  };
}
