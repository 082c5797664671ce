import type { BuiltInDetector } from "../detector.ts";
import { sgNric as validator } from "../validators/sg-nric.ts";

export const sgNric: BuiltInDetector = {
  id: "sg-nric",
  description: "Singapore identity card and foreign identification numbers",
  source: "Immigration and Checkpoints Authority",
  view: "folded",
  shapes: [{ pattern: "[STFGMstfgm]\\d{7}[A-Za-z]", weight: 0.28, note: "letter, 7 digits, letter" }],
  validator,
  context: [
    ...[
      "nric",
      "fin",
      "nric/fin",
      "identity card",
      "ic no",
      "ic number",
      "singpass",
      "identification number",
      "passport",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: ["NRIC S1234567D", "nric: t1234567j", "FIN F1234567N", "IC No. S1234567D", "identity card S1234567D"],
    negative: ["NRIC S1234567A", "S1234567D", "NRIC S12345678D", "NRIC A1234567D", "part S1234567D"],
  },
};
