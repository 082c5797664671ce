const MAIN_HEADER = 0x73;
const MAIN_HEADER_5 = 1;
const VOLUME = 1;
const HAS_EXTRA = 1;
const HAS_DATA = 2;

/**
 * Whether a rar is one volume of several, by its main header (RAR 4: flag 0x0001 of block 0x73, technote.txt; RAR 5:
 * archive flag 0x0001 of header type 1, rarlab.com/technote.htm). With an encrypted header nobody can tell.
 */
export function isRarVolume(bytes: Buffer): boolean {
  if (!bytes.toString("latin1", 0, 6).startsWith("Rar!\x1a\x07") || bytes.length < 16) return false;
  if (bytes[6] === 0) return bytes[9] === MAIN_HEADER && (bytes.readUInt16LE(10) & VOLUME) !== 0;
  // Behind the signature and the checksum: size, type, header flags, sizes of extra area and data, archive flags.
  const numbers = variableNumbers(bytes, 12, 6);
  const [, type, flags = 0] = numbers;
  if (type !== MAIN_HEADER_5) return false;
  const at = 3 + ((flags & HAS_EXTRA) === 0 ? 0 : 1) + ((flags & HAS_DATA) === 0 ? 0 : 1);
  return ((numbers[at] ?? 0) & VOLUME) !== 0;
}

/** Numbers of seven bits a byte, the lowest first; the highest bit says that the number goes on. */
function variableNumbers(bytes: Buffer, start: number, count: number): readonly number[] {
  const numbers: number[] = [];
  let position = start;
  while (numbers.length < count) {
    let value = 0;
    let shift = 0;
    let byte = 0;
    do {
      byte = bytes[position] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      position += 1;
    } while (byte >= 0x80 && shift < 63);
    numbers.push(value);
  }
  return numbers;
}
