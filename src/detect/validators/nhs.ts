import type { Validator } from "../detector.ts";
import { digitAt, isDigits, isRepeated, weightedSum } from "./digits.ts";

const WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2];

export const nhs: Validator = {
  id: "nhs",
  description: "Mod 11 check digit, weights 10 to 2",
  source: "NHS Data Model and Dictionary, NHS NUMBER",
  passRate: 0.091,
  check(value) {
    if (!isDigits(value, 10) || isRepeated(value)) return false;
    const check = 11 - (weightedSum(value, WEIGHTS) % 11);
    return (check === 11 ? 0 : check) === digitAt(value, 9);
  },
};
