import type { Validator } from "../detector.ts";
import { isRepeated } from "./digits.ts";

const LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ";
const VALUES = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

export const vin: Validator = {
  id: "vin",
  description: "Check character at the ninth place, mod 11",
  source: "49 CFR 565.15; ISO 3779",
  passRate: 0.09,
  check(value) {
    if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(value) || isRepeated(value)) return false;
    let sum = 0;
    for (const [index, weight] of WEIGHTS.entries()) {
      const character = value.charAt(index);
      sum += (/[0-9]/.test(character) ? Number(character) : (VALUES[LETTERS.indexOf(character)] ?? 0)) * weight;
    }
    return "0123456789X".charAt(sum % 11) === value[8];
  },
};
