import type { Validator } from "../detector.ts";
import { weightedSum } from "./digits.ts";

const WEIGHTS = [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1];

export const chAhv: Validator = {
  id: "ch-ahv",
  description: "Country prefix 756 and EAN-13 check digit",
  source: "Zentrale Ausgleichsstelle, AHV-Nummer",
  passRate: 0.0001,
  check: (value) => /^756[0-9]{10}$/.test(value) && weightedSum(value, WEIGHTS) % 10 === 0,
};
