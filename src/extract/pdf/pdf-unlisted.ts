import { createHash } from "node:crypto";
import { inflateSync, constants as zlib } from "node:zlib";
import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";

/** Longer dictionaries of an embedded file are none. Bytes. */
const DICTIONARY = 4 * 1024;
const MAX_FILES = 1_000;

/** Hashes of the embedded files of a document that were read. */
export type ReadFiles = Set<string>;

export function fileHash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Embedded files that PDFium does not list: variants for other systems (`/EF` with `/Mac`, `/DOS`, `/Unix`), files of an
 * earlier revision, or of a damaged name tree. Streams stand in the clear, so their dictionaries are looked for.
 */
export async function readUnlisted(reading: Reading, read: ReadFiles): Promise<void> {
  const { bytes } = reading.file;
  // The streams of an encrypted document mean nothing without its key.
  if (bytes.includes("/Encrypt")) return;
  let files = 0;
  for (let at = bytes.indexOf("/EmbeddedFile"); at !== -1; at = bytes.indexOf("/EmbeddedFile", at + 1)) {
    reading.budget.checkTime();
    const stream = streamAt(bytes, at);
    if (stream === null) continue;
    files += 1;
    if (files > MAX_FILES) throw new Unreadable("too-many", `more than ${MAX_FILES} embedded files`);
    await readStream(reading, stream, read);
  }
}

async function readStream(reading: Reading, stream: Stream, read: ReadFiles): Promise<void> {
  const content = decode(reading, stream);
  if (content === null) {
    reading.problem("unsupported", "an embedded file is packed in a way that is not read");
    return;
  }
  const hash = fileHash(content);
  if (content.length === 0 || read.has(hash)) return;
  read.add(hash);
  reading.budget.expand(content.length);
  await reading.member({ name: `embedded-${stream.object}`, open: () => content });
}

interface Stream {
  readonly object: string;
  readonly dictionary: string;
  /** From the first byte of the data up to the end of the document. */
  readonly data: Buffer;
}

/** The stream whose dictionary holds the name at `at`; null when it is another name or another dictionary. */
function streamAt(bytes: Buffer, at: number): Stream | null {
  const before = bytes.toString("latin1", Math.max(0, at - DICTIONARY), at);
  const start = before.lastIndexOf(" obj");
  if (start === -1 || before.includes("stream", start) || !/\/Type\s*$/.test(before)) return null;
  const after = bytes.toString("latin1", at, at + DICTIONARY);
  const end = /^\/EmbeddedFile(?![A-Za-z]).*?\b(stream\r?\n|endobj)/s.exec(after);
  if (end?.[1]?.startsWith("stream") !== true) return null;
  const object = /(\d{1,10}) \d{1,5}$/.exec(before.slice(0, start))?.[1] ?? String(at);
  const dictionary = before.slice(start) + after.slice(0, end[0].length);
  return { object, dictionary, data: bytes.subarray(at + end[0].length) };
}

function decode(reading: Reading, { dictionary, data }: Stream): Buffer | null {
  const filter = /\/Filter\s*(\[[^\]]*\]|\/\w+)/.exec(dictionary)?.[1]?.replace(/[[\]\s]/g, "") ?? "";
  if (filter === "") return data.subarray(0, lengthOf(dictionary, data));
  if (filter !== "/FlateDecode" || /\/Predictor/.test(dictionary)) return null;
  const packed = data.subarray(0, lengthOf(dictionary, data));
  const maxOutputLength = Math.max(1, reading.budget.outputLimit(packed.length));
  try {
    return inflateSync(packed, { maxOutputLength, finishFlush: zlib.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
}

/** The length that the dictionary says when it fits, otherwise up to the next end of a stream. */
function lengthOf(dictionary: string, data: Buffer): number {
  const said = Number(/\/Length\s+(\d{1,10})(?!\s+\d+\s+R)/.exec(dictionary)?.[1] ?? Number.NaN);
  if (said <= data.length && /^\s*endstream/.test(data.toString("latin1", said, said + 16))) return said;
  const end = data.indexOf("endstream");
  return end === -1 ? data.length : end;
}
