import type { Validator } from "../detector.ts";
import { digitAt, weightedSum } from "./digits.ts";

const FIRST = [3, 2, 7, 6, 5, 4, 3, 2];
const SECOND = [7, 4, 3, 2, 5, 2, 7, 6];

export const nzIrd: Validator = {
  id: "nz-ird",
  description: "Range and check digit mod 11 with two sets of weights",
  source: "Inland Revenue of New Zealand, resident withholding tax specification",
  passRate: 0.013,
  check(value) {
    if (!/^[0-9]{8,9}$/.test(value) || Number(value) < 10_000_000 || Number(value) > 150_000_000) return false;
    const number = value.padStart(9, "0");
    let check = (11 - (weightedSum(number, FIRST) % 11)) % 11;
    if (check === 10) check = (11 - (weightedSum(number, SECOND) % 11)) % 11;
    return check === digitAt(number, 8);
  },
};
