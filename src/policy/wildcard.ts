/**
 * Whether a text fits a pattern of literals, `*` (any run of characters) and `?` (any one), in any case.
 * Takes at most pattern × text steps, whatever the pattern.
 */
export function fitsWildcard(pattern: string, text: string): boolean {
  const want = [...pattern.toLowerCase()];
  const have = [...text.toLowerCase()];
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < have.length; ) {
    if (at < want.length && want[at] === "*") {
      star = at;
      resume = index;
      at += 1;
    } else if (at < want.length && (want[at] === "?" || want[at] === have[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      resume += 1;
      index = resume;
    } else {
      return false;
    }
  }
  return want.slice(at).every((character) => character === "*");
}
