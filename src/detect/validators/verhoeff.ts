import type { Validator } from "../detector.ts";
import { digitAt, isRepeated } from "./digits.ts";

/** Multiplication of the dihedral group of order ten. */
function multiply(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5);
  return b < 5 ? 5 + ((a - 5 - b + 5) % 5) : (a - b + 5) % 5;
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Verhoeff's check over the dihedral group, J. Verhoeff, Error Detecting Decimal Codes (1969). */
export function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    let digit = digitAt(digits, digits.length - 1 - fromRight);
    for (let times = 0; times < fromRight % 8; times++) digit = PERMUTATION[digit] ?? 0;
    check = multiply(check, digit);
  }
  return check === 0;
}

export const verhoeff: Validator = {
  id: "verhoeff",
  description: "Verhoeff check digit over all digits",
  source: "J. Verhoeff, Error Detecting Decimal Codes, 1969",
  passRate: 0.1,
  check: (value) => /^[0-9]{2,}$/.test(value) && !isRepeated(value) && passesVerhoeff(value),
};
