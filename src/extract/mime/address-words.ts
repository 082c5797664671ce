/** A quoted string with closed quotes, or white space. */
const QUOTED_OR_SPACE = /"(?:[^"\\]|\\.)*"|\s+/gs;
/** A quoted string, or an at sign or dot with the white space that is legal around it (RFC 5322 4.4). */
const QUOTED_OR_JOINT = /"(?:[^"\\]|\\.)*"| ?@ ?| \. ?/gs;
const WORD = /(?:"(?:[^"\\]|\\.)*"|[^\s"])+/gs;
const QUOTED = /"(?:[^"\\]|\\.)*"/gs;

/** The words of a text outside of brackets that hold an at sign outside of quotes. */
export function addressesIn(text: string): readonly string[] {
  return wordsOf(text).filter(isAddress);
}

/** What is left of a text without its addresses and quotes. */
export function withoutAddresses(text: string): string {
  return wordsOf(text)
    .filter((word) => !isAddress(word))
    .map((word) => word.replace(QUOTED, (quoted) => quoted.slice(1, -1).replace(/\\(.)/gs, "$1")))
    .join(" ");
}

/** Words between white space. White space inside of quotes is part of its word. */
function wordsOf(text: string): readonly string[] {
  const even = text.replace(QUOTED_OR_SPACE, (piece) => (piece.startsWith('"') ? piece : " "));
  const joined = even.replace(QUOTED_OR_JOINT, (piece) => (piece.startsWith('"') ? piece : piece.trim()));
  return joined.match(WORD) ?? [];
}

function isAddress(word: string): boolean {
  return /[^@]@[^@]/.test(word) && word.replace(QUOTED, "q").includes("@");
}
