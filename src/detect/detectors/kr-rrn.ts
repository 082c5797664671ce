import type { BuiltInDetector } from "../detector.ts";
import { krRrn as validator } from "../validators/kr-rrn.ts";

export const krRrn: BuiltInDetector = {
  id: "kr-rrn",
  description: "Korean resident registration numbers",
  source: "Resident Registration Act of Korea",
  view: "folded",
  shapes: [
    { pattern: "\\d{6}-[0-9]\\d{6}", weight: 0.18, note: "6-7 digits" },
    { pattern: "\\d{13}", weight: 0.12, note: "13 digits" },
  ],
  validator,
  context: [
    ...[
      "rrn",
      "resident registration",
      "resident registration number",
      "주민등록번호",
      "주민번호",
      "주민등록",
      "외국인등록번호",
      "jumin",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "RRN 971013-9019902",
      "주민등록번호: 971013-9019902",
      "resident registration number 9710139019902",
      "주민번호 971013-9019902",
      "rrn: 971013-9019902",
    ],
    negative: [
      "RRN 971013-9019903",
      "971013-9019902",
      "RRN 971313-9019902",
      "RRN 971013-90199021",
      "order 9710139019902",
    ],
  },
};
