import type { BuiltInDetector } from "../detector.ts";
import { jpMyNumber as validator } from "../validators/jp-my-number.ts";

export const jpMyNumber: BuiltInDetector = {
  id: "jp-my-number",
  description: "Japanese individual numbers (My Number)",
  source: "Ministry of Internal Affairs and Communications, Ordinance 85 of 2014",
  view: "folded",
  shapes: [
    { pattern: "\\d{4} \\d{4} \\d{4}", weight: 0.2, note: "4-4-4 digits" },
    { pattern: "\\d{4}-\\d{4}-\\d{4}", weight: 0.2, note: "4-4-4 digits with dashes" },
    { pattern: "\\d{12}", weight: 0.13, note: "12 digits" },
  ],
  validator,
  context: [...["my number", "mynumber", "individual number", "マイナンバー", "個人番号", "個人番号カード"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "My Number 123456789018",
      "マイナンバー：1234 5678 9018",
      "個人番号 123456789018",
      "individual number 1234-5678-9018",
      "マイナンバーは123456789018です",
    ],
    negative: [
      "My Number 123456789019",
      "123456789018",
      "My Number 1234567890180",
      "order 123456789018",
      "マイナンバー 000000000000",
    ],
  },
};
