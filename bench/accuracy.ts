/**
 * Precision, recall and F2 of the built-in detectors on freshly generated values, near misses, random identifiers,
 * clean mail and published cases of other tools. `npx tsx bench/accuracy.ts [seed]`; the corpus comes through
 * POSTERN_CORPUS. Prints tables; judges nothing.
 */
import { createEngine } from "../src/detect/engine.ts";
import { cleanMail } from "./accuracy/clean-mail.ts";
import { KINDS, type Kind } from "./accuracy/kinds.ts";
import { publishedCases } from "./accuracy/published.ts";
import { morePublishedCases } from "./accuracy/published-more.ts";
import { CAPITALS, createRandom, DIGITS, HEX, type Random } from "./accuracy/random.ts";
import { nearMiss, validValue } from "./accuracy/values.ts";

const PER_CELL = 200;
const RANDOM_STRINGS = 1_000;
const random = createRandom(Number(process.argv[2] ?? 20_261_130));
const engine = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });
const key = new Uint8Array(32);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Findings in a text by detector: with any confidence, and with medium or better. */
function detect(text: string): { readonly all: readonly string[]; readonly sure: readonly string[] } {
  const part = { path: "body", origin: "body", text, layout: "prose", mediaType: "text/plain" } as const;
  const { findings } = engine.detect({ parts: [part], key });
  const sure = findings.filter(({ confidence }) => confidence !== "low");
  return { all: findings.map(({ detector }) => detector), sure: sure.map(({ detector }) => detector) };
}

/** Percentage of so many trials for which `holds`. */
function share(trials: number, holds: () => boolean | undefined): number {
  let yes = 0;
  let asked = 0;
  for (let trial = 0; trial < trials; trial++) {
    const held = holds();
    if (held === undefined) continue;
    asked++;
    if (held) yes++;
  }
  return asked === 0 ? Number.NaN : (yes / asked) * 100;
}

const SENTENCES = [
  "KEY: VALUE",
  "My KEY is VALUE.",
  "KEY VALUE, please check",
  "Please note the KEY (VALUE) in the file",
];
const NEUTRAL = ["see VALUE", "It is VALUE as discussed.", "VALUE", "please use VALUE for this"];

function measure(kind: Kind): string {
  const inText = (templates: readonly string[], value: string): string =>
    random.pick(templates).replace("KEY", kind.keyword).replace("VALUE", value);
  const found = (text: string): boolean => detect(text).sure.includes(kind.detector);
  const withKey = share(PER_CELL, () => found(inText(SENTENCES, validValue(kind, random))));
  const without = share(PER_CELL, () => found(inText(NEUTRAL, validValue(kind, random))));
  const miss = (how: "changed" | "swapped"): number =>
    share(PER_CELL, () => {
      const wrong = nearMiss(kind, validValue(kind, random), random, how);
      return wrong === undefined ? undefined : detect(inText(SENTENCES, wrong)).all.includes(kind.detector);
    });
  const compactForm = (): string => validValue(kind, random).replace(/[^0-9A-Za-z]/g, "");
  const inside = (wrap: (value: string) => string): number =>
    share(PER_CELL, () => detect(wrap(compactForm())).all.includes(kind.detector));
  const changed = miss("changed");
  const swapped = miss("swapped");
  const run = inside((value) => `${random.text(DIGITS, 3)}${value}${random.text(DIGITS, 2)}`);
  const glued = inside((value) => `https://example.com/a?x=ab_${value}_z`);
  const others = share(PER_CELL, () =>
    detect(inText(SENTENCES, validValue(kind, random))).sure.some((id) => id !== kind.detector),
  );
  const precision = withKey / (withKey + (Number.isNaN(changed) ? 0 : changed)) || 0;
  const f2 = (5 * precision * (withKey / 100)) / (4 * precision + withKey / 100) || 0;
  return [
    kind.detector.padEnd(20),
    ...[withKey, without, changed, swapped, run, glued, others].map(cell),
    precision.toFixed(3),
    f2.toFixed(3),
  ].join("\t");
}

function cell(value: number): string {
  return Number.isNaN(value) ? "-" : value.toFixed(1);
}

const NOISE: Readonly<Record<string, (random: Random) => string>> = {
  "9 digits": (r) => r.text(DIGITS, 9),
  "10 digits": (r) => r.text(DIGITS, 10),
  "11 digits": (r) => r.text(DIGITS, 11),
  "12 digits": (r) => r.text(DIGITS, 12),
  "16 digits": (r) => r.text(DIGITS, 16),
  "Unix milliseconds": (r) => `17${r.text(DIGITS, 11)}`,
  uuid: (r) => `${r.text(HEX, 8)}-${r.text(HEX, 4)}-4${r.text(HEX, 3)}-a${r.text(HEX, 3)}-${r.text(HEX, 12)}`,
  sha1: (r) => r.text(HEX, 40),
  sha256: (r) => r.text(HEX, 64),
  "message id": (r) => `<${r.text(DIGITS, 14)}.${r.text(HEX, 8)}@mail.example.com>`,
  "USPS tracking": (r) => `94${r.text(DIGITS, 20)}`,
  "UPS tracking": (r) => `1Z${r.text(CAPITALS + DIGITS, 6)}${r.text(DIGITS, 10)}`,
  "INV-/PO-/CASE-": (r) => `${r.pick(["INV", "PO", "CASE"])}-${r.text(DIGITS, 9)}`,
};

print(
  "Freshly generated values: % found (medium or better) with and without keyword; % findings of any confidence on one",
);
print(
  "digit changed, two swapped, inside a longer run, glued in a URL; % with another detector at medium; precision, F2",
);
print(
  ["detector".padEnd(20), "keyword", "bare", "changed", "swapped", "run", "glued", "others", "precision", "F2"].join(
    "\t",
  ),
);
for (const kind of KINDS) print(measure(kind));

print("\nRandom strings without context: findings of medium or better (of any confidence) per 1,000");
for (const [name, make] of Object.entries(NOISE)) {
  let sure = 0;
  let all = 0;
  for (let index = 0; index < RANDOM_STRINGS; index++) {
    const found = detect(`see ${make(random)} for it`);
    sure += found.sure.length;
    all += found.all.length;
  }
  print(`${name.padEnd(20)}\t${sure}\t(${all})`);
}

cleanMail(detect, print);
publishedCases(detect, print);
morePublishedCases(detect, print);
