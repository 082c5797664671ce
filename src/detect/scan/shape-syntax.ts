/** A set of bytes: one element for each, 1 where it belongs to the set. */
export type ByteSet = Uint8Array;

/** A shape's pattern as a tree. */
export type ShapeNode =
  | { readonly kind: "bytes"; readonly set: ByteSet }
  | { readonly kind: "sequence"; readonly items: readonly ShapeNode[] }
  | { readonly kind: "choice"; readonly items: readonly ShapeNode[] }
  | { readonly kind: "repeat"; readonly item: ShapeNode; readonly least: number; readonly most: number };

const CONTROL: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
const CLASSES: Readonly<Record<string, ByteSet>> = {
  d: setOf((byte) => byte >= 48 && byte <= 57),
  s: setOf((byte) => byte === 32 || (byte >= 9 && byte <= 13) || byte === 160),
};
const SINGLES = new Map<number, ByteSet>();

/**
 * Reads a pattern of the kind that `Shape.pattern` allows: literals, classes, non-capturing groups, alternatives,
 * bounded repetitions. @throws SyntaxError on anything else: shapes are our own, so that is a fault of the program.
 */
export function parseShape(pattern: string): ShapeNode {
  let at = 0;
  const fail = (): SyntaxError => new SyntaxError(`unsupported at ${at} in the shape ${pattern}`);

  function choice(): ShapeNode {
    const items = [sequence()];
    while (pattern[at] === "|") {
      at++;
      items.push(sequence());
    }
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: "choice", items };
  }

  function sequence(): ShapeNode {
    const items: ShapeNode[] = [];
    while (at < pattern.length && pattern[at] !== "|" && pattern[at] !== ")") items.push(repeated(atom()));
    return { kind: "sequence", items };
  }

  function repeated(item: ShapeNode): ShapeNode {
    if (pattern[at] === "?") {
      at++;
      return { kind: "repeat", item, least: 0, most: 1 };
    }
    const counts = /^\{(\d+)(?:,(\d+))?\}/.exec(pattern.slice(at, at + 12));
    if (counts === null) return item;
    at += counts[0].length;
    const least = Number(counts[1]);
    return { kind: "repeat", item, least, most: Number(counts[2] ?? least) };
  }

  function atom(): ShapeNode {
    const character = pattern.charAt(at);
    if (pattern.startsWith("(?:", at)) {
      at += 3;
      const inner = choice();
      if (pattern[at] !== ")") throw fail();
      at++;
      return inner;
    }
    if (character === "[") return byteClass();
    if (/[()*+{}^$.?]/.test(character)) throw fail();
    at++;
    return { kind: "bytes", set: character === "\\" ? escaped() : single(character.charCodeAt(0)) };
  }

  /** What stands behind a backslash. */
  function escaped(): ByteSet {
    const character = pattern.charAt(at++);
    const known = CLASSES[character];
    if (known !== undefined) return known;
    const literal = CONTROL[character] ?? character;
    if (/[A-Za-z0-9]/.test(literal)) throw fail();
    return single(literal.charCodeAt(0));
  }

  function byteClass(): ShapeNode {
    at++;
    const negated = pattern[at] === "^";
    if (negated) at++;
    const set = new Uint8Array(256);
    while (pattern[at] !== "]") {
      if (at >= pattern.length) throw fail();
      const low = classMember();
      if (typeof low === "number" && pattern[at] === "-" && pattern[at + 1] !== "]") {
        at++;
        const high = classMember();
        if (typeof high !== "number") throw fail();
        set.fill(1, low, high + 1);
      } else if (typeof low === "number") set[low] = 1;
      else for (const [byte, member] of low.entries()) if (member === 1) set[byte] = 1;
    }
    at++;
    return { kind: "bytes", set: negated ? set.map((member) => 1 - member) : set };
  }

  function classMember(): number | ByteSet {
    const character = pattern.charAt(at++);
    if (character !== "\\") return character.charCodeAt(0);
    const set = escaped();
    const only = set.indexOf(1);
    return set.indexOf(1, only + 1) < 0 ? only : set;
  }

  const tree = choice();
  if (at < pattern.length) throw fail();
  return tree;
}

function setOf(test: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => (test(byte) ? 1 : 0));
}

/** The set of one byte; the same one each time. */
function single(byte: number): ByteSet {
  const known = SINGLES.get(byte) ?? new Uint8Array(256).fill(1, byte, byte + 1);
  SINGLES.set(byte, known);
  return known;
}
