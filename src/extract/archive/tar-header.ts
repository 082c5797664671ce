const BLOCK = 512;

/** Whether a tar header stands here: its checksum is right (POSIX.1-1988 ustar; older tars have no magic). */
export function isTarHeader(bytes: Buffer, offset: number): boolean {
  if (bytes.length < offset + BLOCK) return false;
  const stored = Number.parseInt(
    bytes
      .toString("latin1", offset + 148, offset + 156)
      .replace(/[\0 ]+/g, " ")
      .trim(),
    8,
  );
  if (Number.isNaN(stored)) return false;
  let sum = 8 * 32;
  for (let index = 0; index < BLOCK; index += 1) {
    if (index < 148 || index >= 156) sum += bytes[offset + index] ?? 0;
  }
  return sum === stored;
}
