/**
 * Throughput of detection beside the usual ways of doing it, on one core, in one run; and how cost grows with hostile
 * text. `npx tsx bench/detect.ts [megabytes]`. Prints figures; judges nothing. Quote ratios, not absolutes.
 */
import { createRandom } from "./accuracy/random.ts";
import { mailText, SKEWED, skewedText } from "./detect/mail-text.ts";
import { createVariants, SOURCES, type Variant } from "./detect/variants.ts";

const ROUNDS = 3;
const WARM_RUNS = 2;
const MEGABYTES = Number(process.argv[2] ?? 2);
const SKEWED_BYTES = 500_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Seconds of processor time for one run: what else the machine does is not counted. */
function seconds(run: () => void): number {
  const begin = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}

/**
 * Rounds are interleaved, so that what else the machine does falls on all alike; the best of each counts. Each
 * measured run follows one of the same variant: in between the others make Node forget compiled code.
 */
function compare(title: string, variants: readonly Variant[], mails: readonly string[]): void {
  const megabytes = mails.reduce((sum, mail) => sum + Buffer.byteLength(mail), 0) / 1e6;
  const times = variants.map((): number[] => []);
  const found = variants.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, variant] of variants.entries()) {
      for (let warm = 0; warm < WARM_RUNS; warm++) variant.run(mails);
      let elsewhere: number | undefined;
      const here = seconds(() => {
        const outcome = variant.run(mails);
        found[index] = outcome.found;
        elsewhere = outcome.seconds;
      });
      times[index]?.push(elsewhere ?? here);
    }
  }
  print(`\n${title}: ${megabytes.toFixed(1)} MB, ${SOURCES.length} patterns, best of ${ROUNDS} rounds, processor time`);
  print("      MB/s  engine is  places are     found");
  const [engine = Number.NaN, places = Number.NaN] = times.map(least);
  for (const [index, variant] of variants.entries()) {
    const time = least(times[index] ?? []);
    const columns = [
      (megabytes / time).toFixed(1),
      `${(time / engine).toFixed(1)} x`,
      `${(time / places).toFixed(1)} x`,
    ];
    print(
      `${columns.map((column) => column.padStart(10)).join("  ")}  ${String(found[index]).padStart(8)}  ${variant.name}`,
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
    return least([0, 1, 2].map(() => seconds(() => engine?.run([text]))));
  });
  const [one = 1, two = 1, four = 1] = times;
  print(
    `  ${JSON.stringify(unit).padEnd(16)} ${times.map((time) => time.toFixed(2)).join("  ")}   ${(two / 2 / one).toFixed(2)}  ${(four / 4 / one).toFixed(2)}`,
  );
}
