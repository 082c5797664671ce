import type { Budget } from "../budget.ts";
import { Unreadable } from "../unreadable.ts";

/** A compound file (MS-CFB), as a tree of storages and streams. */
export interface CfbEntry {
  readonly name: string;
  readonly kind: "storage" | "stream";
  readonly children: readonly CfbEntry[];
  /** Bytes of a stream; a chain that breaks off gives what is there. */
  read(): Buffer;
}

const FREE = 0xffffffff;
const END = 0xfffffffe;
const NO_ENTRY = 0xffffffff;

/**
 * @param onDamage called when a stream ends before its size
 * @throws Unreadable `corrupt`
 */
export function openCfb(bytes: Buffer, budget: Budget, onDamage: () => void = () => {}): CfbEntry {
  const shift = bytes.length >= 512 ? bytes.readUInt16LE(30) : 0;
  const miniShift = bytes.length >= 512 ? bytes.readUInt16LE(32) : 0;
  if ((shift !== 9 && shift !== 12) || miniShift !== 6) throw new Unreadable("corrupt", "a broken compound file");
  const sectorSize = 1 << shift;
  const miniSize = 1 << miniShift;
  const cutoff = bytes.readUInt32LE(56);
  const sector = (index: number): Buffer => bytes.subarray((index + 1) * sectorSize, (index + 2) * sectorSize);
  const fat = readFat(bytes, sectorSize, sector);

  const chain = (start: number, table: (index: number) => number, limit: number): number[] => {
    const list: number[] = [];
    const seen = new Set<number>();
    for (let index = start; index < END && !seen.has(index) && list.length < limit; index = table(index)) {
      budget.checkTime();
      seen.add(index);
      list.push(index);
    }
    return list;
  };
  const next = (index: number) => fat[index] ?? END;
  const sectors = Math.ceil(bytes.length / sectorSize);
  const directory = Buffer.concat(chain(bytes.readUInt32LE(48), next, sectors).map(sector));
  const miniFat = Buffer.concat(chain(bytes.readUInt32LE(60), next, sectors).map(sector));
  const miniNext = (index: number) => (index * 4 + 4 <= miniFat.length ? miniFat.readUInt32LE(index * 4) : END);
  const count = Math.floor(directory.length / 128);
  if (count === 0) throw new Unreadable("corrupt", "a compound file without a directory");
  const rootStart = directory.readUInt32LE(116);
  let miniStream: Buffer | undefined;

  const readStream = (start: number, size: number): Buffer => {
    const content = readChain(start, size);
    if (content.length < size) onDamage();
    return content;
  };
  const readChain = (start: number, size: number): Buffer => {
    if (size === 0 || start >= END) return Buffer.alloc(0);
    if (size >= cutoff) {
      return Buffer.concat(chain(start, next, Math.ceil(size / sectorSize)).map(sector)).subarray(0, size);
    }
    miniStream ??= Buffer.concat(chain(rootStart, next, sectors).map(sector));
    const mini = miniStream;
    const pieces = chain(start, miniNext, Math.ceil(size / miniSize)).map((index) =>
      mini.subarray(index * miniSize, (index + 1) * miniSize),
    );
    return Buffer.concat(pieces).subarray(0, size);
  };

  const seen = new Set<number>();
  const entry = (index: number): CfbEntry => {
    const at = index * 128;
    const nameLength = Math.max(0, Math.min(64, directory.readUInt16LE(at + 64)) - 2);
    const type = directory[at + 66];
    const start = directory.readUInt32LE(at + 116);
    const size = directory.readUInt32LE(at + 120);
    return {
      name: directory.toString("utf16le", at, at + nameLength),
      kind: type === 2 ? "stream" : "storage",
      children: type === 2 ? [] : siblings(directory.readUInt32LE(at + 76)),
      read: () => (type === 2 ? readStream(start, size) : Buffer.alloc(0)),
    };
  };
  /** The red-black tree of one storage, flattened. A broken link ends its branch. */
  const siblings = (first: number): CfbEntry[] => {
    const list: CfbEntry[] = [];
    const open = [first];
    while (open.length > 0) {
      const index = open.pop() ?? NO_ENTRY;
      if (index >= count || seen.has(index)) continue;
      seen.add(index);
      budget.checkTime();
      open.push(directory.readUInt32LE(index * 128 + 72), directory.readUInt32LE(index * 128 + 68));
      list.push(entry(index));
    }
    return list;
  };
  return entry(0);
}

function readFat(bytes: Buffer, sectorSize: number, sector: (index: number) => Buffer): number[] {
  const fatSectors: number[] = [];
  for (let at = 76; at < 512; at += 4) fatSectors.push(bytes.readUInt32LE(at));
  let difat = bytes.readUInt32LE(68);
  const seen = new Set<number>();
  while (difat < END && !seen.has(difat)) {
    seen.add(difat);
    const block = sector(difat);
    if (block.length < sectorSize) break;
    for (let at = 0; at < sectorSize - 4; at += 4) fatSectors.push(block.readUInt32LE(at));
    difat = block.readUInt32LE(sectorSize - 4);
  }
  const fat: number[] = [];
  for (const index of fatSectors) {
    if (index === FREE || index >= END) continue;
    const block = sector(index);
    for (let at = 0; at + 4 <= sectorSize; at += 4) fat.push(at + 4 <= block.length ? block.readUInt32LE(at) : END);
  }
  return fat;
}

/** The stream or storage of that name in a storage; names are compared without case. */
export function findEntry(storage: CfbEntry, name: string): CfbEntry | undefined {
  return storage.children.find((child) => child.name.toLowerCase() === name.toLowerCase());
}
