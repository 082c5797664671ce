import { FOLD_LETTER } from "./fold-table.ts";

/** What `\w` means: letters and digits of ASCII, and the underscore. 1 for each of these bytes. */
export const IS_WORD = Uint8Array.from({ length: 256 }, (_, byte) => (/\w/.test(String.fromCharCode(byte)) ? 1 : 0));

export const DIGIT = 2;
export const UNDERSCORE = 4;
const UNDERSCORE_SIGN = 95;

/** 0 for what is in no word, else one bit: 1 for a letter, DIGIT or UNDERSCORE. */
export const KIND = IS_WORD.map((isWord, byte) => {
  if (isWord === 0) return 0;
  if (byte >= 48 && byte <= 57) return DIGIT;
  return byte === UNDERSCORE_SIGN ? UNDERSCORE : 1;
});

/** What makes one word with what stands beside it, in prose: letters of any language, and digits. */
export const JOINS = IS_WORD.map((isWord, byte) =>
  byte === FOLD_LETTER || (isWord === 1 && byte !== UNDERSCORE_SIGN) ? 1 : 0,
);
