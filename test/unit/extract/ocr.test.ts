import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ocr, openOcr } from "../../../src/extract/ocr-pool.ts";
import { renderPage } from "../../../src/extract/pdf/pdf-images.ts";
import { withMemory } from "../../../src/extract/pdf/pdf-memory.ts";
import { loadPdfium } from "../../../src/extract/pdf/pdfium.ts";
import { attachment, mail, pdf, zip } from "../../support/documents.ts";
import { problems, read } from "../../support/documents-reading.ts";

/** A picture of a line of text: a page of a PDF that our own code makes and renders. */
async function picture(text: string): Promise<Buffer> {
  const pdfium = await loadPdfium();
  const bytes = pdf(text);
  return withMemory(pdfium, bytes.length, (data) => {
    pdfium.HEAPU8.set(bytes, data);
    const document = pdfium._FPDF_LoadMemDocument(data, bytes.length, 0);
    const page = pdfium._FPDF_LoadPage(document, 0);
    const image = renderPage(pdfium, page, 1224, 1584);
    pdfium._FPDF_ClosePage(page);
    pdfium._FPDF_CloseDocument(document);
    return image;
  });
}

/** Turns a graymap (P5) by a quarter. */
function turned(image: Buffer): Buffer {
  const [, width = "0", height = "0"] = /^P5\n(\d+) (\d+)\n255\n/.exec(image.toString("latin1", 0, 32)) ?? [];
  const [w, h] = [Number(width), Number(height)];
  const pixels = image.subarray(image.length - w * h);
  const output = Buffer.alloc(w * h);
  for (let y = 0; y < h; y += 1) for (let x = 0; x < w; x += 1) output[x * h + (h - 1 - y)] = pixels[y * w + x] ?? 255;
  return Buffer.concat([Buffer.from(`P5\n${h} ${w}\n255\n`, "latin1"), output]);
}

describe("pictures", { timeout: 240_000 }, () => {
  let ocr: Ocr;
  beforeAll(() => {
    ocr = openOcr({ processes: 1 });
  });
  afterAll(() => ocr.close());
  const limits = { ocrPageMs: 120_000, partMs: 200_000, messageMs: 220_000 };
  const ocrText = (found: Awaited<ReturnType<typeof read>>) =>
    found.parts.filter(({ origin }) => origin === "ocr").map(({ path, text }) => `${path}: ${text}`);

  it("are read, also when they are turned, and once for all their copies", async () => {
    const upright = await picture("Invoice for account 4111 1111 1111 1111");
    const members = [
      { name: "a.pgm", content: upright },
      { name: "b.pgm", content: turned(upright) },
      { name: "copy.pgm", content: upright },
    ];
    const found = await read(mail(["Subject: s", "From: a@b.example"], [attachment("p.zip", zip(members))]), {
      limits,
      ocr,
    });
    expect(problems(found)).toEqual([]);
    expect(ocrText(found)).toEqual([
      expect.stringMatching(/^attachment:p\.zip!a\.pgm: .*4111 1111 1111 1111/),
      expect.stringMatching(/^attachment:p\.zip!b\.pgm: .*4111 1111 1111 1111/),
      expect.stringMatching(/^attachment:p\.zip!copy\.pgm: .*4111 1111 1111 1111/),
    ]);
  });

  it("are a problem when nobody reads them", async () => {
    const found = await read(await picture("text"), { name: "a.pgm", as: "file" });
    expect(problems(found)).toEqual(["attachment:a.pgm: unsupported"]);
  });

  it("are refused by their header when they are too large", async () => {
    const bomb = Buffer.from(
      "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\xff\xff\xff\x7f\xff\xff\xff\x7f",
      "latin1",
    );
    const found = await read(bomb, { name: "a.bmp", as: "file", limits, ocr });
    expect(problems(found)).toEqual(["attachment:a.bmp: too-large"]);
  });

  it("are counted: what is beyond the limit is said", async () => {
    const members = [1, 2, 3].map((index) => ({
      name: `${index}.pgm`,
      content: Buffer.from(`P5\n50 50\n255\n${"\xff".repeat(2500)}${index}`, "latin1"),
    }));
    const found = await read(zip(members), { name: "a.zip", as: "file", limits: { ...limits, ocrPages: 2 }, ocr });
    expect(problems(found)).toContain("attachment:a.zip!3.pgm: too-many");
  });
});
