const SECTOR = 512;
const NONE = 0xffffffff;
const END = 0xfffffffe;

/** Streams by name; a folder of them is a storage. */
export interface Storage {
  readonly [name: string]: Buffer | Storage;
}

/** A compound file (MS-CFB, version 3) whose streams all stand in whole sectors; siblings form a list. */
export function compoundFile(content: Storage): Buffer {
  const entries: Buffer[] = [];
  const sectors: Buffer[] = [];
  const fat: number[] = [];
  const store = (bytes: Buffer): number => {
    const first = sectors.length;
    const count = Math.ceil(bytes.length / SECTOR);
    for (let index = 0; index < count; index += 1) {
      const sector = Buffer.alloc(SECTOR);
      bytes.copy(sector, 0, index * SECTOR, (index + 1) * SECTOR);
      sectors.push(sector);
      fat.push(index + 1 === count ? END : first + index + 1);
    }
    return count === 0 ? END : first;
  };
  const add = (name: string, value: Buffer | Storage, type: number): number => {
    const entry = Buffer.alloc(128);
    const index = entries.push(entry) - 1;
    entry.write(name, 0, "utf16le");
    entry.writeUInt16LE((name.length + 1) * 2, 64);
    entry[66] = type;
    for (const at of [68, 72, 76]) entry.writeUInt32LE(NONE, at);
    if (Buffer.isBuffer(value)) {
      entry.writeUInt32LE(store(value), 116);
      entry.writeUInt32LE(value.length, 120);
      return index;
    }
    let next = NONE;
    for (const [child, inner] of Object.entries(value)) {
      const number = add(child, inner, Buffer.isBuffer(inner) ? 2 : 1);
      entries[number]?.writeUInt32LE(next, 72);
      next = number;
    }
    entry.writeUInt32LE(next, 76);
    return index;
  };
  add("Root Entry", content, 5);
  const directory = store(Buffer.concat(entries));
  const table = sectors.length;
  fat.push(0xfffffffd);
  const header = Buffer.alloc(SECTOR, 0xff);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(header);
  header.fill(0, 8, 76);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(directory, 48);
  for (const at of [60, 68]) header.writeUInt32LE(END, at);
  header.writeUInt32LE(table, 76);
  const fatSector = Buffer.alloc(SECTOR, 0xff);
  for (const [index, next] of fat.entries()) fatSector.writeUInt32LE(next, index * 4);
  return Buffer.concat([header, ...sectors, fatSector]);
}

/** A record of a workbook stream (MS-XLS): type, length, content. */
export function biff(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(content.length, 2);
  return Buffer.concat([head, content]);
}

/** A record of MS-PPT or MS-ODRAW: version and instance, type, length, content. */
export function record(type: number, content: Buffer, instance = 0, version = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE((instance << 4) | version, 0);
  head.writeUInt16LE(type, 2);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

/** An enhanced metafile that draws pieces of text at points, each with the advance of its letters. */
export function emf(...pieces: readonly (readonly [x: number, y: number, text: string])[]): Buffer {
  const header = Buffer.alloc(88);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(88, 4);
  header.write(" EMF", 40, "latin1");
  const drawn = pieces.map(([x, y, text]) => {
    const size = 76 + text.length * 6 + ((text.length * 6) % 4);
    const out = Buffer.alloc(size);
    for (const [at, value] of [
      [0, 84],
      [4, size],
      [36, x],
      [40, y],
      [44, text.length],
      [48, 76],
    ] as const)
      out.writeInt32LE(value, at);
    out.writeUInt32LE(76 + text.length * 2, 72);
    out.write(text, 76, "utf16le");
    for (let index = 0; index < text.length; index += 1) out.writeUInt32LE(10, 76 + text.length * 2 + index * 4);
    return out;
  });
  const end = Buffer.alloc(20);
  end.writeUInt32LE(14, 0);
  end.writeUInt32LE(20, 4);
  return Buffer.concat([header, ...drawn, end]);
}
