import type { BuiltInDetector } from "../detector.ts";
import { icd10 as validator } from "../validators/icd-10.ts";

export const icd10: BuiltInDetector = {
  id: "icd-10",
  description: "ICD-10 diagnosis codes that are labelled as such",
  source: "WHO ICD-10, 2019 edition; CMS ICD-10-CM",
  view: "folded",
  shapes: [
    { pattern: "[A-TV-Z]\\d[0-9A-Z]\\.[0-9A-Z]{1,4}", weight: 0.2, note: "code with subcategory" },
    { pattern: "[A-TV-Z]\\d[0-9A-Z]", weight: 0.05, note: "category" },
  ],
  validator,
  needsLabel: true,
  context: [
    ...[
      "icd",
      "icd-10",
      "icd10",
      "icd-10-cm",
      "diagnosis",
      "diagnoses",
      "diagnosis code",
      "dx",
      "diagnose",
      "diagnosen",
    ],
    ...["diagnostic", "diagnóstico", "diagnosi", "principal diagnosis", "secondary diagnosis", "admitting diagnosis"],
  ],
  surroundings: "number",
  mask: "none",
  examples: {
    positive: ["ICD-10: E11.9", "diagnosis F32.1", "Dx: C50", "Diagnose J45.0", "diagnosis code S72.001A"],
    negative: ["Cell A10.5", "diagnosis U07.1", "room B12", "diagnosis E99.9", "ICD-10 is a classification"],
  },
};
