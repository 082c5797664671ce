import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createWorker, type Worker } from "tesseract.js";
import type { OcrRequest, OcrResult } from "../ocr.ts";
import { isTurnable, preparePicture, shrink, turn } from "./prepare.ts";

/** LSTM engine only: the data packages hold no model of the old one. */
const LSTM_ONLY = 1;
/** Upright text reads with more confidence than this; below it the other three directions are tried. */
const UPRIGHT = 65;
/** Words with less confidence are the pattern of a wall or a tree. */
const NOISE = 25;
/** Fewer letters and digits are no text worth turning a picture for. */
const MIN_CHARACTERS = 3;

interface PageText {
  readonly text: string;
  readonly confidence: number;
}

/** Starts the engine with data from npm packages (`@tesseract.js-data/<language>`); nothing is downloaded. */
export async function startEngine(languages: readonly string[]): Promise<Worker> {
  const require = createRequire(import.meta.url);
  const folders = languages.map((code) =>
    join(dirname(require.resolve(`@tesseract.js-data/${code}/package.json`)), "4.0.0_best_int"),
  );
  const options = { cacheMethod: "none", errorHandler: () => {} };
  const [only] = folders;
  if (only !== undefined && folders.length === 1) {
    return createWorker([...languages], LSTM_ONLY, { ...options, langPath: only });
  }
  // The engine takes one folder for all languages: links to them stand in a scratch folder while it starts.
  const scratch = mkdtempSync(join(tmpdir(), "postern-ocr-"));
  try {
    for (const [index, code] of languages.entries()) {
      const file = `${code}.traineddata.gz`;
      symlinkSync(join(folders[index] ?? "", file), join(scratch, file));
    }
    return await createWorker([...languages], LSTM_ONLY, { ...options, langPath: scratch });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Reads one picture with all its pages. `onPage` is called before each attempt. */
export async function recognise(engine: Worker, request: OcrRequest, onPage: () => void): Promise<OcrResult> {
  const image = Buffer.from(request.image.buffer, request.image.byteOffset, request.image.byteLength);
  const prepared = await preparePicture(image, request.maxPixels, request.maxPages);
  if (!prepared.ok) return prepared;
  const texts: PageText[] = [];
  for (const page of prepared.pages) {
    onPage();
    let png: Buffer;
    try {
      png = await page();
    } catch {
      return { ok: false, reason: "corrupt" };
    }
    texts.push(await readUpright(engine, png, onPage));
  }
  const letters = texts.reduce((total, { text }) => total + text.length, 0);
  const weighed = texts.reduce((total, { text, confidence }) => total + confidence * text.length, 0);
  return {
    ok: true,
    text: texts.map(({ text }) => text).join("\n"),
    confidence: letters === 0 ? 0 : weighed / letters,
    complete: prepared.complete,
  };
}

/**
 * Finds out on a smaller copy whether there is text and which way is up, then reads the page that way. A photograph
 * costs three small readings, an upright page one small and one full.
 */
async function readUpright(engine: Worker, png: Buffer, onPage: () => void): Promise<PageText> {
  const probe = await shrink(png);
  const isLarge = probe !== png;
  let best: { readonly degrees: 0 | 90 | 180 | 270; readonly page: PageText } = {
    degrees: 0,
    page: await readPage(engine, probe),
  };
  for (const degrees of [90, 270, 180] as const) {
    if (best.page.confidence >= UPRIGHT || !isTurnable(probe)) break;
    onPage();
    const page = await readPage(engine, await turn(probe, degrees));
    // A picture without any letter in two directions has none.
    if (best.page.text === "" && page.text === "") break;
    if (merit(page) > merit(best.page)) best = { degrees, page };
  }
  if (!isLarge || best.page.confidence < NOISE) return best.page;
  onPage();
  const page = await readPage(engine, best.degrees === 0 ? png : await turn(png, best.degrees));
  return merit(page) > merit(best.page) ? page : best.page;
}

/** Confidence alone favours a single clear letter in noise. */
function merit({ text, confidence }: PageText): number {
  return confidence * Math.log2(2 + text.replace(/\s/g, "").length);
}

async function readPage(engine: Worker, png: Buffer): Promise<PageText> {
  const { data } = await engine.recognize(png, { rotateAuto: true }, { text: true });
  const text = data.text.trim();
  const characters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return characters < MIN_CHARACTERS ? { text: "", confidence: 0 } : { text, confidence: data.confidence };
}
