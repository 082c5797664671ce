import { readFileSync } from "node:fs";
import { PosternError } from "../core/errors.ts";

/** What people call the troubles that a file may have; other codes are shown as they are. */
const TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many links",
  EMFILE: "too many open files",
  ERR_FS_FILE_TOO_LARGE: "it is too large",
  ENOSPC: "no space left",
  EROFS: "the file system is read-only",
};

/** Why a file cannot be read or written, in a few words that name neither the path nor the system call. */
export function fileTrouble(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return code === undefined ? "it is not possible" : (TROUBLES[code] ?? code);
}

/**
 * The text of a file that a command was given, without a byte order mark; `-` is standard input.
 * @throws PosternError REQUEST_INVALID `FILE: cannot be read: …`
 */
export function readText(file: string): string {
  const name = file === "-" ? "standard input" : file;
  const text = decoded(bytesOf(file, name));
  if (text === undefined) throw unreadable(name, "it is not text in UTF-8");
  if (text.includes("\0")) throw unreadable(name, "it is not a text file");
  return text;
}

function bytesOf(file: string, name: string): Buffer {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    throw unreadable(name, fileTrouble(error));
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unreadable(name: string, why: string): PosternError {
  return new PosternError("REQUEST_INVALID", `${name}: cannot be read: ${why}`);
}
