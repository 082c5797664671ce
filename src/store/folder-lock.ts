import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PosternError } from "../core/errors.ts";

const LOCK_FILE = "database.lock";
/** Folders that this process holds: its own pid in a lock file is otherwise a leftover (pid 1 of a container). */
const held = new Set<string>();

interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks (Linux), so that a reused pid is not taken for the owner; "" elsewhere. */
  readonly started: string;
  readonly nonce: string;
}

/**
 * Takes the folder for this process alone, because PGlite itself does not lock its files.
 * A lock whose process is dead is taken over. Returns the function that gives the folder back.
 * @throws PosternError CONFIG_INVALID when a living process holds it.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, LOCK_FILE);
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), nonce: randomUUID() } satisfies Owner);
  const draft = `${path}.${process.pid}.${randomUUID()}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    // Linking an already written file makes the lock appear whole: a crash never leaves an empty one.
    if (!linkNew(draft, path)) {
      removeStale(path);
      if (!linkNew(draft, path)) throw inUse(folder, readOwner(path)?.owner.pid);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  held.add(path);
  return () => {
    if (!held.delete(path)) return;
    if (readOwner(path)?.text === mine) rmSync(path, { force: true });
  };
}

function removeStale(path: string): void {
  const found = readOwner(path);
  if (found === undefined) return;
  if (isAlive(found.owner, path)) throw inUse(path, found.owner.pid);
  const aside = `${path}.stale.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another starter was faster
  }
  // Two starters may have read the same stale lock; the slower one must not throw away the faster one's new lock.
  if (readOwner(aside)?.text !== found.text) linkNew(aside, path);
  rmSync(aside, { force: true });
}

function isAlive(owner: Owner, path: string): boolean {
  if (owner.pid === process.pid) return held.has(path);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return owner.started === "" || startOf(owner.pid) === owner.started;
}

/** Field 22 of /proc/PID/stat; the command in field 2 may hold blanks and brackets. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function readOwner(path: string): { readonly text: string; readonly owner: Owner } | undefined {
  try {
    const text = readFileSync(path, "utf8");
    const parsed: Partial<Owner> = JSON.parse(text);
    return { text, owner: { pid: parsed.pid ?? 0, started: parsed.started ?? "", nonce: parsed.nonce ?? "" } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // Not written by us or damaged: nobody alive can be told from it. pid 0 would mean our own process group.
    return { text: "", owner: { pid: Number.MAX_SAFE_INTEGER, started: "?", nonce: "" } };
  }
}

function linkNew(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function inUse(path: string, pid: number | undefined): PosternError {
  return new PosternError(
    "CONFIG_INVALID",
    `The embedded database is in use by process ${pid ?? "?"}: stop it, choose another POSTERN_DATA_DIR, or set DATABASE_URL for several processes`,
    { details: { lock: path, pid: pid ?? 0 } },
  );
}
