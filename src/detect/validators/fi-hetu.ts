import type { Validator } from "../detector.ts";
import { isDate } from "./digits.ts";

const LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY";

export const fiHetu: Validator = {
  id: "fi-hetu",
  description: "Date of birth and check character mod 31",
  source: "https://dvv.fi/en/personal-identity-code",
  passRate: 0.001,
  check(value) {
    const match = /^([0-9]{6})([-+A-FU-Y])([0-9]{3})([0-9A-Y])$/.exec(value);
    if (match === null) return false;
    const [, date = "", sign = "", individual = "", check] = match;
    const century = sign === "+" ? 1800 : /[-U-Y]/.test(sign) ? 1900 : 2000;
    if (!isDate(century + Number(date.slice(4)), Number(date.slice(2, 4)), Number(date.slice(0, 2)))) return false;
    return Number(individual) >= 2 && LETTERS.charAt(Number(date + individual) % 31) === check;
  },
};
