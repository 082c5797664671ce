import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DEFAULT_LIMITS } from "../src/extract/limits.ts";
import { openOcr } from "../src/extract/ocr-pool.ts";

/**
 * Word recall and speed on the pictures of the corpus: `POSTERN_CORPUS=... npx tsx bench/ocr.ts [part of a name]`.
 * The native program is measured beside it when `tesseract` is on the PATH; recall is counted as in INDEX.tsv: words of
 * the truth that occur in the text.
 */
const corpus = process.env.POSTERN_CORPUS ?? "";
const only = process.argv[2] ?? "";
const rows = readFileSync(`${corpus}/INDEX.tsv`, "utf8")
  .split("\n")
  .map((line) => line.split("\t"))
  .filter(
    ([file, kind]) => kind === "ocr" && /\.(png|jpg|tif|webp|pbm)$/.test(file ?? "") && (file ?? "").includes(only),
  )
  .map((cells) => ({
    file: cells[0] ?? "",
    native: /word recall ([\d.]+)/.exec(cells[6] ?? "")?.[1] ?? "-",
    truth: cells[7] ?? "",
  }));

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const recall = (truth: string, text: string) => {
  const wanted = wordsOf(truth);
  const found = new Set(wordsOf(text));
  return wanted.length === 0 ? 1 : wanted.filter((word) => found.has(word)).length / wanted.length;
};
const hasNative = spawnSync("tesseract", ["--version"]).status === 0;

const ocr = openOcr({ processes: 1 });
const signal = new AbortController().signal;
let own = 0;
let milliseconds = 0;
let nativeMilliseconds = 0;
for (const row of rows) {
  const path = `${corpus}/${row.file}`;
  const started = performance.now();
  const result = await ocr.read(
    { image: readFileSync(path), timeoutMs: 60_000, maxPixels: DEFAULT_LIMITS.imagePixels, maxPages: 30 },
    signal,
  );
  const took = performance.now() - started;
  milliseconds += took;
  const share = result.ok ? recall(row.truth, result.text) : 0;
  own += share;
  let native = row.native;
  if (hasNative) {
    const begun = performance.now();
    const output = spawnSync("tesseract", [path, "-"], { encoding: "utf8" }).stdout;
    nativeMilliseconds += performance.now() - begun;
    native = recall(row.truth, output).toFixed(2);
  }
  process.stdout.write(
    `${row.file.padEnd(44)} recall ${share.toFixed(2)} (native ${native})  ${Math.round(took)} ms${result.ok ? `  confidence ${Math.round(result.confidence)}` : `  ${result.reason}`}\n`,
  );
}
await ocr.close();
process.stdout.write(
  `mean recall ${(own / rows.length).toFixed(3)} over ${rows.length} pictures, ${(milliseconds / rows.length).toFixed(0)} ms each` +
    `${hasNative ? `, native ${(nativeMilliseconds / rows.length).toFixed(0)} ms each` : ""}\n`,
);
