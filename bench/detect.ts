/**
 * Throughput of detection beside the usual ways of doing it, on one core, in one run; and how cost grows with hostile
 * text. `npx tsx bench/detect.ts [megabytes]`. Prints figures; judges nothing. Quote ratios, not absolutes.
 */
import { createRandom } from "./accuracy/random.ts";
import { mailText, SKEWED, skewedText } from "./detect/mail-text.ts";
import { createVariants, SOURCES, type Variant } from "./detect/variants.ts";

const ROUNDS = 3;
const MEGABYTES = Number(process.argv[2] ?? 4);
const SKEWED_BYTES = 500_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Seconds of the wall for one run. */
function seconds(run: () => void): number {
  const begin = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - begin) / 1e9;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Rounds are interleaved, so that what else the machine does falls on all alike. */
function compare(title: string, variants: readonly Variant[], mails: readonly string[]): void {
  const megabytes = mails.reduce((sum, mail) => sum + Buffer.byteLength(mail), 0) / 1e6;
  const times = variants.map((): number[] => []);
  const found = variants.map(() => 0);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, variant] of variants.entries()) {
      const time = seconds(() => {
        found[index] = variant.run(mails);
      });
      if (round > 0) times[index]?.push(time);
    }
  }
  print(`\n${title}: ${megabytes.toFixed(1)} MB, ${SOURCES.length} patterns, median of ${ROUNDS} rounds`);
  const own = median(times[0] ?? []);
  for (const [index, variant] of variants.entries()) {
    const time = median(times[index] ?? []);
    print(
      `  ${(megabytes / time).toFixed(1).padStart(8)} MB/s  ours is ${(time / own).toFixed(1).padStart(6)} x  ${String(found[index]).padStart(8)} found  ${variant.name}`,
    );
  }
}

const random = createRandom(20_261_130);
const variants = createVariants(true);
compare("Generated mail", variants, mailText(random, MEGABYTES));
const short = variants.slice(0, 3);
for (const [name, make] of Object.entries(SKEWED))
  compare(`Skewed: ${name}`, short, skewedText(random, make, SKEWED_BYTES));

print("\nGrowth with hostile text: seconds for 1, 2 and 4 MB, and the last two per MB relative to the first");
const [engine] = variants;
for (const unit of ["1", "4111 ", " - . ", "a", "A1B2C3D4", "> ", "'", "a@a.", "eyJ", "\u0301\u0323", "&#49;"]) {
  const times = [1, 2, 4].map((megabytes) => {
    const text = unit.repeat(Math.ceil((megabytes * 1_000_000) / unit.length));
    return Math.min(...[0, 1].map(() => seconds(() => engine?.run([text]))));
  });
  const [one = 1, two = 1, four = 1] = times;
  print(
    `  ${JSON.stringify(unit).padEnd(16)} ${times.map((time) => time.toFixed(2)).join("  ")}   ${(two / 2 / one).toFixed(2)}  ${(four / 4 / one).toFixed(2)}`,
  );
}
