import type { Part, PartOrigin, ProblemCode } from "../core/part.ts";
import type { Budget } from "./budget.ts";
import type { OcrReader } from "./ocr.ts";

/** Bytes with what their container says about them. None of it is trusted. */
export interface FileContent {
  readonly bytes: Buffer;
  readonly name: string | null;
  readonly declaredType: string | null;
  /** Declared charset of text. */
  readonly charset: string | null;
}

export interface TextOptions {
  readonly layout?: Part["layout"];
  readonly origin?: PartOrigin;
  /** Path below this file, for instance `subject` of an attached message; the file's own path when absent. */
  readonly at?: string;
}

export interface Member {
  readonly name: string;
  readonly declaredType?: string | null;
  readonly charset?: string | null;
  /** Unpacks it; called once, inside the member's own part, so that what it throws is a problem of the member. */
  open(): Buffer | Promise<Buffer>;
  /** Size as the container tells it, in bytes; for the facts when it cannot be unpacked. */
  readonly size?: number;
}

/** What a reader gets: one file, and the places to put what it finds. */
export interface Reading {
  readonly file: FileContent;
  /** Media type found from the content. */
  readonly mediaType: string;
  readonly path: string;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly ocr: OcrReader | undefined;
  /** Candidates from the message's own text. */
  readonly passwords: readonly string[];
  text(text: string, options?: TextOptions): void;
  problem(code: ProblemCode, detail: string, at?: string): void;
  /** Marks what is read from here on, at this path or below, as opened with a password of the message. */
  unlocked(at?: string): void;
  /** Reads a file inside this one. Never throws for its content. */
  member(member: Member): Promise<void>;
  /** Reads the same bytes as another type, under the same path: a document behind a wrapper. */
  again(mediaType: string, bytes: Buffer): Promise<void>;
}

export type Reader = (reading: Reading) => void | Promise<void>;

/** Sees the decoded leaves of a message, for its fingerprint. */
export type LeafSink = (content: Buffer | string) => void;
