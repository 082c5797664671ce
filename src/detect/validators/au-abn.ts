import type { Validator } from "../detector.ts";
import { isDigits, weightedSum } from "./digits.ts";

const WEIGHTS = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];

export const auAbn: Validator = {
  id: "au-abn",
  description: "First digit less one, weighted sum mod 89",
  source: "https://abr.business.gov.au/Help/AbnFormat",
  passRate: 0.011,
  // Taking one from the first digit takes its weight from the sum.
  check: (value) => isDigits(value, 11) && value[0] !== "0" && (weightedSum(value, WEIGHTS) - 10) % 89 === 0,
};
