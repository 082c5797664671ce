/** What one input may cost. Each limit that is hit becomes a problem on the part it was hit in; the rest is kept. */
export interface Limits {
  /** Bytes of a raw message or document. */
  readonly messageBytes: number;
  /** Bytes of one header block. */
  readonly headerBytes: number;
  readonly mimeParts: number;
  readonly mimeDepth: number;
  /** UTF-16 units of text of one part. */
  readonly partText: number;
  /** Levels of containers within containers: archives, documents with embedded files, attached messages. */
  readonly archiveDepth: number;
  /** Members of all containers together. */
  readonly archiveMembers: number;
  /** Bytes that decompression may produce, all containers together. */
  readonly expandedBytes: number;
  /** Output bytes for each input byte of one member, once it is larger than `ratioFreeBytes`. */
  readonly expansionRatio: number;
  readonly ratioFreeBytes: number;
  readonly xmlDepth: number;
  /** Tags of one HTML or XML document. */
  readonly markupNodes: number;
  readonly pdfPages: number;
  readonly imagePixels: number;
  /** Pictures and page images that are read with OCR. */
  readonly ocrPages: number;
  /** Wall time in milliseconds. */
  readonly partMs: number;
  readonly ocrPageMs: number;
  readonly messageMs: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  // The providers take at most 150 MB (Exchange Online); Gmail's own limit is 50 MB.
  messageBytes: 150 * MiB,
  headerBytes: MiB,
  mimeParts: 2_000,
  mimeDepth: 64,
  partText: 50 * MiB,
  archiveDepth: 8,
  archiveMembers: 10_000,
  expandedBytes: 500 * MiB,
  expansionRatio: 200,
  ratioFreeBytes: 10 * MiB,
  xmlDepth: 256,
  markupNodes: 1_000_000,
  pdfPages: 2_000,
  imagePixels: 40_000_000,
  ocrPages: 30,
  partMs: 20_000,
  ocrPageMs: 15_000,
  messageMs: 120_000,
};
