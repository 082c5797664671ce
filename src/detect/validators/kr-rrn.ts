import type { Validator } from "../detector.ts";
import { digitAt, isDate, isDigits, weightedSum } from "./digits.ts";

const WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
/** Century by the seventh digit: 9 and 0 for 1800, 1, 2, 5, 6 for 1900, 3, 4, 7, 8 for 2000. */
const CENTURIES = [1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800];
/** Numbers given out from October 2020 on have no check digit: asked of nobody who was born since then. */
const LAST_CHECKED_BIRTH = 202_009;

export const krRrn: Validator = {
  id: "kr-rrn",
  description: "Date of birth and check digit mod 11 (none for births since October 2020)",
  source: "Resident Registration Act of Korea, enforcement rules",
  passRate: 0.0035,
  check(value) {
    if (!isDigits(value, 13)) return false;
    const year = (CENTURIES[digitAt(value, 6)] ?? 0) + Number(value.slice(0, 2));
    const month = Number(value.slice(2, 4));
    if (!isDate(year, month, Number(value.slice(4, 6))) || year > new Date().getUTCFullYear()) return false;
    if (year * 100 + month > LAST_CHECKED_BIRTH) return true;
    // Foreigners' numbers (5 to 8) count two more.
    const sum = weightedSum(value, WEIGHTS);
    const check = (11 - (sum % 11)) % 10;
    const foreign = (13 - (sum % 11)) % 10;
    return digitAt(value, 12) === (/^[5-8]$/.test(value.charAt(6)) ? foreign : check);
  },
};
