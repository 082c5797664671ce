import { inflateSync } from "node:zlib";
import { readableStrings } from "../office/strings.ts";
import type { Reading } from "../reading.ts";

/** Length and type before the data of a chunk, checksum behind it. Bytes. */
const HEAD = 8;
const CHECKSUM = 4;
const SIGNATURE = 8;

/**
 * The texts of a PNG (PNG Specification, third edition, 11.3.3): tEXt, zTXt and iTXt as keyword and text, the strings of
 * eXIf, and of what stands behind the last chunk, which no program shows.
 */
export function pngTexts(reading: Reading): readonly string[] {
  const { bytes } = reading.file;
  const texts: string[] = [];
  let position = SIGNATURE;
  while (position + HEAD <= bytes.length) {
    reading.budget.checkTime();
    const length = bytes.readUInt32BE(position);
    const type = bytes.toString("latin1", position + 4, position + HEAD);
    const data = bytes.subarray(position + HEAD, position + HEAD + length);
    if (type === "tEXt") texts.push(data.toString("latin1").replace("\0", " "));
    else if (type === "zTXt") texts.push(compressedText(reading, data));
    else if (type === "iTXt") texts.push(internationalText(reading, data));
    else if (type === "eXIf") texts.push(readableStrings(data));
    position += HEAD + length + CHECKSUM;
    if (type === "IEND") break;
  }
  if (position < bytes.length) texts.push(readableStrings(bytes.subarray(position)));
  return texts;
}

/** Keyword, zero, method, deflated Latin-1. */
function compressedText(reading: Reading, data: Buffer): string {
  const [keyword, rest] = atZero(data);
  return `${keyword.toString("latin1")} ${inflate(reading, rest.subarray(1)).toString("latin1")}`;
}

/** Keyword, zero, flag and method of compression, language, zero, translated keyword, zero, UTF-8. */
function internationalText(reading: Reading, data: Buffer): string {
  const [keyword, rest] = atZero(data);
  const [, afterLanguage] = atZero(rest.subarray(2));
  const [translated, text] = atZero(afterLanguage);
  const clear = rest[0] === 1 ? inflate(reading, text) : text;
  return [keyword.toString("latin1"), translated.toString("utf8"), clear.toString("utf8")]
    .filter((piece) => piece !== "")
    .join(" ");
}

function atZero(data: Buffer): readonly [before: Buffer, after: Buffer] {
  const zero = data.indexOf(0);
  return zero === -1 ? [data, data.subarray(data.length)] : [data.subarray(0, zero), data.subarray(zero + 1)];
}

function inflate(reading: Reading, packed: Buffer): Buffer {
  const maxOutputLength = Math.max(1, reading.budget.outputLimit(packed.length));
  try {
    const clear = inflateSync(packed, { maxOutputLength });
    reading.budget.expand(clear.length);
    return clear;
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" || reading.budget.exhausted;
    reading.problem(tooLarge ? "too-large" : "corrupt", "a text beside the picture cannot be unpacked");
    return Buffer.alloc(0);
  }
}
