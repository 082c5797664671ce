import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import { PosternError } from "../../src/core/errors.ts";
import type { Delivery, Destination } from "../../src/core/export.ts";
import { bodyOf, TEST_BODY } from "./body.ts";
import { type DestinationConf, one, onlyKnown } from "./conf.ts";
import { objectName } from "./object-name.ts";

const gzip = promisify(gzipCallback);

/**
 * `file:///folder?compress=gzip|none`: one file for each batch, complete or not there, durable before it counts.
 * @param root the folder that the operator set aside; nothing outside is written.
 */
export function openFolder(conf: DestinationConf, root: string): Destination {
  onlyKnown(conf, ["compress"]);
  const folder = folderOf(conf.url);
  if (folder !== resolve(root) && !folder.startsWith(resolve(root) + sep))
    throw new PosternError("REQUEST_INVALID", "destination_conf: files go below the folder of POSTERN_EXPORT_DIR only");
  const compress = one(conf, "compress") !== "none";

  async function write(path: string, text: string): Promise<Delivery> {
    const draft = `${path}.part`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(draft, "w", 0o600);
      try {
        await file.writeFile(compress ? await gzip(text) : text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
      return { outcome: "accepted" };
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      return { outcome: "retry", reason: ((error as NodeJS.ErrnoException).code ?? "unknown").toLowerCase() };
    }
  }

  return {
    limits: {},
    send: (batch) => write(join(sep, objectName(folder, batch, compress ? "log.gz" : "log")), bodyOf(batch)),
    test: () => write(join(folder.replaceAll("{DATE}", "test"), compress ? "test.txt.gz" : "test.txt"), TEST_BODY),
    close: () => Promise.resolve(),
  };
}

function folderOf(url: URL): string {
  try {
    return resolve(fileURLToPath(new URL(url.href.replaceAll("%7BDATE%7D", "{DATE}"))));
  } catch {
    // A host, or a slash or NUL that is written as %2F or %00.
    throw new PosternError("REQUEST_INVALID", "destination_conf: a folder is written file:///its/path");
  }
}
