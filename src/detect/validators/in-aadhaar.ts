import type { Validator } from "../detector.ts";
import { isRepeated } from "./digits.ts";
import { passesVerhoeff } from "./verhoeff.ts";

export const inAadhaar: Validator = {
  id: "in-aadhaar",
  description: "First digit 2 to 9, Verhoeff check digit, no palindrome",
  source: "UIDAI, numbering scheme for residents of India",
  passRate: 0.08,
  check: (value) =>
    /^[2-9][0-9]{11}$/.test(value) &&
    !isRepeated(value) &&
    [...value].reverse().join("") !== value &&
    passesVerhoeff(value),
};
