import { CAPITALS, DIGITS, HEX, type Random } from "../accuracy/random.ts";

const WORDS =
  "please review the new report before Monday so that we can approve budget with finance team invoice contract server shipment customer account project meeting deadline document supplier warehouse office agreement policy forecast campaign prototype backup request feature test draft estimate payment delivery training workshop statement network laptop printer department manager director partner is was will be has been and or not for from into about after until".split(
    " ",
  );
const NAMES = ["Ann Smith", "Jörg Müller", "José García", "Chloé Dubois", "Wei Chen", "Marta Nowak", "Søren Nilsson"];
const SECTION = 10_240;

/** Mail-like text with numbers that are nothing (4 % digits), and one sensitive value in about 5 KB. */
export function mailText(random: Random, megabytes: number): readonly string[] {
  const mails: string[] = [];
  for (let bytes = 0; bytes < megabytes * 1_000_000; ) {
    const lines: string[] = [`From: ${random.pick(NAMES)}`, `Subject: ${words(random, 4)}`, ""];
    for (let length = 0; length < SECTION; ) {
      const line = `${words(random, 10 + random.below(12))} ${random.pick(NOISE)(random)} ${words(random, 6)}.`;
      lines.push(random.below(20) === 0 ? `${line} ${random.pick(VALUES)(random)}` : line);
      length += line.length;
    }
    const mail = lines.join("\n");
    mails.push(mail);
    bytes += Buffer.byteLength(mail);
  }
  return mails;
}

/** Inputs that a scanner may find hard, by name. */
export const SKEWED: Readonly<Record<string, (random: Random) => string>> = {
  csv: (r) =>
    `${r.text(DIGITS, 4)},John Smith,4${r.text(DIGITS, 15)},${r.text(DIGITS, 3)}-${r.text(DIGITS, 2)}-${r.text(DIGITS, 4)},j${r.text(HEX, 6)}@example.com\n`,
  base64: (r) => `${r.text(`${CAPITALS}${CAPITALS.toLowerCase()}${DIGITS}+/`, 76)}\n`,
  log: (r) =>
    `2026-01-1${r.text(DIGITS, 1)}T12:${r.text(DIGITS, 2)}:00Z INFO [${r.text(HEX, 16)}] 10.${r.below(255)}.0.${r.below(255)} GET /api/${r.text(DIGITS, 6)} 200\n`,
  tokens: (r) => `${Array.from({ length: 8 }, () => r.text(CAPITALS + DIGITS, 4 + r.below(12))).join(" ")}\n`,
  addresses: (r) => `${r.text(CAPITALS.toLowerCase(), 64)}@${r.text(CAPITALS.toLowerCase(), 64)}@\n`,
  digits: (r) => `${Array.from({ length: 14 }, () => r.text(DIGITS, 2 + r.below(4))).join(r.pick([" ", "-", "."]))}\n`,
};

export function skewedText(random: Random, make: (random: Random) => string, bytes: number): readonly string[] {
  const mails: string[] = [];
  for (let done = 0; done < bytes; done += SECTION) {
    let mail = "";
    while (mail.length < SECTION) mail += make(random);
    mails.push(mail);
  }
  return mails;
}

const NOISE: readonly ((random: Random) => string)[] = [
  (r) => `PO-${r.text(DIGITS, 6)}`,
  (r) => `#${r.text(DIGITS, 5)}`,
  (r) => `order ${r.text(DIGITS, 7)}`,
  (r) => `${1 + r.below(28)} March 202${r.below(7)}`,
  (r) => `$${1 + r.below(900)},${r.text(DIGITS, 3)}.${r.text(DIGITS, 2)}`,
  (r) => `version ${r.below(9)}.${r.below(20)}.${r.below(9)}`,
  (r) => `commit ${r.text(HEX, 40)}`,
  (r) => `https://www.example.com/${words(r, 1)}?id=${r.text(DIGITS, 6)}`,
  (r) => `${words(r, 1)}@example.com`,
  (r) => `batch ${r.text(DIGITS, 10)}`,
  (r) => `“${words(r, 3)}” – €${r.below(900)}`,
  (r) => words(r, 3),
  (r) => words(r, 5),
];

const VALUES: readonly ((random: Random) => string)[] = [
  (r) => `The card is 4${r.text(DIGITS, 3)} ${r.text(DIGITS, 4)} ${r.text(DIGITS, 4)} ${r.text(DIGITS, 4)}.`,
  (r) => `IBAN DE${r.text(DIGITS, 20)}.`,
  (r) => `Her SSN is 4${r.text(DIGITS, 2)}-2${r.text(DIGITS, 1)}-${r.text(DIGITS, 4)}.`,
  (r) => `Steuer-ID ${r.text(DIGITS, 11)}.`,
  (r) => `The password is ${r.text(`${CAPITALS}abcdefgh${DIGITS}`, 12)}.`,
  (r) => `key AKIA${r.text(`${CAPITALS}234567`, 16)}`,
  (r) => `T: +44 20 ${r.text(DIGITS, 4)} ${r.text(DIGITS, 4)}`,
];

function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.pick(WORDS)).join(" ");
}
