export type Print = (line: string) => void;

/** Texts come from mail: no control characters reach the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\uFFFD");
}
