import type { Worker } from "tesseract.js";
import { serveChild } from "./child-main.ts";
import { recognise, startEngine } from "./image/recognise.ts";
import type { OcrRequest, OcrResult } from "./ocr.ts";

// The process that reads pictures: one engine, started with the first picture, thrown away with the process.
const languages = (process.env.OCR_LANGUAGES ?? "eng").split("+");
let engine: Promise<Worker> | undefined;

serveChild<OcrRequest, OcrResult>(async (request, _signal, parent) => {
  engine ??= startEngine(languages);
  const started = await engine;
  // The time of the first page begins when the engine stands.
  parent.progress("engine");
  return recognise(started, request, () => parent.progress("page"));
});
