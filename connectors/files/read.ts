import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { splitMbox } from "./mbox.ts";

/** One thing to scan, or the reason why a path gave none. */
export type FileItem =
  | {
      readonly ok: true;
      readonly source: string;
      readonly bytes: Uint8Array /** Null for a message. */;
      readonly name: string | null;
      readonly as: "message" | "file" /** Named by the caller, not found in a folder or a mailbox file. */;
      readonly given: boolean;
    }
  | { readonly ok: false; readonly source: string; readonly reason: string };

/** Outlook and other message files that the extraction opens by their content are documents with a head of their own. */
const MAIL_EXTENSIONS = new Set([".eml", ".mime", ".rfc822"]);
const SNIFF_BYTES = 4_096;

/**
 * Yields what stands at the paths, folders with everything below them in name order. Links are not followed.
 * A path that cannot be read is yielded as such; the others go on.
 */
export async function* readFiles(paths: readonly string[]): AsyncGenerator<FileItem> {
  for (const path of paths) yield* readPath(path, true);
}

async function* readPath(path: string, given: boolean): AsyncGenerator<FileItem> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      const entries = await readdir(path, { withFileTypes: true });
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries)
        if (entry.isDirectory() || entry.isFile()) yield* readPath(join(path, entry.name), false);
    } else if (found.isFile()) yield* readOne(path, given);
    else yield { ok: false, source: path, reason: "it is neither a file nor a folder" };
  } catch (error) {
    yield { ok: false, source: path, reason: reasonOf(error) };
  }
}

async function* readOne(path: string, given: boolean): AsyncGenerator<FileItem> {
  const kind = await kindOf(path);
  if (kind === "mbox") {
    let number = 0;
    for await (const bytes of splitMbox(createReadStream(path))) {
      number += 1;
      yield { ok: true, source: `${path}#${number}`, bytes, name: null, as: "message", given: false };
    }
    return;
  }
  const bytes = await readFile(path);
  yield { ok: true, source: path, bytes, name: kind === "message" ? null : basename(path), as: kind, given };
}

/** By the extension where it names a kind of mail; else a mailbox file by its first line (RFC 4155), mail by its head. */
async function kindOf(path: string): Promise<"mbox" | "message" | "file"> {
  const extension = extname(path).toLowerCase();
  const start = await firstBytes(path);
  if (extension === ".mbox") return "mbox";
  // Many tools leave the mailbox file's `From ` line at the top of a single message.
  if (MAIL_EXTENSIONS.has(extension)) return "message";
  if (/^From \S+ .*\d{2}:\d{2}/.test(start)) return "mbox";
  return extension === "" && looksLikeMail(start) ? "message" : "file";
}

/** At least two of the fields that every mail has, before anything that is no field. */
function looksLikeMail(start: string): boolean {
  const head = start.split(/\r?\n\r?\n/, 1)[0] ?? "";
  const names = head.split(/\r?\n(?![ \t])/).map((line) => /^([\w-]+):/.exec(line)?.[1]?.toLowerCase());
  if (names.some((name, index) => name === undefined && index < names.length - 1)) return false;
  return (
    ["from", "to", "date", "subject", "message-id", "received", "mime-version"].filter((name) => names.includes(name))
      .length >= 2
  );
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(SNIFF_BYTES), position: 0 });
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "there is no such file or folder";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  return error instanceof Error ? error.message : "it cannot be read";
}
