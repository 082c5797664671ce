import type { BuiltInDetector } from "../detector.ts";
import { bic } from "../validators/bic.ts";

export const swiftBic: BuiltInDetector = {
  id: "swift-bic",
  description: "Bank identifier codes (SWIFT, BIC)",
  source: "ISO 9362",
  view: "folded",
  shapes: [{ pattern: "[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", weight: 0.2, note: "8 or 11 characters" }],
  validator: bic,
  context: [
    ...["swift", "bic", "swift code", "bic code", "swift/bic", "bic/swift", "code bic", "código swift", "codice bic"],
  ],
  surroundings: "token",
  mask: "none",
  examples: {
    positive: [
      "SWIFT DEUTDEFF",
      "BIC: DEUTDEFF500",
      "swift code NEDSZAJJXXX",
      "BIC/SWIFT INGBNL2A",
      "Code BIC : BNPAFRPP",
    ],
    negative: ["DEUTDEFF", "SWIFT DEUT1EFF", "BIC DEUTDEF", "SWIFT CONFIDENTIAL", "BIC DEUTXXFF"],
  },
};
