import type { Validator } from "../detector.ts";

/** Last category number of each letter that has one; U is for provisional use and left out. */
const LAST: Readonly<Record<string, number>> = {
  A: 99,
  B: 99,
  C: 97,
  D: 89,
  E: 90,
  F: 99,
  G: 99,
  H: 95,
  I: 99,
  J: 99,
  K: 95,
  L: 99,
  M: 99,
  N: 99,
  O: 99,
  P: 96,
  Q: 99,
  R: 99,
  S: 99,
  T: 98,
  V: 99,
  W: 99,
  X: 99,
  Y: 99,
  Z: 99,
};

export const icd10: Validator = {
  id: "icd-10",
  description: "Category within the range of its chapter",
  source: "WHO ICD-10, 2019 edition; CMS ICD-10-CM",
  passRate: 0.95,
  check(value) {
    const match = /^([A-TV-Z])([0-9])([0-9A-Z])[0-9A-Z]{0,4}$/.exec(value);
    if (match === null) return false;
    const category = Number(`${match[2]}${/[0-9]/.test(match[3] ?? "") ? match[3] : "0"}`);
    return category <= (LAST[match[1] ?? ""] ?? -1);
  },
};
