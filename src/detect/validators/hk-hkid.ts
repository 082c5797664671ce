import type { Validator } from "../detector.ts";

/** A missing first letter counts as 36. */
const BLANK = 36;

export const hkHkid: Validator = {
  id: "hk-hkid",
  description: "Check character mod 11",
  source: "Immigration Department of Hong Kong",
  passRate: 0.091,
  check(value) {
    const match = /^([A-Z]{1,2})([0-9]{6})([0-9A])$/.exec(value);
    if (match === null) return false;
    const [, letters = "", digits = "", check = ""] = match;
    const values = [...letters].map((letter) => Number.parseInt(letter, 36));
    if (values.length === 1) values.unshift(BLANK);
    values.push(...[...digits].map(Number), Number.parseInt(check, 16));
    const sum = values.reduce((total, value, index) => total + value * (9 - index), 0);
    return sum % 11 === 0;
  },
};
