import type { Validator } from "../detector.ts";

/** Two-digit prefixes that the IRS has not assigned to a campus or to the internet. */
const UNASSIGNED = new Set([
  "00",
  "07",
  "08",
  "09",
  "17",
  "18",
  "19",
  "28",
  "29",
  "49",
  "69",
  "70",
  "78",
  "79",
  "89",
  "96",
  "97",
]);

export const usEin: Validator = {
  id: "us-ein",
  description: "Prefix that is assigned to a campus",
  source: "https://www.irs.gov/businesses/small-businesses-self-employed/how-eins-are-assigned-and-valid-ein-prefixes",
  passRate: 0.83,
  check: (value) => /^[0-9]{9}$/.test(value) && !UNASSIGNED.has(value.slice(0, 2)) && value.slice(2) !== "0000000",
};
