import type { Validator } from "../detector.ts";
import { digitAt, weightedSum } from "./digits.ts";

const WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9];

export const auMedicare: Validator = {
  id: "au-medicare",
  description: "First digit 2 to 6, check digit mod 10, issue number",
  source: "Services Australia, Medicare card number",
  passRate: 0.045,
  check: (value) => /^[2-6][0-9]{8}[1-9][1-9]?$/.test(value) && weightedSum(value, WEIGHTS) % 10 === digitAt(value, 8),
};
