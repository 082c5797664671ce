import type { Validator } from "../detector.ts";
import { isDigits, weightedSum } from "./digits.ts";

const WEIGHTS = [3, 7, 1, 3, 7, 1, 3, 7, 1];

export const usAbaRouting: Validator = {
  id: "us-aba-routing",
  description: "Federal Reserve prefix and 3-7-1 check digit",
  source: "ABA routing number policy",
  passRate: 0.038,
  check: (value) =>
    isDigits(value, 9) &&
    /^(?:0[0-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(value) &&
    !/^0{9}$/.test(value) &&
    weightedSum(value, WEIGHTS) % 10 === 0,
};
