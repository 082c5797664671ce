import type { Validator } from "../detector.ts";
import { digitAt, isRepeated } from "./digits.ts";

/** Luhn, ISO/IEC 7812-1 annex B: every second digit from the right doubled, digit sums, multiple of ten. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    const digit = digitAt(digits, digits.length - 1 - fromRight);
    const value = fromRight % 2 === 1 ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return digits.length > 1 && sum % 10 === 0;
}

export const luhn: Validator = {
  id: "luhn",
  description: "Luhn check digit over all digits",
  source: "ISO/IEC 7812-1, annex B",
  passRate: 0.1,
  check: (value) => /^[0-9]{2,}$/.test(value) && !isRepeated(value) && passesLuhn(value),
};
