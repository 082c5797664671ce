import type { Validator } from "../detector.ts";

/** Values of characters at odd places, 0-9 and A-Z alike: digit n counts as the n-th letter. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
/** A digit may be written as a letter where two people would share a code (omocodia). */
const D = "[0-9LMNP-V]";
const SHAPE = new RegExp(`^[A-Z]{6}${D}{2}[ABCDEHLMPRST](?:[0-7LMNP-T]${D})[A-Z]${D}{3}[A-Z]$`);

function placeOf(character: string): number {
  const value = Number.parseInt(character, 36);
  return value < 10 ? value : value - 10;
}

export const itCodiceFiscale: Validator = {
  id: "it-codice-fiscale",
  description: "Name, date and place letters, and check letter mod 26",
  source: "Decreto ministeriale 23 dicembre 1976",
  passRate: 0.038,
  check(value) {
    if (!SHAPE.test(value)) return false;
    let sum = 0;
    for (let index = 0; index < 15; index++) {
      const place = placeOf(value.charAt(index));
      sum += index % 2 === 0 ? (ODD[place] ?? 0) : place;
    }
    return String.fromCharCode(65 + (sum % 26)) === value[15];
  },
};
