/** One element of ASN.1 in BER or DER (X.690), with definite or indefinite length. */
export interface DerNode {
  readonly tag: number;
  readonly content: Buffer;
  /** Elements of a constructed one; read lazily would save little, the structures are small. */
  readonly children: readonly DerNode[];
  readonly end: number;
}

const MAX_DEPTH = 32;
const CONSTRUCTED = 0x20;

/** Reads the element at an offset; null when none begins there. What is cut off is read as far as it goes. */
export function readDer(bytes: Buffer, at: number, depth = 0): DerNode | null {
  const tag = bytes[at];
  if (tag === undefined || at + 2 > bytes.length || depth > MAX_DEPTH) return null;
  let position = at + 1;
  if ((tag & 0x1f) === 0x1f) while (((bytes[position++] ?? 0) & 0x80) !== 0);
  let length = bytes[position] ?? 0;
  position += 1;
  if (length === 0x80) return indefinite(bytes, tag, position, depth);
  if (length > 0x80) {
    const count = length & 0x7f;
    if (count > 6) return null;
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[position + index] ?? 0);
    position += count;
  }
  const end = Math.min(bytes.length, position + length);
  const content = bytes.subarray(position, end);
  const children: DerNode[] = [];
  if ((tag & CONSTRUCTED) !== 0) {
    let child = readDer(content, 0, depth + 1);
    while (child !== null) {
      children.push(child);
      child = child.end < content.length ? readDer(content, child.end, depth + 1) : null;
    }
  }
  return { tag, content, children, end };
}

function indefinite(bytes: Buffer, tag: number, start: number, depth: number): DerNode {
  const children: DerNode[] = [];
  let position = start;
  while (position < bytes.length && !(bytes[position] === 0 && bytes[position + 1] === 0)) {
    const child = readDer(bytes, position, depth + 1);
    if (child === null) break;
    children.push(child);
    position = child.end;
  }
  return { tag, content: bytes.subarray(start, position), children, end: position + 2 };
}
