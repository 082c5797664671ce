import type { Validator } from "../detector.ts";
import { weightedSum } from "./digits.ts";

const WEIGHTS = [8, 7, 6, 5, 4, 3, 2];
const LETTERS = "WABCDEFGHIJKLMNOPQRSTUV";

export const iePpsn: Validator = {
  id: "ie-ppsn",
  description: "Check letter mod 23; a second letter counts nine times",
  source: "Revenue Commissioners; Department of Social Protection, PPS number",
  passRate: 0.043,
  check(value) {
    if (!/^[0-9]{7}[A-W][A-IW]?$/.test(value)) return false;
    const second = value.length === 9 && value[8] !== "W" ? value.charCodeAt(8) - 64 : 0;
    return LETTERS.charAt((weightedSum(value, WEIGHTS) + second * 9) % 23) === value[7];
  },
};
