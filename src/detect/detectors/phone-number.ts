import type { BuiltInDetector } from "../detector.ts";

export const phoneNumber: BuiltInDetector = {
  id: "phone-number",
  description: "Telephone numbers; medium confidence when more than ten different ones stand together",
  source: "ITU-T E.164; North American Numbering Plan",
  view: "folded",
  shapes: [
    {
      pattern: "\\+[1-9]\\d{0,2}(?:[ .-]?\\(?\\d{1,4}\\)?){2,6}",
      open: "start",
      weight: 0.4,
      note: "international form",
    },
    {
      pattern: "00[1-9]\\d{0,2}(?:[ .-]\\d{2,4}){2,5}(?: ?x\\d{1,6})?",
      weight: 0.35,
      note: "international form with 00",
    },
    { pattern: "\\([2-9]\\d{2}\\) ?[2-9]\\d{2}[ .-]\\d{4}", open: "start", weight: 0.4, note: "North American form" },
    {
      pattern: "(?:1[ .-])?[2-9]\\d{2}[.-][2-9]\\d{2}[.-]\\d{4}(?: ?x\\d{1,6})?",
      weight: 0.35,
      note: "North American form",
    },
    {
      pattern: "\\(0[1-9]\\d{0,4}\\)[ /-]{1,3}\\d{3,4}[ -]?\\d{2,5}",
      open: "start",
      weight: 0.3,
      note: "national form with brackets",
    },
    { pattern: "0[1-9]\\d{0,4}[ /-]{1,3}\\d{3,4}[ -]?\\d{2,5}", weight: 0.3, note: "national form" },
  ],
  validator: {
    id: "phone-number",
    description: "7 to 15 digits",
    source: "ITU-T E.164",
    passRate: 1,
    check: (value) => /^[0-9]{7,15}$/.test(value),
  },
  canonical: (matched) =>
    matched
      .replace(/ ?x.*/, "")
      .replace(/[^0-9]/g, "")
      .replace(/^00/, ""),
  bulk: { moreThan: 10, weight: 0.3 },
  context: [],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      Array.from({ length: 11 }, (_, index) => `+1 202-555-01${10 + index}`).join("\n"),
      Array.from({ length: 12 }, (_, index) => `(415) 555-01${10 + index}`).join(", "),
      Array.from({ length: 11 }, (_, index) => `+49 30 1234${100 + index}`).join("; "),
      Array.from({ length: 11 }, (_, index) => `020 7946 0${100 + index}`).join("\n"),
      Array.from({ length: 11 }, (_, index) => `312.555.01${10 + index}`).join(" "),
    ],
    negative: [
      "Call +1 202-555-0143 or (415) 555-0100",
      Array.from({ length: 30 }, () => "+1 202-555-0143").join(", "),
      "room 4.12, version 1.2.3.4, 2024-06-03",
      "4111 1111 1111 1111",
      "$1,234,567.89",
    ],
  },
};
