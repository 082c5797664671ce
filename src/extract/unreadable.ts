import type { ProblemCode } from "../core/part.ts";

/**
 * Thrown by a reader that cannot go on with its part, and caught by the walk, which turns it into a `Problem`.
 * What the reader had found before stays. `message` is for people and never holds content.
 */
export class Unreadable extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.name = "Unreadable";
    this.code = code;
  }
}

/** The problem that an exception of a reader stands for. What is not ours is the parser's refusal of a broken file. */
export function toProblem(error: unknown): { readonly code: ProblemCode; readonly detail: string } {
  if (error instanceof Unreadable) return { code: error.code, detail: error.message };
  if (error instanceof RangeError && /stack|string length|allocation|array length/i.test(error.message)) {
    return { code: "too-large", detail: "needs more memory than a part may have" };
  }
  return { code: "corrupt", detail: "its structure is damaged" };
}
