import type { MessageHead } from "./message.ts";

export type PartOrigin = "subject" | "header" | "body" | "attachment" | "ocr" | "metadata";

/**
 * One piece of scannable text.
 * `path` is what people see: `subject`, `header:x-project`, `body`, `attachment:report.zip!q3/cards.xlsx`
 * (`!` descends into a container). Several parts may share a path: the text and the HTML alternative of a body
 * are both `body`, the sheets of a workbook share the workbook's path.
 */
export interface Part {
  readonly path: string;
  readonly origin: PartOrigin;
  readonly text: string;
  /**
   * `table`: one row a line, cells separated by one tab, the first row may hold column names.
   * `prose`: anything else.
   */
  readonly layout: "prose" | "table";
  /** Media type found from the content, lower case, for instance `application/pdf`. */
  readonly mediaType: string;
  /** It lay in an encrypted container that was opened with a password from the message itself. */
  readonly unlocked?: true;
}

export const PROBLEM_CODES = [
  "encrypted",
  "corrupt",
  "unsupported",
  "too-large",
  "too-deep",
  "too-many",
  "timeout",
  "crash",
  "unreachable",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** What could not be read. A value, never an exception: policy may act on it. */
export interface Problem {
  readonly part: string;
  readonly code: ProblemCode;
  /** For people; never a piece of the content. */
  readonly detail: string;
}

/** Name, type and size of an attachment or of a member of a container, for the policy's conditions. */
export interface AttachmentFact {
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** All that extraction says about one input. No problems means: every part was read to its end. */
export interface Extraction {
  /** Null when the input is a document and not a message. */
  readonly head: MessageHead | null;
  readonly parts: readonly Part[];
  readonly problems: readonly Problem[];
  readonly attachments: readonly AttachmentFact[];
  /**
   * SHA-256 (hex) over decoded bodies, attachment bytes, recipients and Date: equal for a re-rendered copy of the
   * same mail, different for another mail that reuses the Message-ID.
   */
  readonly fingerprint: string;
}
