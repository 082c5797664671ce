import { hkdfSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PosternError } from "../core/errors.ts";
import type { Config } from "./config.ts";
import { fileTrouble } from "./read-text.ts";

/** The installation's 32-byte secret: given, or (embedded only) made once and kept in the data folder. */
export function readSecret(config: Config): Uint8Array {
  if (config.POSTERN_SECRET !== undefined) return Buffer.from(config.POSTERN_SECRET, "base64");
  const folder = config.POSTERN_DATA_DIR;
  try {
    return keptSecret(folder);
  } catch (error) {
    if (error instanceof PosternError) throw error;
    throw new PosternError("CONFIG_INVALID", `POSTERN_DATA_DIR: ${folder} cannot be used: ${fileTrouble(error)}`);
  }
}

function keptSecret(folder: string): Uint8Array {
  const path = join(folder, "secret");
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // `wx`: when two processes start in the same moment, the second reads what the first wrote.
    try {
      writeFileSync(path, randomBytes(32).toString("base64"), { flag: "wx", mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  const secret = Buffer.from(readFileSync(path, "utf8").trim(), "base64");
  if (secret.length !== 32) throw new PosternError("CONFIG_INVALID", `${path} does not hold 32 bytes in base64`);
  return secret;
}

/** A key for one purpose, so that no two uses of the secret can be played against each other (HKDF, RFC 5869). */
export function deriveKey(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", `postern/${purpose}`, 32));
}
