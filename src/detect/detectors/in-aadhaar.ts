import type { BuiltInDetector } from "../detector.ts";
import { inAadhaar as validator } from "../validators/in-aadhaar.ts";

export const inAadhaar: BuiltInDetector = {
  id: "in-aadhaar",
  description: "Indian Aadhaar numbers",
  source: "UIDAI, numbering scheme",
  view: "folded",
  shapes: [
    { pattern: "[2-9]\\d{3} \\d{4} \\d{4}", weight: 0.22, note: "4-4-4 digits" },
    { pattern: "[2-9]\\d{3}-\\d{4}-\\d{4}", weight: 0.2, note: "4-4-4 digits with dashes" },
    { pattern: "[2-9]\\d{11}", weight: 0.13, note: "12 digits" },
  ],
  validator,
  isTestValue: (canonical) => canonical === "999941057058",
  context: [...["aadhaar", "aadhar", "adhaar", "adhar", "uidai", "uid", "aadhaar number", "आधार", "ஆதார்", "ఆధార్"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Aadhaar 9999 4105 7058",
      "aadhar: 999941057058",
      "UIDAI no 9999-4105-7058",
      "आधार 9999 4105 7058",
      "my adhaar number is 999941057058",
    ],
    negative: [
      "Aadhaar 9999 4105 7059",
      "9999 4105 7058",
      "Aadhaar 99994105705",
      "Aadhaar 1999 4105 7058",
      "order 999941057058",
    ],
  },
};
