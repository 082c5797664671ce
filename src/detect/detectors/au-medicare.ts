import type { BuiltInDetector } from "../detector.ts";
import { auMedicare as validator } from "../validators/au-medicare.ts";

export const auMedicare: BuiltInDetector = {
  id: "au-medicare",
  description: "Australian Medicare card numbers",
  source: "Services Australia",
  view: "folded",
  shapes: [
    { pattern: "[2-6]\\d{3} \\d{5} \\d(?:[ /-]?\\d)?", weight: 0.22, note: "4-5-1 digits" },
    { pattern: "[2-6]\\d{9,10}", weight: 0.14, note: "10 or 11 digits" },
  ],
  validator,
  context: [...["medicare", "medicare card", "medicare number", "medicare no", "irn"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Medicare 2123 45670 1",
      "medicare number: 2123456701",
      "Medicare card 2123 45670 1/1",
      "Medicare no 2000 00002 1",
      "medicare 21234567011",
    ],
    negative: [
      "Medicare 2123 45671 1",
      "2123 45670 1",
      "Medicare 7123 45670 1",
      "Medicare 212345670",
      "order 2123456701",
    ],
  },
};
