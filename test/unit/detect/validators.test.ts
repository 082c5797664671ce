import { describe, expect, test } from "vitest";
import { validators } from "../../../src/detect/validators/registry.ts";

/** Published specimens and worked examples, and the same with one character wrong. */
const VECTORS: readonly (readonly [id: string, valid: readonly string[], invalid: readonly string[]])[] = [
  [
    "payment-card",
    ["4111111111111111", "5555555555554444", "378282246310005", "2223003122003222"],
    ["4111111111111112", "1234567890123456"],
  ],
  ["luhn", ["4111111111111111", "79927398713"], ["79927398714", "0000000000"]],
  [
    "iban",
    ["GB33BUKB20201555555555", "DE89370400440532013000", "NL91ABNA0417164300", "NO9386011117947"],
    ["GB34BUKB20201555555555", "DE8937040044053201300", "XX89370400440532013000"],
  ],
  ["us-ssn", ["734123456", "821304017"], ["987654320", "000123456", "666123456", "734003456", "734120000"]],
  ["us-itin", ["912903456"], ["912933456", "812903456"]],
  ["us-ein", ["123456789"], ["073456789"]],
  ["us-aba-routing", ["021000021", "110000000"], ["021000022", "500000000"]],
  ["npi", ["1234567893"], ["1234567890", "3234567893"]],
  ["dea", ["AB1234563", "F91234563"], ["AB1234564", "IB1234563"]],
  ["us-mbi", ["1EG4TE5MK73"], ["1EG4TE5SK73"]],
  ["nhs", ["9434765919", "9990000018"], ["9434765918"]],
  ["gb-nino", ["AB123456C"], ["QQ123456C", "BG123456C"]],
  ["ie-ppsn", ["1234567T", "1234567FA"], ["1234567A"]],
  ["bsn", ["123456782", "999990019"], ["123456789"]],
  ["de-steuer-id", ["11234567890", "36574261809"], ["36574261890"]],
  ["fr-nir", ["180017500100104"], ["180017500100100"]],
  ["fr-spi", ["3023217600053"], ["3023217600054"]],
  ["es-dni", ["12345678Z"], ["12345678A"]],
  ["es-nie", ["X1234567L"], ["X1234567A"]],
  ["it-codice-fiscale", ["RSSMRA80A01H501U"], ["RSSMRA80A01H501A"]],
  ["it-partita-iva", ["00743110157"], ["00743110158", "12345678903"]],
  ["pt-nif", ["123456789"], ["123456780"]],
  ["pl-pesel", ["44051401359"], ["44051401358"]],
  ["be-rrn", ["85073003328"], ["85073003329"]],
  ["se-personnummer", ["8112289874", "198112289874"], ["8112289873"]],
  ["fi-hetu", ["131052-308T"], ["131052-308U"]],
  ["dk-cpr", ["2110625629"], ["3113625629"]],
  ["no-fodselsnummer", ["15108695088"], ["15108695077"]],
  ["ch-ahv", ["7569217076985"], ["7569217076984"]],
  ["tr-tckn", ["10000000146"], ["10000000147"]],
  ["in-aadhaar", ["999941057058"], ["999941057059"]],
  ["in-pan", ["AAAPL1234C"], ["AAADL1234C"]],
  ["in-gstin", ["27AAPFU0939F1ZV"], ["27AAPFU0939F1ZO"]],
  ["au-tfn", ["123456782"], ["123456789"]],
  ["au-abn", ["51824753556"], ["51824753557"]],
  ["au-medicare", ["2123456701", "2000000021"], ["2123456711"]],
  ["nz-ird", ["49091850", "136410132"], ["136410133"]],
  ["ca-sin", ["123456782"], ["123456789"]],
  ["br-cpf", ["52998224725"], ["52998224726", "11111111111"]],
  ["br-cnpj", ["11222333000181", "12ABC34501DE35"], ["11222333000182", "12ABC34501DE34"]],
  ["mx-curp", ["BOXW310820HNERXN09"], ["BOXW310820HNERXN08"]],
  ["sg-nric", ["S1234567D", "T1234567J", "F1234567N"], ["S1234567A"]],
  ["kr-rrn", ["9710139019902"], ["9710139019903"]],
  ["jp-my-number", ["123456789018"], ["123456789019"]],
  ["cn-resident-id", ["11010519491231002X"], ["110105194912310029"]],
  ["hk-hkid", ["A1234563", "G123456A"], ["A1234564"]],
  ["za-id", ["8001015009087"], ["8001015009088"]],
  ["bic", ["DEUTDEFF", "DEUTDEFF500"], ["DEUT1EFF", "DEUTDEF", "DEUTXXFF"]],
  ["vin", ["1M8GDM9AXKP042788"], ["1M8GDM9A1KP042788"]],
  ["imei", ["490154203237518"], ["490154203237519"]],
  ["verhoeff", ["2363"], ["2364"]],
  ["github-token", ["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"], ["ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18"]],
  [
    "crypto-wallet",
    [
      "1111111111111111111114oLvT2",
      "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
      "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
      "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    ],
    [
      "1111111111111111111114oLvT3",
      "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
      "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
    ],
  ],
  [
    "mrz",
    [
      "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
      "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ],
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C46UTO7408122F1204159ZE184226B<<<<<10"],
  ],
];

describe.each(VECTORS)("%s", (id, valid, invalid) => {
  test.each(valid)("accepts %s", (value) => expect(validators.get(id)?.check(value)).toBe(true));
  test.each(invalid)("refuses %s", (value) => expect(validators.get(id)?.check(value)).toBe(false));
});

test("every validator has vectors", () => {
  const ids = VECTORS.map(([id]) => id);
  expect([...validators.keys()].filter((id) => !ids.includes(id))).toEqual([]);
});

test.each([...validators.values()])("$id refuses the empty text and text of another shape", (validator) => {
  for (const value of ["", "x", "\u0000", "9".repeat(200), "é".repeat(9)]) expect(validator.check(value)).toBe(false);
});
