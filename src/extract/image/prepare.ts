import sharp, { type Metadata, type Sharp } from "sharp";
import { isTiny } from "./tiny.ts";

/** Pages as the OCR engine wants them: upright by their own mark, grey, on white, at a size that reads well. */
export type Prepared =
  | { readonly ok: true; readonly pages: readonly (() => Promise<Buffer>)[]; readonly complete: boolean }
  | { readonly ok: false; readonly reason: "unsupported" | "too-large" | "corrupt" };

/** Text of screenshots and thumbnails is about 10 pixels high; Tesseract wants 20 to 40. */
const SMALL_SIDE = 1_100;
/** An A4 page at 200 dpi has 3.9 megapixels; more costs time and adds no words. */
const LARGE_AREA = 4_500_000;

/** Looks at the header, refuses what is too large, and offers the pages one by one. */
export async function preparePicture(image: Buffer, maxPixels: number, maxPages: number): Promise<Prepared> {
  const raw = readGraymap(image);
  const declared = raw ?? bitmapSize(image);
  if (declared !== null && declared.width * declared.height > maxPixels) return { ok: false, reason: "too-large" };
  if (raw !== null) {
    const page = () =>
      preparePage(sharp(raw.pixels, { raw: { width: raw.width, height: raw.height, channels: 1 } }), raw);
    return { ok: true, pages: isTiny(raw) ? [] : [page], complete: true };
  }
  // Tesseract's own library reads BMP and the other Netpbm kinds.
  if (declared !== null || /^P[1-6]\s/.test(image.toString("latin1", 0, 3))) {
    return { ok: true, pages: [() => Promise.resolve(image)], complete: true };
  }
  let header: Metadata;
  try {
    header = await sharp(image, { limitInputPixels: false, failOn: "none" }).metadata();
  } catch (error) {
    return { ok: false, reason: /unsupported image format/i.test(String(error)) ? "unsupported" : "corrupt" };
  }
  const size = { width: header.width, height: header.pageHeight ?? header.height };
  if (size.width * size.height > maxPixels) return { ok: false, reason: "too-large" };
  if (isTiny(size)) return { ok: true, pages: [], complete: true };
  const count = header.pages ?? 1;
  // The frames of an animation show one picture; its first and last one are read.
  const isAnimation = header.format === "gif" || header.format === "webp";
  const numbers = isAnimation
    ? [...new Set([0, count - 1])]
    : Array.from({ length: Math.min(count, maxPages) }, (_, page) => page);
  const pages = numbers.map((page) => () => {
    const source = sharp(image, { page, limitInputPixels: maxPixels, failOn: "none" }).rotate();
    return preparePage(source, size);
  });
  return { ok: true, pages, complete: isAnimation || count <= maxPages };
}

function preparePage(
  source: Sharp,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Buffer> {
  let page = source.flatten({ background: "#ffffff" }).greyscale();
  const area = width * height;
  if (area > LARGE_AREA) page = page.resize({ width: Math.round(width * Math.sqrt(LARGE_AREA / area)) });
  else if (Math.max(width, height) < SMALL_SIDE) page = page.resize({ width: width * 2, kernel: "cubic" });
  return page.png({ compressionLevel: 1 }).toBuffer();
}

/** Enough to tell whether there is text and which way is up: about 130 dpi of an A4 page. Pixels of the longer side. */
const PROBE_SIDE = 1_500;

/** A smaller copy of a prepared page for the first look; the page itself when it is small. */
export async function shrink(png: Buffer): Promise<Buffer> {
  // BMP and bitmaps of Netpbm, which only the engine knows, are read as they are.
  if (!isTurnable(png)) return png;
  const { width, height } = await sharp(png).metadata();
  if (Math.max(width, height) <= PROBE_SIDE) return png;
  return sharp(png)
    .resize({ width: PROBE_SIDE, height: PROBE_SIDE, fit: "inside" })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** Whether a prepared page can be worked on here. */
export function isTurnable(page: Buffer): boolean {
  return page.subarray(1, 4).equals(Buffer.from("PNG"));
}

/** Turns a prepared page by quarters. */
export function turn(png: Buffer, degrees: 90 | 180 | 270): Promise<Buffer> {
  return sharp(png).rotate(degrees).png({ compressionLevel: 1 }).toBuffer();
}

/** Binary graymaps (Netpbm P5, 8 bit): what the PDF reader renders. */
function readGraymap(
  image: Buffer,
): { readonly width: number; readonly height: number; readonly pixels: Buffer } | null {
  const match = /^P5\s+(\d{1,9})\s+(\d{1,9})\s+255\s/.exec(image.toString("latin1", 0, 64));
  if (match === null) return null;
  const width = Number(match[1]);
  const height = Number(match[2]);
  const pixels = image.subarray(match[0].length, match[0].length + width * height);
  return pixels.length === width * height && pixels.length > 0 ? { width, height, pixels } : null;
}

/** Size of a BMP from its header; null for other kinds. */
function bitmapSize(image: Buffer): { readonly width: number; readonly height: number } | null {
  if (image.length < 26 || image.toString("latin1", 0, 2) !== "BM") return null;
  if (image.readUInt32LE(14) === 12) return { width: image.readUInt16LE(18), height: image.readUInt16LE(20) };
  return { width: Math.abs(image.readInt32LE(18)), height: Math.abs(image.readInt32LE(22)) };
}
