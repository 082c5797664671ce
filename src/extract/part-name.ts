/** Longer names are cut in the middle: paths are shown to people and stored with every finding. */
const MAX_NAME = 200;

/** Control and format characters: C0, C1, zero-width and bidi marks, which make a name look like another one. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A file name as a path of a part shows it: control, bidi and zero-width characters as `\u{hex}`, backslashes of
 * Windows archives as slashes, long names cut in the middle with their ending kept.
 */
export function displayName(name: string): string {
  const clipped = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 40)}…${name.slice(-39)}` : name;
  const visible = clipped
    .replaceAll("\\", "/")
    .replace(INVISIBLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return visible.trim() === "" ? "unnamed" : visible;
}
