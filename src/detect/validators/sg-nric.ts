import type { Validator } from "../detector.ts";

const WEIGHTS = [2, 7, 6, 5, 4, 3, 2];
const LETTERS: Readonly<Record<string, { readonly table: string; readonly offset: number }>> = {
  S: { table: "JZIHGFEDCBA", offset: 0 },
  T: { table: "JZIHGFEDCBA", offset: 4 },
  F: { table: "XWUTRQPNMLK", offset: 0 },
  G: { table: "XWUTRQPNMLK", offset: 4 },
  M: { table: "XWUTRQPNJLK", offset: 3 },
};

export const sgNric: Validator = {
  id: "sg-nric",
  description: "Series letter and check letter mod 11",
  source: "Immigration and Checkpoints Authority of Singapore",
  passRate: 0.042,
  check(value) {
    if (!/^[STFGM][0-9]{7}[A-Z]$/.test(value)) return false;
    const letters = LETTERS[value.charAt(0)];
    if (letters === undefined) return false;
    let sum = letters.offset;
    for (const [index, weight] of WEIGHTS.entries()) sum += Number(value[index + 1]) * weight;
    return letters.table.charAt(sum % 11) === value[8];
  },
};
