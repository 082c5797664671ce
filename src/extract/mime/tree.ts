import type { ProblemCode } from "../../core/part.ts";
import type { Budget } from "../budget.ts";
import { type Entity, readEntity } from "./entity.ts";
import { readHeaderBlock } from "./header-block.ts";

export interface Note {
  readonly code: ProblemCode;
  readonly detail: string;
}

/** One node of a message: a leaf with its encoded body, or a multipart with its parts. */
export interface MimeNode {
  readonly entity: Entity;
  /** Encoded body; of a multipart, the text before the first and after the last delimiter. */
  readonly body: Buffer;
  readonly parts: readonly MimeNode[];
  /** What makes the reading a guess. */
  readonly notes: Note[];
}

const LF = 10;
const CR = 13;

/**
 * Splits a message into its tree (RFC 2046 5.1), whatever it claims: delimiters count only as whole lines, a missing
 * last one ends with its surroundings, and what stands outside of all parts is kept.
 */
export function readTree(
  bytes: Buffer,
  start: number,
  end: number,
  budget: Budget,
  depth: number,
  digest = false,
): MimeNode {
  budget.checkTime();
  const block = readHeaderBlock(bytes, start, end, budget.limits.headerBytes);
  const notes: Note[] = [];
  if (block.stray.length > 0) notes.push({ code: "corrupt", detail: "the header holds lines that are no fields" });
  if (block.cut) notes.push({ code: "too-large", detail: "the header is longer than allowed" });
  const entity = readEntity(block.fields, block.stray, digest ? "message/rfc822" : "text/plain");
  if (entity.contradiction !== null) notes.push({ code: "corrupt", detail: entity.contradiction });
  const body = bytes.subarray(Math.min(block.bodyStart, end), end);

  if (!entity.mediaType.startsWith("multipart/")) return { entity, body, parts: [], notes };
  if (depth >= budget.limits.mimeDepth) {
    notes.push({ code: "too-deep", detail: `parts are nested deeper than ${budget.limits.mimeDepth} levels` });
    return { entity, body: Buffer.alloc(0), parts: [], notes };
  }
  // RFC 2046 5.1.1 forbids empty boundaries and white space at their end.
  const boundary = (entity.boundary ?? "").trimEnd();
  const cuts = boundary === "" ? [] : findDelimiters(bytes, block.bodyStart, end, boundary);
  if (cuts.length === 0) {
    notes.push({ code: "corrupt", detail: "a multipart without a delimiter line" });
    return { entity, body, parts: [], notes };
  }
  const parts: MimeNode[] = [];
  let closed = false;
  let outside = [bytes.subarray(block.bodyStart, cuts[0]?.start ?? end)];
  for (const [index, cut] of cuts.entries()) {
    if (cut.closing) {
      closed = true;
      outside = [...outside, bytes.subarray(cut.end, cuts[index + 1]?.start ?? end)];
      continue;
    }
    if (!budget.countMimePart()) {
      notes.push({ code: "too-many", detail: `more than ${budget.limits.mimeParts} parts` });
      // The delimiters after this one were not looked at.
      closed = true;
      break;
    }
    const partEnd = cuts[index + 1]?.start ?? end;
    parts.push(readTree(bytes, cut.end, partEnd, budget, depth + 1, entity.mediaType === "multipart/digest"));
  }
  // Where the last part ends is a guess.
  if (!closed) (parts.at(-1)?.notes ?? notes).push({ code: "corrupt", detail: "the last part is not closed" });
  return { entity, body: Buffer.concat(outside), parts, notes };
}

interface Delimiter {
  /** Where the part before ends: the line end before the delimiter belongs to it. */
  readonly start: number;
  readonly end: number;
  readonly closing: boolean;
}

function findDelimiters(bytes: Buffer, from: number, end: number, boundary: string): Delimiter[] {
  const needle = Buffer.from(`--${boundary}`, "latin1");
  const found: Delimiter[] = [];
  let position = from;
  while (position < end) {
    const hit = bytes.indexOf(needle, position);
    if (hit === -1 || hit + needle.length > end) break;
    position = hit + needle.length;
    if (hit > from && bytes[hit - 1] !== LF && bytes[hit - 1] !== CR) continue;
    const newline = bytes.indexOf(LF, position);
    const lineEnd = newline === -1 || newline > end ? end : newline;
    const rest = bytes.toString("latin1", position, Math.min(lineEnd, position + 256)).trimEnd();
    if (rest !== "" && rest !== "--") continue;
    let start = hit;
    if (start > from && bytes[start - 1] === LF) start -= 1;
    if (start > from && bytes[start - 1] === CR) start -= 1;
    found.push({ start, end: Math.min(lineEnd + 1, end), closing: rest === "--" });
    position = Math.min(lineEnd + 1, end);
  }
  return found;
}
