/** Every so many bytes the number of UTF-16 units before them is noted. */
const STRIDE = 4_096;

/** Turns byte offsets of a UTF-8 buffer into offsets of the text it was made from. */
export function utf8Offsets(bytes: Buffer, textLength: number): (byteOffset: number) => number {
  if (bytes.length === textLength) return (offset) => offset;
  const unitsBefore = new Float64Array(Math.floor(bytes.length / STRIDE) + 1);
  let units = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (at % STRIDE === 0) unitsBefore[at / STRIDE] = units;
    units += unitsOf(bytes[at] ?? 0);
  }
  return (offset) => {
    const stride = Math.min(Math.floor(offset / STRIDE), unitsBefore.length - 1);
    let result = unitsBefore[stride] ?? 0;
    for (let at = stride * STRIDE; at < offset; at++) result += unitsOf(bytes[at] ?? 0);
    return result;
  };
}

/** Units that the character beginning with this byte has; nothing for continuation bytes. */
function unitsOf(byte: number): number {
  if (byte >= 0xf0) return 2;
  return (byte & 0xc0) === 0x80 ? 0 : 1;
}

/** The last offset not above `offset` at which a character begins. */
export function characterStart(bytes: Buffer, offset: number): number {
  let at = Math.min(offset, bytes.length);
  while (at > 0 && at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}
