import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Tally } from "../../src/core/finding.ts";
import { createEngine } from "../../src/detect/engine.ts";

const corpus = process.env.POSTERN_CORPUS;
const engine = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });

function tallies(text: string): readonly Tally[] {
  const part = { path: "body", origin: "body", text, layout: "prose", mediaType: "text/plain" } as const;
  return engine.detect({ parts: [part], key: new Uint8Array(32) }).tallies;
}

/** Presidio's names of detectors whose published cases follow the same rules as ours. */
const PUBLISHED: readonly (readonly [theirs: string, ours: string])[] = [
  ["AU_ABN", "au-abn"],
  ["AU_TFN", "au-tfn"],
  ["CRYPTO", "crypto-wallet"],
  ["ES_NIE", "es-nie"],
  ["ES_NIF", "es-dni"],
  ["IN_AADHAAR", "in-aadhaar"],
  ["IT_FISCAL_CODE", "it-codice-fiscale"],
  ["PL_PESEL", "pl-pesel"],
  ["UK_NINO", "gb-nino"],
  ["US_NPI", "us-npi"],
  ["ZA_ID_NUMBER", "za-id"],
];

describe.skipIf(corpus === undefined)("published cases (POSTERN_CORPUS is not set when skipped)", () => {
  const lines = corpus === undefined ? [] : readFileSync(join(corpus, "detect", "presidio.tsv"), "utf8").split("\n");

  test.each(PUBLISHED)("%s: valid ones are found, others never with medium confidence", (theirs, ours) => {
    const cases = lines.map((line) => line.split("\t")).filter(([name]) => name === theirs);
    expect(cases.length).toBeGreaterThan(0);
    for (const [, text = "", expected, , , , verdict] of cases) {
      if (expected === "yes" && verdict === "invalid") continue;
      const found = tallies(text.replaceAll("\\n", "\n")).filter(({ detector }) => detector === ours);
      const sure = found.filter(({ confidence }) => confidence !== "low");
      expect([text, expected === "yes" ? found.length > 0 : sure.length > 0]).toEqual([text, expected === "yes"]);
    }
  });
});

describe.skipIf(corpus === undefined)("cases from bug reports (POSTERN_CORPUS is not set when skipped)", () => {
  const sure = (file: string): readonly string[] => {
    const mail = readFileSync(join(corpus ?? "", "bugs", file), "utf8");
    return tallies(mail.slice(mail.search(/\r?\n\r?\n/)))
      .filter(({ confidence }) => confidence !== "low")
      .map(({ detector, fingerprints, occurrences }) => `${detector} ${fingerprints.length}/${occurrences}`);
  };

  test.each([
    ["47-fp-unix-ms.eml", []],
    ["48-fp-uuid.eml", []],
    ["49-fp-decimals.eml", []],
    ["51-ssn-900-series.eml", ["us-ssn 1/1"]],
    ["52-card-luhn-fail.eml", []],
    ["53-one-card-one-finding.eml", ["credit-card 1/2"]],
    ["55-iban-lower-spaced.eml", ["iban 3/3"]],
  ])("%s gives %j", (file, expected) => {
    expect(sure(file)).toEqual(expected);
  });
});
