import type { Validator } from "../detector.ts";
import { isDate, weightedSum } from "./digits.ts";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";
/** First two digits of a region: provinces, Taiwan (71, 83), Hong Kong (81), Macao (82). */
const REGION = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/;

export const cnResidentId: Validator = {
  id: "cn-resident-id",
  description: "Region, date of birth and ISO 7064 mod 11-2 check character",
  source: "GB 11643-1999; ISO/IEC 7064",
  passRate: 0.00006,
  check(value) {
    if (!/^[0-9]{17}[0-9X]$/.test(value) || !REGION.test(value)) return false;
    const year = Number(value.slice(6, 10));
    if (year < 1850 || year > new Date().getUTCFullYear()) return false;
    if (!isDate(year, Number(value.slice(10, 12)), Number(value.slice(12, 14)))) return false;
    return CHECKS.charAt(weightedSum(value, WEIGHTS) % 11) === value[17];
  },
};
