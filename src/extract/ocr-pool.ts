import { createHash } from "node:crypto";
import { openChildPool } from "./child-pool.ts";
import type { OcrReader, OcrRequest, OcrResult } from "./ocr.ts";

export interface OcrOptions {
  /** Processes that read at the same time. Each takes 250 to 400 MB and one core. */
  readonly processes: number;
  /** Codes of Tesseract (`eng`, `deu`, ...); each needs its package `@tesseract.js-data/<code>`. English when absent. */
  readonly languages?: readonly string[];
}

export interface Ocr extends OcrReader {
  close(): Promise<void>;
}

/** Tesseract's memory only grows: a process is replaced after so many pictures. */
const PICTURES_PER_PROCESS = 50;
/** All pages of one picture together, in milliseconds. */
const PICTURE_MS = 110_000;
/** Pictures whose text is remembered: the logo in every signature is read once. */
const CACHED_PICTURES = 1_000;
const CACHED_CHARACTERS = 8 * 1024 * 1024;

/** Opens the OCR processes: warm, killable, with a cache by content. */
export function openOcr(options: OcrOptions): Ocr {
  // In the built program this file and the child's are both `.js`.
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./ocr-child.ts" : "./ocr-child.js", import.meta.url);
  const pool = openChildPool<OcrRequest, OcrResult>({
    entry,
    size: options.processes,
    heapMb: 384,
    recycleAfter: PICTURES_PER_PROCESS,
    env: { OCR_LANGUAGES: (options.languages ?? ["eng"]).join("+") },
  });
  const cache = createCache();

  const recognise = async (key: string, request: OcrRequest, signal: AbortSignal): Promise<OcrResult> => {
    const result = await pool.run(request, { timeoutMs: PICTURE_MS, stallMs: request.timeoutMs }, signal);
    if (!result.ok) return { ok: false, reason: result.reason === "memory" ? "too-large" : result.reason };
    cache.put(key, result.reply);
    return result.reply;
  };
  return {
    async read(request, signal) {
      const key = createHash("sha256").update(request.image).digest("base64");
      return cache.get(key) ?? recognise(key, request, signal);
    },
    close: () => pool.close(),
  };
}

/** Least recently used goes first. Failures by time or crash are not kept: another try may do better. */
function createCache() {
  const entries = new Map<string, OcrResult>();
  let characters = 0;
  const size = (result: OcrResult) => (result.ok ? result.text.length : 0);
  return {
    get(key: string): OcrResult | undefined {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found;
    },
    put(key: string, result: OcrResult): void {
      entries.set(key, result);
      characters += size(result);
      for (const [oldest, old] of entries) {
        if (entries.size <= CACHED_PICTURES && characters <= CACHED_CHARACTERS) break;
        entries.delete(oldest);
        characters -= size(old);
      }
    },
  };
}
