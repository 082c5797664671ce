/** A picture, encoded (PNG, JPEG, TIFF, ...). */
export interface OcrRequest {
  readonly image: Uint8Array;
  readonly timeoutMs: number;
}

export type OcrResult =
  /** Text of all pages, upright; empty when the picture holds none. `confidence` 0 to 100. */
  | { readonly ok: true; readonly text: string; readonly confidence: number }
  | { readonly ok: false; readonly reason: "timeout" | "crash" | "unsupported" | "too-large" };

/** Reads text from pictures, wherever that happens. Never throws for content. */
export interface OcrReader {
  read(request: OcrRequest, signal: AbortSignal): Promise<OcrResult>;
}
