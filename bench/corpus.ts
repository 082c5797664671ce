import { existsSync, readFileSync } from "node:fs";
import type { Extraction } from "../src/core/part.ts";
import { openChildPool } from "../src/extract/child-pool.ts";
import { runWithoutKillers } from "../src/extract/isolate.ts";
import { DEFAULT_LIMITS } from "../src/extract/limits.ts";
import { answerWithOcr } from "../src/extract/ocr-link.ts";
import { openOcr } from "../src/extract/ocr-pool.ts";
import type { BenchRequest } from "./extract-child.ts";

/**
 * Reads the corpus (POSTERN_CORPUS) and compares with its truths: `npx tsx bench/corpus.ts [kind[/folder]...]`.
 * Prints each miss and a table per kind and ending. OCR=0 leaves pictures out.
 */
const corpus = process.env.POSTERN_CORPUS ?? "";
const kinds = process.argv.slice(2);
const withOcr = process.env.OCR !== "0";

interface Row {
  readonly file: string;
  readonly kind: string;
  readonly tests: string;
  readonly truth: string;
}

const rows: Row[] = readFileSync(`${corpus}/INDEX.tsv`, "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("file\t"))
  .map((line) => {
    const cells = line.split("\t");
    return { file: cells[0] ?? "", kind: cells[1] ?? "", tests: cells[6] ?? "", truth: cells[7] ?? "" };
  })
  .filter((row) =>
    kinds.length === 0 ? /^(mime|documents)$/.test(row.kind) : kinds.some((kind) => row.file.startsWith(kind)),
  );

const squeeze = (text: string) =>
  text
    .normalize("NFKC")
    // Truths from test programs are written as those write a backslash.
    .replaceAll("\\\\", "\\")
    .replace(/[\s\u200b\u00ad]+/g, "")
    .toLowerCase();

interface Tally {
  /** Truths of files whose kind has no reader, which say so. */
  unsupported: number;
  truths: number;
  found: number;
  flags: number;
  flagged: number;
  files: number;
  milliseconds: number;
}

const tallies = new Map<string, Tally>();
const ocr = withOcr ? openOcr({ processes: 1 }) : undefined;
const pool = openChildPool<BenchRequest, Extraction>({
  entry: new URL("./extract-child.ts", import.meta.url),
  size: 1,
  heapMb: 384,
  recycleAfter: 200,
  ...(ocr === undefined ? {} : { answer: answerWithOcr(ocr) }),
});
const signal = new AbortController().signal;

for (const row of rows) {
  const path = `${corpus}/${row.file}`;
  if (!existsSync(path)) continue;
  const isMail = row.kind === "mime" || row.kind === "ham" || /\.eml$/.test(row.file);
  const name = row.file.split("/").at(-1) ?? row.file;
  const bytes = readFileSync(path);
  const started = performance.now();
  const result = await runWithoutKillers(
    pool,
    (skip) => ({
      input: {
        bytes,
        name: isMail ? null : name,
        as: isMail && !/\.(mbox|emlx)$/.test(row.file) ? ("message" as const) : ("file" as const),
        skip,
      },
      ocr: withOcr,
    }),
    DEFAULT_LIMITS,
    signal,
  );
  const milliseconds = performance.now() - started;
  const ending = row.kind === "hostile" ? "" : (/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "none");
  const group = `${row.kind} ${row.kind === "documents" ? ending : row.file.split("/")[1]}`;
  const tally = tallies.get(group) ?? {
    unsupported: 0,
    truths: 0,
    found: 0,
    flags: 0,
    flagged: 0,
    files: 0,
    milliseconds: 0,
  };
  tallies.set(group, tally);
  tally.files += 1;
  tally.milliseconds += milliseconds;
  if (!result.ok) {
    process.stdout.write(`DIED  ${row.file} (${result.reason})\n`);
    continue;
  }
  const { parts, problems } = result.reply;
  const text = squeeze(parts.map((part) => part.text).join("\n"));
  const codes = [...new Set(problems.map((problem) => problem.code))].join(",");
  if (milliseconds > 5_000) process.stdout.write(`SLOW  ${row.file} ${Math.round(milliseconds)} ms ${codes}\n`);
  if (/^(MUST BE FLAGGED|expect )/.test(row.truth)) {
    tally.flags += 1;
    const wantsMark = /find/.test(row.truth);
    const flagOk = /flag|limit/.test(row.truth) || /MUST/.test(row.truth);
    const marked = /41111111|mark/.test(text) || text.includes("4111111111111111");
    const softly = /text|content|safe|fast/.test(row.truth) && (text.length > 0 || problems.length > 0);
    if ((flagOk && problems.length > 0) || (wantsMark && marked) || softly) tally.flagged += 1;
    else process.stdout.write(`UNFLAGGED ${row.file} [${row.truth}] ${codes} ${JSON.stringify(text.slice(0, 80))}\n`);
    continue;
  }
  const isUnsupported =
    !isMail && problems.some((problem) => problem.code === "unsupported" && !problem.part.includes("!"));
  for (const part of row.truth.replace(/^ref: /, "").split(" || ")) {
    const written = part.replace(/ ; entr.*$/, "");
    // References of mails quote the source of HTML bodies, which are read without their tags.
    const truth = written.replace(/<[^>]*>?/g, "");
    if (truth.startsWith("attachments ")) {
      const names = truth.slice("attachments ".length).split(", ");
      tally.truths += 1;
      if (names.every((wanted) => text.includes(squeeze(wanted)))) tally.found += 1;
      else process.stdout.write(`MISS  ${row.file} [${truth.slice(0, 100)}]\n`);
      continue;
    }
    if (truth === "" || /^(entries|entry names|no |see |attachments:)/.test(truth)) continue;
    tally.truths += 1;
    if (text.includes(squeeze(truth)) || text.includes(squeeze(written))) tally.found += 1;
    else if (isUnsupported) tally.unsupported += 1;
    else process.stdout.write(`MISS  ${row.file} [${truth.slice(0, 100)}] ${codes} ${text.length} chars\n`);
  }
}
await pool.close();
await ocr?.close();

process.stdout.write("\nkind                      files  truths found   flags flagged  ms/file\n");
for (const [group, tally] of [...tallies].sort(([a], [b]) => a.localeCompare(b))) {
  const cells = [
    tally.files,
    tally.truths,
    tally.found,
    tally.flags,
    tally.flagged,
    Math.round(tally.milliseconds / tally.files),
  ];
  process.stdout.write(`${group.padEnd(24)} ${cells.map((cell) => String(cell).padStart(7)).join("")}\n`);
}
const sum = (pick: (tally: Tally) => number) => [...tallies.values()].reduce((total, tally) => total + pick(tally), 0);
const found = sum((tally) => tally.found);
const truths = sum((tally) => tally.truths);
const supported = truths - sum((tally) => tally.unsupported);
const share = (whole: number) => `${found} of ${whole} (${((100 * found) / Math.max(1, whole)).toFixed(2)} %)`;
process.stdout.write(
  `\ntruths of supported kinds ${share(supported)}, of all kinds ${share(truths)}, ` +
    `flags ${sum((tally) => tally.flagged)} of ${sum((tally) => tally.flags)}\n`,
);
