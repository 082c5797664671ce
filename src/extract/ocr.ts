/** A picture, encoded (PNG, JPEG, TIFF, ...). */
export interface OcrRequest {
  readonly image: Uint8Array;
  /** Time for one page, in milliseconds. */
  readonly timeoutMs: number;
  /** Larger pictures are refused by their header. */
  readonly maxPixels: number;
  /** Pages of a multi-page picture that are read. */
  readonly maxPages: number;
}

export type OcrResult =
  | {
      readonly ok: true;
      /** Text of all pages, upright; empty when the picture holds none. */
      readonly text: string;
      /** 0 to 100, as Tesseract says. */
      readonly confidence: number;
      /** False when the picture has more pages than were read. */
      readonly complete: boolean;
    }
  | { readonly ok: false; readonly reason: "timeout" | "crash" | "unsupported" | "too-large" | "corrupt" };

/** Reads text from pictures, wherever that happens. Never throws for content. */
export interface OcrReader {
  read(request: OcrRequest, signal: AbortSignal): Promise<OcrResult>;
}
