import { readWithOcr } from "../image/ocr-part.ts";
import type { Reading } from "../reading.ts";
import { copyOut, withMemory } from "./pdf-memory.ts";
import type { PageRef } from "./pdf-page.ts";
import type { Pdfium } from "./pdfium.ts";

const IMAGE_OBJECT = 3;
const FORM_OBJECT = 5;
const BITMAP_GRAY = 1;
const WITH_ANNOTATIONS = 1;
const GRAYSCALE = 8;
/** Smaller pictures hold no line of text. Pixels. */
const MIN_WIDTH = 60;
const MIN_HEIGHT = 20;
/** Tesseract reads best at 150 to 200 dpi; more costs time and adds nothing. */
const DPI = 200;
/** Longest side of a rendered page, in pixels: a poster is scaled down. */
const MAX_SIDE = 4_000;
const MAX_IMAGES = 200;
const WHITE = 0xff;
const PICTURE_PAGE = "a page is a picture, and pictures are not read here";

/**
 * Pictures on a page: a scan is rendered and read as a whole, single pictures beside text are read one by one. False
 * when there is none.
 */
export async function readPageImages(
  pdfium: Pdfium,
  ref: PageRef,
  page: number,
  scanned: boolean,
  reading: Reading,
): Promise<boolean> {
  const images = listImages(pdfium, page, reading);
  if (images.length === 0) return false;
  if (images.some(({ width, height }) => width * height > reading.budget.limits.imagePixels)) {
    reading.problem("too-large", "a picture has more pixels than are read");
    return true;
  }
  if (scanned || images.length > 20) {
    const read = await readPageWithOcr(pdfium, page, reading);
    if (read === "unavailable") reading.problem("unsupported", PICTURE_PAGE);
    return true;
  }
  for (const { object, width, height } of images) {
    const picture = renderObject(pdfium, ref.document, page, object, width, height);
    if (picture !== null) await readWithOcr(reading, picture);
  }
  return true;
}

/** Reads a page that has neither text nor pictures, but drawings: letters as outlines, patterns. */
export async function readDrawnPage(pdfium: Pdfium, page: number, reading: Reading): Promise<"drawn" | "blank"> {
  const read = await readPageWithOcr(pdfium, page, reading);
  if (read === "unavailable") reading.problem("unsupported", PICTURE_PAGE);
  return read === "white" ? "blank" : "drawn";
}

/** Reads the page as it looks. `unavailable` when pictures are not read here, `white` when nothing can be seen. */
export async function readPageWithOcr(
  pdfium: Pdfium,
  page: number,
  reading: Reading,
): Promise<"read" | "white" | "unavailable"> {
  if (reading.ocr === undefined) return "unavailable";
  const width = pdfium._FPDF_GetPageWidth(page);
  const height = pdfium._FPDF_GetPageHeight(page);
  if (!(width > 0 && height > 0)) return "unavailable";
  const scale = Math.min(DPI / 72, MAX_SIDE / Math.max(width, height));
  const picture = renderPage(
    pdfium,
    page,
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  // The header, which ends in "255", has no white byte (0xff).
  if (!picture.subarray(picture.indexOf(WHITE)).some((pixel) => pixel !== WHITE)) return "white";
  await readWithOcr(reading, picture);
  return "read";
}

function listImages(pdfium: Pdfium, page: number, reading: Reading) {
  const found: { readonly object: number; readonly width: number; readonly height: number }[] = [];
  const visit = (object: number, depth: number): void => {
    if (object === 0 || found.length >= MAX_IMAGES) return;
    reading.budget.checkTime();
    const type = pdfium._FPDFPageObj_GetType(object);
    if (type === FORM_OBJECT && depth < 8) {
      const inner = Math.min(10_000, pdfium._FPDFFormObj_CountObjects(object));
      for (let index = 0; index < inner; index += 1) visit(pdfium._FPDFFormObj_GetObject(object, index), depth + 1);
    }
    if (type !== IMAGE_OBJECT) return;
    const { width, height } = pixelSize(pdfium, object);
    if (width === 0 || height === 0) reading.problem("corrupt", "a picture cannot be read");
    if (width >= MIN_WIDTH && height >= MIN_HEIGHT) found.push({ object, width, height });
  };
  const count = Math.min(100_000, pdfium._FPDFPage_CountObjects(page));
  for (let index = 0; index < count; index += 1) visit(pdfium._FPDFPage_GetObject(page, index), 0);
  return found;
}

function pixelSize(pdfium: Pdfium, object: number): { width: number; height: number } {
  return withMemory(pdfium, 8, (sizes) => {
    const known = pdfium._FPDFImageObj_GetImagePixelSize(object, sizes, sizes + 4) !== 0;
    const bytes = copyOut(pdfium, sizes, 8);
    return known ? { width: bytes.readUInt32LE(0), height: bytes.readUInt32LE(4) } : { width: 0, height: 0 };
  });
}

export function renderPage(pdfium: Pdfium, page: number, width: number, height: number): Buffer {
  const bitmap = pdfium._FPDFBitmap_CreateEx(width, height, BITMAP_GRAY, 0, 0);
  if (bitmap === 0) throw new RangeError("allocation refused");
  try {
    pdfium._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
    pdfium._FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, WITH_ANNOTATIONS | GRAYSCALE);
    return grayPicture(pdfium, bitmap, width, height, 1);
  } finally {
    pdfium._FPDFBitmap_Destroy(bitmap);
  }
}

/** One picture at its own size, as the page would draw it on white. */
function renderObject(
  pdfium: Pdfium,
  document: number,
  page: number,
  object: number,
  width: number,
  height: number,
): Buffer | null {
  const bitmap = pdfium._FPDFImageObj_GetRenderedBitmap(document, page, object);
  if (bitmap === 0) return null;
  try {
    return grayPicture(
      pdfium,
      bitmap,
      pdfium._FPDFBitmap_GetWidth(bitmap) || width,
      pdfium._FPDFBitmap_GetHeight(bitmap) || height,
      4,
    );
  } finally {
    pdfium._FPDFBitmap_Destroy(bitmap);
  }
}

/** A bitmap as a portable graymap (Netpbm P5), which every reader of pictures knows. */
function grayPicture(pdfium: Pdfium, bitmap: number, width: number, height: number, channels: 1 | 4): Buffer {
  const stride = pdfium._FPDFBitmap_GetStride(bitmap);
  const source = copyOut(pdfium, pdfium._FPDFBitmap_GetBuffer(bitmap), stride * height);
  const header = Buffer.from(`P5\n${width} ${height}\n255\n`, "latin1");
  const pixels = Buffer.allocUnsafe(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * stride + x * channels;
      if (channels === 1) pixels[y * width + x] = source[at] ?? 255;
      else {
        const alpha = (source[at + 3] ?? 255) / 255;
        const gray = ((source[at] ?? 0) * 29 + (source[at + 1] ?? 0) * 150 + (source[at + 2] ?? 0) * 77) / 256;
        pixels[y * width + x] = Math.round(gray * alpha + 255 * (1 - alpha));
      }
    }
  }
  return Buffer.concat([header, pixels]);
}
