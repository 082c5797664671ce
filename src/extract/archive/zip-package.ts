import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import type { ZipDirectory, ZipEntry } from "./zip-directory.ts";
import { readZipEntry } from "./zip-entry.ts";

/** A zip as documents use it: parts by name. */
export interface ZipPackage {
  readonly entries: readonly ZipEntry[];
  readonly names: readonly string[];
  /** The unpacked part; null when there is none of that name. @throws Unreadable */
  read(name: string): Buffer | null;
}

export function openZip(reading: Reading, directory: ZipDirectory): ZipPackage {
  const byName = new Map(directory.entries.map((entry) => [entry.name.replace(/^\/+/, ""), entry]));
  return {
    entries: directory.entries,
    names: [...byName.keys()],
    read(name) {
      const entry = byName.get(name.replace(/^\/+/, ""));
      if (entry === undefined) return null;
      const data = readZipEntry(reading.file.bytes, entry, reading.budget, reading.passwords);
      if (data.unlocked) reading.unlocked();
      if (data.fault !== null) {
        reading.problem("corrupt", data.fault);
        if (data.bytes.length === 0) throw new Unreadable("corrupt", data.fault);
      }
      return data.bytes;
    },
  };
}
