import type { BuiltInDetector } from "../detector.ts";
import { cnResidentId as validator } from "../validators/cn-resident-id.ts";

export const cnResidentId: BuiltInDetector = {
  id: "cn-resident-id",
  description: "Chinese resident identity card numbers",
  source: "GB 11643-1999",
  view: "folded",
  shapes: [{ pattern: "[1-8]\\d{5}(?:18|19|20)\\d{9}[0-9Xx]", weight: 0.2, note: "18 characters of the number" }],
  validator,
  context: [
    ...[
      "id card",
      "identity card",
      "resident identity",
      "身份证",
      "身份證",
      "身份证号",
      "身份证号码",
      "公民身份号码",
      "shenfenzheng",
      "居民身份证",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "身份证 11010519491231002X",
      "11010519491231002X",
      "ID card: 11010519491231002x",
      "公民身份号码11010519491231002X",
      "resident identity 440308199901101512",
    ],
    negative: [
      "身份证 110105194912310029",
      "110105194913310021",
      "1101051949123100",
      "11010519491231002X9",
      "00010519491231002X",
    ],
  },
};
