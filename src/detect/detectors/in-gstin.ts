import type { BuiltInDetector } from "../detector.ts";
import { inGstin as validator } from "../validators/in-gstin.ts";

export const inGstin: BuiltInDetector = {
  id: "in-gstin",
  description: "Indian goods and services tax numbers (GSTIN)",
  source: "Goods and Services Tax Network",
  view: "folded",
  shapes: [
    {
      pattern: "\\d{2}[A-Za-z]{5}\\d{4}[A-Za-z][1-9A-Za-z][Zz][0-9A-Za-z]",
      weight: 0.45,
      note: "15 characters of the number",
    },
  ],
  validator,
  context: [...["gstin", "gst", "gst number", "gst no", "gst registration"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "GSTIN 27AAPFU0939F1ZV",
      "gst no: 27aapfu0939f1zv",
      "27AAPFU0939F1ZV",
      "GST registration 27AAPFU0939F1ZV",
      "supplier (27AAPFU0939F1ZV)",
    ],
    negative: [
      "GSTIN 27AAPFU0939F1ZO",
      "99AAPFU0939F1ZX",
      "GSTIN 27AAPFU0939F1Z",
      "x27AAPFU0939F1ZV",
      "GSTIN 27AAPFU0939F1AV",
    ],
  },
};
