import { readFileSync } from "node:fs";

const PAGE_BYTES = 4096;

/** Resident memory of a process in bytes; 0 where the system does not tell (anything but Linux) or the process is gone. */
export function residentBytes(pid: number | undefined): number {
  if (pid === undefined || process.platform !== "linux") return 0;
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1];
    return Number(pages ?? 0) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
