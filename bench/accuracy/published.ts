import { readFileSync } from "node:fs";
import { join } from "node:path";

type Detect = (text: string) => { readonly all: readonly string[]; readonly sure: readonly string[] };

/** Our detectors by the names that Presidio's tests use. */
const NAMES: Readonly<Record<string, string>> = {
  ABA_ROUTING_NUMBER: "us-aba-routing",
  AU_ABN: "au-abn",
  AU_MEDICARE: "au-medicare",
  AU_TFN: "au-tfn",
  CREDIT_CARD: "credit-card",
  CRYPTO: "crypto-wallet",
  ES_NIE: "es-nie",
  ES_NIF: "es-dni",
  FI_PERSONAL_IDENTITY_CODE: "fi-hetu",
  IBAN_CODE: "iban",
  IN_AADHAAR: "in-aadhaar",
  IN_GSTIN: "in-gstin",
  IN_PAN: "in-pan",
  IT_FISCAL_CODE: "it-codice-fiscale",
  PL_PESEL: "pl-pesel",
  SG_NRIC_FIN: "sg-nric",
  UK_NHS: "gb-nhs",
  UK_NINO: "gb-nino",
  US_ITIN: "us-itin",
  US_NPI: "us-npi",
  US_SSN: "us-ssn",
  ZA_ID_NUMBER: "za-id",
};

/** Published test cases of Presidio. A "yes" whose number fails its checksum is no case of ours. */
export function publishedCases(detect: Detect, print: (line: string) => void): void {
  const corpus = process.env.POSTERN_CORPUS;
  if (corpus === undefined) {
    print("\nPublished cases: skipped, POSTERN_CORPUS is not set");
    return;
  }
  const results = new Map<string, { hit: number; missed: number; wrong: number; quiet: number }>();
  for (const line of readFileSync(join(corpus, "detect", "presidio.tsv"), "utf8")
    .split("\n")
    .slice(1)) {
    const [name = "", text = "", expected, , , , verdict] = line.split("\t");
    const detector = NAMES[name];
    if (detector === undefined || (expected === "yes" && verdict === "invalid")) continue;
    const result = results.get(detector) ?? { hit: 0, missed: 0, wrong: 0, quiet: 0 };
    results.set(detector, result);
    const { all, sure } = detect(text.replaceAll("\\n", "\n"));
    if (expected === "yes") all.includes(detector) ? result.hit++ : result.missed++;
    else sure.includes(detector) ? result.wrong++ : result.quiet++;
  }
  print(
    "\nPublished cases of Presidio: found of those that are valid (any confidence), wrong of those that are none (medium)",
  );
  for (const [detector, { hit, missed, wrong, quiet }] of results) {
    print(`${detector.padEnd(20)}\t${hit}/${hit + missed}\t${wrong}/${wrong + quiet}`);
  }
}
