import type { Validator } from "../detector.ts";
import { isDigits } from "./digits.ts";

/** Numbers that were printed in advertisements and sample documents, and so mean nobody. */
const PUBLISHED = new Set([
  "078051120",
  "219099999",
  "123456789",
  "111111111",
  "222222222",
  "333333333",
  "444444444",
  "555555555",
  "777777777",
  "888888888",
]);

export const usSsn: Validator = {
  id: "us-ssn",
  description: "Area, group and serial that can be issued",
  source: "https://www.ssa.gov/employer/randomization.html",
  passRate: 0.89,
  check(value) {
    if (!isDigits(value, 9) || PUBLISHED.has(value)) return false;
    const area = value.slice(0, 3);
    return area !== "000" && area !== "666" && area < "900" && value.slice(3, 5) !== "00" && value.slice(5) !== "0000";
  },
};
