import { createHash } from "node:crypto";
import type { MessageHead } from "../core/message.ts";
import type { AttachmentFact, Part, Problem, ProblemCode } from "../core/part.ts";
import type { Budget } from "./budget.ts";
import { headerSource } from "./mime/header-block.ts";
import { readMessage } from "./mime/message.ts";
import type { OcrReader } from "./ocr.ts";
import { displayName } from "./part-name.ts";
import { findPasswords } from "./passwords.ts";
import { breaksPromise } from "./promise.ts";
import { readerFor } from "./readers.ts";
import type { FileContent, LeafSink, Member, Reading, TextOptions } from "./reading.ts";
import { signatureType } from "./signatures.ts";
import { sniff } from "./sniff.ts";
import { toProblem, Unreadable } from "./unreadable.ts";

/** A part that is being read: its number in the order of reading, and its path. */
export interface Unit {
  readonly index: number;
  readonly path: string;
}

/** A part that must not be read, because an earlier attempt to read it killed the process. */
export interface Skip extends Unit {
  readonly code: Extract<ProblemCode, "timeout" | "crash" | "too-large">;
}

export interface Walk {
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly ocr: OcrReader | undefined;
  readonly skip: readonly Skip[];
  readonly onUnit: (unit: Unit) => void;
  readonly parts: Part[];
  readonly problems: Problem[];
  readonly attachments: AttachmentFact[];
  readonly passwords: string[];
  readonly leaves: string[];
  /** Paths of containers and members that a password of the message opened. */
  readonly unlocked: string[];
  units: number;
}

/** The path of a root message: its parts have no prefix. */
export const ROOT = "";

/** Reads a message that is the input itself. */
export async function walkMessage(walk: Walk, bytes: Buffer): Promise<MessageHead | null> {
  const file = { bytes, name: null, declaredType: "message/rfc822", charset: null };
  const reading = createReading(walk, file, ROOT, "message/rfc822", 0);
  let head: MessageHead | null = null;
  await guard(walk, ROOT, "body", async () => {
    head =
      signatureType(bytes) === "application/x-ole-storage"
        ? await readOutlookItem(reading)
        : await readMessage(reading, sink(walk));
  });
  return head;
}

/** Reads a file at a path, whatever it is. `depth` counts the containers around it. */
export async function walkFile(walk: Walk, file: FileContent, path: string, depth: number): Promise<void> {
  const mediaType = sniff(file);
  if (file.name !== null) {
    walk.attachments.push({ path, name: file.name, mediaType, bytes: file.bytes.length });
    addPart(walk, { path, origin: "metadata", text: file.name, layout: "prose", mediaType });
  }
  if (breaksPromise(file, mediaType)) addProblem(walk, path, "corrupt", "it is not what its name or type promises");
  await readAs(walk, file, path, mediaType, depth);
}

async function readAs(walk: Walk, file: FileContent, path: string, mediaType: string, depth: number): Promise<void> {
  if (file.bytes.length === 0) return;
  await guard(walk, path, path, async () => {
    const reading = createReading(walk, file, path, mediaType, depth);
    if (mediaType === "message/rfc822") {
      // A mail that was sent as a text is shown as one, with the fields that relays wrote.
      if (file.declaredType === "text/plain") reading.text(headerSource(file.bytes, walk.budget.limits.headerBytes));
      await readMessage(reading, sink(walk));
      return;
    }
    const reader = readerFor(mediaType);
    if (reader === undefined) throw new Unreadable("unsupported", mediaType);
    await (await reader())(reading);
  });
  if (hidesZip(file.bytes, mediaType)) await readAs(walk, file, path, "application/zip", depth + 1);
}

/** Types that are archives themselves, or whose last member may be one. */
const NO_POLYGLOTS = /zip|tar|opendocument|openxml|ole-storage|rfc822|mbox|x-7z|rar|cab|cpio|archive|iso9660|epub/;
const ZIP_END_SEARCH = 22 + 65_535;

/** Whether a picture or document ends in a zip archive, which an unpacker would find. */
function hidesZip(bytes: Buffer, mediaType: string): boolean {
  if (NO_POLYGLOTS.test(mediaType)) return false;
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  return end !== -1 && end >= bytes.length - ZIP_END_SEARCH && bytes.includes("PK\x01\x02", 0, "latin1");
}

/** An Outlook item that was given as a message. */
async function readOutlookItem(reading: Reading): Promise<MessageHead> {
  const { openCfb } = await import("./office/cfb.ts");
  const { readMsg } = await import("./office/msg.ts");
  return readMsg(
    reading,
    openCfb(reading.file.bytes, reading.budget, () => reading.problem("corrupt", "a stream breaks off", "body")),
  );
}

/** Runs the reading of one unit: what it throws becomes a problem, what it found before stays. */
async function guard(walk: Walk, path: string, problemPath: string, read: () => Promise<void>): Promise<void> {
  const unit = { index: walk.units, path };
  walk.units += 1;
  const skipped = walk.skip.find((skip) => skip.index === unit.index);
  if (skipped !== undefined) {
    addProblem(walk, problemPath, skipped.code, "reading it ended the reading process");
    return;
  }
  walk.signal.throwIfAborted();
  walk.onUnit(unit);
  const endPart = walk.budget.startPart();
  try {
    await read();
  } catch (error) {
    walk.signal.throwIfAborted();
    const { code, detail } = toProblem(error);
    addProblem(walk, problemPath, code, detail);
  } finally {
    endPart();
  }
}

function createReading(walk: Walk, file: FileContent, path: string, mediaType: string, depth: number): Reading {
  const below = (at: string | undefined) => {
    if (at === undefined || at === path) return path;
    if (path === ROOT) return at;
    return `${path}!${at.startsWith("attachment:") ? displayName(at.slice(11)) : at}`;
  };
  return {
    file,
    mediaType,
    path,
    budget: walk.budget,
    signal: walk.signal,
    ocr: walk.ocr,
    passwords: walk.passwords,
    text(text: string, options: TextOptions = {}) {
      const origin = options.origin ?? "attachment";
      const kept = path === ROOT || origin === "ocr" || origin === "metadata" ? origin : "attachment";
      const at = below(options.at);
      if (at === "body" || at === "subject") walk.passwords.push(...findPasswords(text));
      addPart(walk, { path: at, origin: kept, text, layout: options.layout ?? "prose", mediaType });
    },
    problem: (code, detail, at) =>
      addProblem(walk, path === ROOT && at !== undefined ? rootPath(at) : below(at), code, detail),
    unlocked: (at) => {
      walk.unlocked.push(below(at));
    },
    member: (member) => readMember(walk, member, path, depth),
    again: (type, bytes) => readAs(walk, { ...file, bytes, declaredType: type }, path, type, depth + 1),
  };
}

function rootPath(at: string): string {
  return at.startsWith("attachment:") ? `attachment:${displayName(at.slice(11))}` : at;
}

async function readMember(walk: Walk, member: Member, parent: string, depth: number): Promise<void> {
  // One problem says it; a list of thousands of unread members would help nobody.
  if (walk.budget.exhausted) {
    addProblem(walk, parent || "body", "too-large", "the containers hold more than may be unpacked");
    return;
  }
  const shown = displayName(member.name);
  const path = parent === ROOT ? `attachment:${shown}` : `${parent}!${shown}`;
  try {
    walk.budget.countMember();
    if (depth >= walk.budget.limits.archiveDepth) {
      throw new Unreadable("too-deep", `containers are nested deeper than ${walk.budget.limits.archiveDepth} levels`);
    }
  } catch (error) {
    const { code, detail } = toProblem(error);
    addProblem(walk, code === "too-many" ? parent || "body" : path, code, detail);
    return;
  }
  let bytes: Buffer;
  try {
    bytes = await member.open();
  } catch (error) {
    walk.signal.throwIfAborted();
    const { code, detail } = toProblem(error);
    addProblem(walk, path, code, detail);
    walk.attachments.push({ path, name: member.name, mediaType: "application/octet-stream", bytes: member.size ?? 0 });
    addPart(walk, { path, origin: "metadata", text: member.name, layout: "prose", mediaType: "text/plain" });
    return;
  }
  const file = { bytes, name: member.name, declaredType: member.declaredType ?? null, charset: member.charset ?? null };
  await walkFile(walk, file, path, depth + 1);
}

/** An archive of thousands of damaged members is one incident, and its record must stay small. */
const MAX_PROBLEMS = 200;

/** Text beyond the limit is cut, and the part says so. */
function addPart(walk: Walk, found: Part): void {
  const isUnlocked = walk.unlocked.some((path) => found.path === path || found.path.startsWith(`${path}!`));
  const part: Part = isUnlocked ? { ...found, unlocked: true } : found;
  const limit = walk.budget.limits.partText;
  if (part.text.length <= limit) {
    walk.parts.push(part);
    return;
  }
  walk.parts.push({ ...part, text: part.text.slice(0, limit) });
  addProblem(walk, part.path, "too-large", "its text is longer than allowed; the rest was not read");
}

/** One problem of a kind for a part is enough. */
function addProblem(walk: Walk, part: string, code: ProblemCode, detail: string): void {
  const known = walk.problems.some((problem) => problem.part === part && problem.code === code);
  if (known) return;
  if (walk.problems.length < MAX_PROBLEMS) walk.problems.push({ part, code, detail });
  else if (walk.problems.length === MAX_PROBLEMS) {
    walk.problems.push({ part, code: "too-many", detail: "there are more problems than are listed" });
  }
}

/** Line ends and runs of spaces are not what a text says. In very long texts only line ends are made alike. */
function withoutLayout(text: string): string {
  return text.length > LONG_TEXT ? text.replaceAll("\r", "") : text.replace(/\s+/g, " ").trim();
}

const LONG_TEXT = 4 * 1024 * 1024;

function sink(walk: Walk): LeafSink {
  return (content) => {
    const normal = typeof content === "string" ? withoutLayout(content) : content;
    walk.leaves.push(createHash("sha256").update(normal).digest("hex"));
  };
}
