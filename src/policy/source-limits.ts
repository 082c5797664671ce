import { CST, Lexer } from "yaml";

/** Characters. A policy with 2,000 scopes and 500 detectors has a tenth of it; word lists that long are dictionaries. */
const MAX_LENGTH = 4_000_000;
/**
 * Levels. Real policies have eight. The parser descends into each level, and Node ends the whole process when a
 * regular expression is compiled close to the end of the stack, so the bound must hold before parsing.
 */
const MAX_DEPTH = 64;
/** Each may stand for a part of any size. */
const MAX_ALIASES = 100;

export interface Excess {
  /** In the text, from 0. */
  readonly offset: number;
  readonly reason: string;
}

/** What the lexer adds to the text to mark modes and scalars. */
const MARKS: ReadonlySet<string> = new Set(["\u0002", "\u0018", "\u001F"]);

/** Where a text leaves what a policy can be, told from its tokens alone; undefined when it does not. */
export function excessOf(text: string): Excess | undefined {
  if (text.length > MAX_LENGTH) return { offset: 0, reason: `a policy has at most ${MAX_LENGTH} characters` };
  const depthAfter = depthGauge();
  let [offset, aliases] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === "alias") aliases += 1;
    if (aliases > MAX_ALIASES) return { offset, reason: `more than ${MAX_ALIASES} aliases` };
    if (depthAfter(type, token.length) > MAX_DEPTH)
      return { offset, reason: `nested more than ${MAX_DEPTH} levels deep` };
    if (!MARKS.has(token)) offset += token.length;
  }
  return undefined;
}

/**
 * Follows tokens and says how deep they can at most be nested: levels of indentation, open brackets, and indicators
 * (`- - -`, `? ?`, `a: b:`) in a row.
 */
function depthGauge(): (type: CST.TokenType | null, length: number) => number {
  const indents: number[] = [];
  let [brackets, inRow, column, lineStarts] = [0, 0, 0, true];
  const startLine = (): void => {
    while ((indents.at(-1) ?? -1) >= column) indents.pop();
    indents.push(column);
    lineStarts = false;
  };
  return (type, length) => {
    switch (type) {
      case "newline":
        [lineStarts, column, inRow] = [true, 0, 0];
        break;
      case "space":
        if (lineStarts) column += length;
        break;
      case "comment":
      case "doc-mode":
        break;
      default:
        if (lineStarts) startLine();
        if (OPENING.has(type)) brackets += 1;
        if (CLOSING.has(type)) brackets = Math.max(0, brackets - 1);
        if (ENDING_ROW.has(type)) inRow = 0;
        if (INDICATORS.has(type)) inRow += 1;
    }
    return indents.length + brackets + inRow;
  };
}

type TokenTypes = ReadonlySet<CST.TokenType | null>;
const OPENING: TokenTypes = new Set(["flow-seq-start", "flow-map-start"] as const);
const CLOSING: TokenTypes = new Set(["flow-seq-end", "flow-map-end"] as const);
const ENDING_ROW: TokenTypes = new Set([...OPENING, ...CLOSING, "comma"] as const);
const INDICATORS: TokenTypes = new Set(["seq-item-ind", "map-value-ind", "explicit-key-ind"] as const);
