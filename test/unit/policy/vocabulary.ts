import type { PolicyVocabulary } from "../../../src/policy/load.ts";

const DETECTORS = ["credit-card", "iban", "email-address", "private-key", "aws-access-key", "nl-bsn"];
const LOOK_AHEAD = "(?=";

/** A small engine's vocabulary: it refuses look-ahead, as RE2 does, and reads one dictionary. */
export const vocabulary: PolicyVocabulary = {
  detectorIds: new Set(DETECTORS),
  validatorIds: new Set(["luhn", "bsn"]),
  checkPattern: (pattern) => {
    const position = pattern.indexOf(LOOK_AHEAD);
    return position < 0 ? undefined : { position, reason: "look-ahead is not supported" };
  },
  readFile: (path) => (path === "names.txt" ? ["falcon", "", "grey osprey"] : undefined),
};
