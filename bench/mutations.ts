import { createHash } from "node:crypto";
import type { Extraction } from "../src/core/part.ts";
import { openChildPool } from "../src/extract/child-pool.ts";
import { runWithoutKillers } from "../src/extract/isolate.ts";
import { DEFAULT_LIMITS } from "../src/extract/limits.ts";
import { attachment, docx, mail, paragraph, pdf, tar, xlsx, zip } from "../test/support/documents.ts";
import type { BenchRequest } from "./extract-child.ts";

/**
 * Seeded mutations (promise P16): `npx tsx bench/mutations.ts [count=2000] [seed=1]`. Each message has an honest text
 * part that is never touched, and one attachment that is; the honest text must be found every time.
 * Exits 1 when more than 0.1 % of the inputs killed a child, or an honest part was lost.
 */
const count = Number(process.argv[2] ?? 2_000);
const seed = Number(process.argv[3] ?? 1);
const NEEDLE = "4111 1111 1111 1111";
const BOUNDARY = "x7Qf93kd";

/** mulberry32: small, seedable, good enough to pick offsets. */
function createRandom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const seeds: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["a.docx", docx(paragraph("some words ") + paragraph("and more"))],
  ["a.xlsx", xlsx({ one: '<row><c r="A1"><v>42</v></c><c r="B1" s="1"><v>45000</v></c></row>' }, ["yyyy-mm-dd"])],
  ["a.pdf", pdf("words on a page")],
  [
    "a.zip",
    zip([
      { name: "a.txt", content: "text ".repeat(200) },
      { name: "b.csv", content: "a;b\n1;2\n3;4\n", stored: true },
    ]),
  ],
  ["a.tar", tar({ "a.txt": "text", "b.txt": "more" })],
  ["a.eml", mail(["Subject: inner", "From: a@b.example"], [attachment("x.txt", Buffer.from("inner text"))], "inner")],
  [
    "a.html",
    Buffer.from("<html><body><p>text <b>bold</b></p><!-- comment --><table><tr><td>1<td>2</table></body></html>"),
  ],
  [
    "a.rtf",
    Buffer.from(
      "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0 text \\'e4\\u8364? {\\*\\generator x;}\\par more}",
    ),
  ],
  ["a.json", Buffer.from('{"a":[1,2,{"b":"text \\u00e4"}],"c":null}')],
  ["a.xml", Buffer.from('<?xml version="1.0"?><a x="1"><b>text</b><![CDATA[data]]></a>')],
];

function mutate(bytes: Buffer, random: () => number): Buffer {
  let result = Buffer.from(bytes);
  const edits = 1 + Math.floor(random() * 8);
  for (let edit = 0; edit < edits && result.length > 0; edit += 1) {
    const at = Math.floor(random() * result.length);
    const length = 1 + Math.floor(random() * 16);
    switch (Math.floor(random() * 6)) {
      case 0:
        result[at] = (result[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        break;
      case 1:
        result[at] = Math.floor(random() * 256);
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at, at + length), result.subarray(at)]);
        break;
      case 4:
        result = result.subarray(0, Math.max(1, at));
        break;
      default:
        result.fill(random() < 0.5 ? 0xff : 0, at, Math.min(at + 4, result.length));
    }
  }
  return result;
}

const random = createRandom(seed);
const pool = openChildPool<BenchRequest, Extraction>({
  entry: new URL("./extract-child.ts", import.meta.url),
  size: 2,
  heapMb: 384,
  recycleAfter: 500,
});
const signal = new AbortController().signal;
let deaths = 0;
let lost = 0;
let partial = 0;
let slowest = 0;

async function one(index: number): Promise<void> {
  const [name, original] = seeds[index % seeds.length] ?? seeds[0] ?? ["", Buffer.alloc(0)];
  const mutated = mutate(original, random);
  const honest = { headers: ["Content-Type: text/plain"], body: `the card is ${NEEDLE} here` };
  const bytes = mail(["Subject: s", "From: a@b.example"], [honest, attachment(name, mutated)], BOUNDARY);
  const started = performance.now();
  const result = await runWithoutKillers(
    pool,
    (skip) => {
      if (skip.length > 0) {
        deaths += 1;
        const id = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
        process.stdout.write(`died: seed ${seed}, input ${index} (${name}), ${skip.at(-1)?.code}, ${id}\n`);
      }
      return { input: { bytes, name: null, as: "message" as const, skip }, ocr: false };
    },
    DEFAULT_LIMITS,
    signal,
  );
  slowest = Math.max(slowest, performance.now() - started);
  if (!result.ok || !result.reply.parts.some((part) => part.path === "body" && part.text.includes(NEEDLE))) {
    lost += 1;
    process.stdout.write(`lost: seed ${seed}, input ${index} (${name})\n`);
  } else if (result.reply.problems.length > 0) partial += 1;
}

const started = performance.now();
for (let index = 0; index < count; index += 2) await Promise.all([one(index), one(index + 1)]);
await pool.close();
process.stdout.write(
  `${count} inputs in ${((performance.now() - started) / 1000).toFixed(1)} s, seed ${seed}: ${deaths} deaths, ` +
    `${lost} honest parts lost, ${partial} with problems, slowest ${Math.round(slowest)} ms\n`,
);
process.exitCode = lost > 0 || deaths > count / 1000 ? 1 : 0;
