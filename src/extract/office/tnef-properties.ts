import { decodeBytes } from "../text/charset.ts";
import type { MapiProperties } from "./mapi.ts";

/** Bytes of one value by type, padded to four (MS-OXTNEF 2.1.3.4). */
const FIXED: Readonly<Record<number, number>> = {
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};
const VARIABLE = new Set([0x001e, 0x001f, 0x0102, 0x000d]);
const MULTIPLE = 0x1000;
const MAX_VALUES = 10_000;

/** Properties as TNEF packs them, named ones too. Reads up to the first thing that cannot be. */
export function readMapiStream(
  bytes: Buffer,
  codePage: string | null,
): { readonly properties: MapiProperties; readonly damaged: boolean } {
  const texts = new Map<number, string>();
  const binaries = new Map<number, Buffer>();
  const numbers = new Map<number, number>();
  const properties = { texts, binaries, numbers };
  let at = 0;
  const u32 = () => {
    const value = bytes.readUInt32LE(at);
    at += 4;
    return value;
  };
  const block = (length: number) => {
    if (length > bytes.length - at) throw new RangeError("beyond the end");
    const value = bytes.subarray(at, at + length);
    at += (length + 3) & ~3;
    return value;
  };
  const store = (id: number, type: number, value: Buffer) => {
    if (type === 0x001f) texts.set(id, append(texts.get(id), value.toString("utf16le")));
    else if (type === 0x001e) texts.set(id, append(texts.get(id), decodeBytes(value, codePage).text));
    else binaries.set(id, value);
  };
  try {
    const count = u32();
    for (let index = 0; index < count; index += 1) {
      const type = bytes.readUInt16LE(at);
      const id = bytes.readUInt16LE(at + 2);
      at += 4;
      if (id >= 0x8000) {
        at += 16;
        if (u32() === 0) at += 4;
        else block(u32());
      }
      const base = type & ~MULTIPLE;
      const values = (type & MULTIPLE) !== 0 || VARIABLE.has(base) ? u32() : 1;
      if (values > MAX_VALUES) throw new RangeError("too many values");
      for (let value = 0; value < values; value += 1) {
        if (VARIABLE.has(base)) store(id, base, block(u32()));
        else {
          const size = FIXED[base];
          if (size === undefined) throw new RangeError("unknown type");
          if (base === 0x0003) numbers.set(id, bytes.readInt32LE(at));
          at += size;
        }
      }
    }
    return { properties, damaged: false };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { properties, damaged: true };
  }
}

function append(before: string | undefined, text: string): string {
  const clean = text.replace(/\0+$/, "");
  return before === undefined ? clean : `${before}\n${clean}`;
}
