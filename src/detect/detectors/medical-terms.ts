import type { BuiltInDetector } from "../detector.ts";

/** Diseases, treatments and drugs that are seldom written about in any other matter. Lower case. */
const TERMS =
  `adenocarcinoma adhd aids alzheimer amitriptyline amoxicillin angioplasty antidepressant antipsychotic antiretroviral
   appendectomy arrhythmia arthritis asthma atherosclerosis atorvastatin autism biopsy bipolar bronchitis carcinoma
   cardiomyopathy chemotherapy chlamydia cholecystectomy cirrhosis citalopram clozapine colonoscopy colostomy copd
   crohn dementia dialysis diabetes diazepam emphysema endometriosis epilepsy escitalopram fibromyalgia fluoxetine
   gabapentin gastrectomy glaucoma glioblastoma gonorrhea haemophilia hemophilia hepatitis herpes hiv hodgkin
   hydrocodone hypertension hypothyroidism hysterectomy immunosuppressant insulin leukaemia leukemia levothyroxine
   lisinopril lithium lorazepam lymphoma mastectomy melanoma metastasis metastatic metformin methadone methotrexate
   metoprolol miscarriage myeloma myocardial naloxone neuropathy olanzapine oncology osteoporosis oxycodone
   pancreatitis paroxetine parkinson pneumonia prednisone preeclampsia prostatectomy psoriasis psychosis psychotic
   quetiapine radiotherapy retinopathy risperidone sarcoma schizophrenia sclerosis seizure sepsis sertraline
   simvastatin splenectomy stroke syphilis thrombosis tramadol transplant tuberculosis vasectomy venlafaxine warfarin
   zoloft prozac xanax depression krebserkrankung schizophrenie epilepsie diabète diabetes`
    .split(/\s+/)
    .filter((term) => /^[a-z]+$/.test(term));

const PATTERN = `(?:${TERMS.map((term) => `[${term.charAt(0).toUpperCase()}${term.charAt(0)}]${term.slice(1)}`).join("|")})`;

export const medicalTerms: BuiltInDetector = {
  id: "medical-terms",
  description: "Diseases, treatments and drugs near words about patients, or several of them together",
  source: "WHO ICD-10 chapter titles; WHO Model List of Essential Medicines",
  view: "folded",
  shapes: [{ pattern: PATTERN, weight: 0.15, note: "medical term" }],
  canonical: (matched) => matched.toLowerCase(),
  bulk: { moreThan: 2, weight: 0.2 },
  context: [
    ...["patient", "patients", "patient's", "diagnosed", "diagnosis", "prescribed", "prescription", "admitted"],
    ...["medical record", "mrn", "dob", "date of birth", "treatment", "discharge", "patientin", "befund", "paciente"],
  ],
  surroundings: "token",
  mask: "none",
  examples: {
    positive: [
      "The patient was diagnosed with schizophrenia.",
      "Patient: chemotherapy from Monday",
      "prescribed sertraline 50 mg",
      "MRN 1234: HIV, hepatitis and tuberculosis",
      "treatment: metformin and insulin",
    ],
    negative: [
      "We sponsor a run against leukemia",
      "The server had a stroke",
      "asthmatic",
      "insulin",
      "A melanoma awareness day and a talk about asthma",
    ],
  },
};
