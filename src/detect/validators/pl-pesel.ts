import type { Validator } from "../detector.ts";
import { isDate, isDigits, weightedSum } from "./digits.ts";

const WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1];
/** The century is added to the month in steps of 20, beginning with 1900. */
const CENTURIES = [1900, 2000, 2100, 2200, 1800];

export const plPesel: Validator = {
  id: "pl-pesel",
  description: "Date of birth and check digit mod 10",
  source: "https://www.gov.pl/web/gov/czym-jest-numer-pesel",
  passRate: 0.019,
  check(value) {
    if (!isDigits(value, 11) || weightedSum(value, WEIGHTS) % 10 !== 0) return false;
    const coded = Number(value.slice(2, 4));
    const year = (CENTURIES[Math.floor(coded / 20)] ?? 0) + Number(value.slice(0, 2));
    return isDate(year, coded % 20, Number(value.slice(4, 6)));
  },
};
