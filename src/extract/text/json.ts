/**
 * JSON as text: each value on its own line behind its key, strings decoded. Works on broken and endless documents too,
 * because it reads tokens one after another and builds nothing.
 */
export function jsonToText(source: string): string {
  const lines: string[] = [];
  let key = "";
  const add = (value: string) => {
    lines.push(key === "" ? value : `${key}: ${value}`);
    key = "";
  };
  let position = 0;
  while (position < source.length) {
    if (source[position] === '"') {
      const end = stringEnd(source, position + 1);
      const text = decodeString(source.slice(position + 1, end));
      position = end + 1;
      KEY_END.lastIndex = position;
      if (KEY_END.test(source)) {
        key = text;
        position = KEY_END.lastIndex;
      } else add(text);
      continue;
    }
    BARE.lastIndex = position;
    const bare = BARE.exec(source)?.[0];
    if (bare !== undefined) add(bare);
    position += bare?.length ?? 1;
  }
  return lines.join("\n");
}

const KEY_END = /\s{0,100}:/y;
const BARE = /[^\s"{}[\],:]+/y;

/** Offset of the closing quote, or of the end. */
function stringEnd(source: string, start: number): number {
  let quote = source.indexOf('"', start);
  while (quote !== -1) {
    let backslashes = 0;
    while (source[quote - 1 - backslashes] === "\\" && quote - 1 - backslashes >= start) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    quote = source.indexOf('"', quote + 1);
  }
  return source.length;
}

function decodeString(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex: string | undefined, char: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return ESCAPES[char ?? ""] ?? char ?? "";
  });
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
