import type { Validator } from "../detector.ts";
import { isDate, isDigits } from "./digits.ts";

export const dkCpr: Validator = {
  id: "dk-cpr",
  description: "Date of birth; the mod 11 digit was given up in 2007 and is not asked for",
  source: "https://cpr.dk, opbygning af personnummeret",
  passRate: 0.037,
  check(value) {
    if (!isDigits(value, 10) || value.endsWith("0000")) return false;
    const year = Number(value.slice(4, 6));
    return [1900, 2000].some((century) => isDate(century + year, Number(value.slice(2, 4)), Number(value.slice(0, 2))));
  },
};
