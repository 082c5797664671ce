import { createHash } from "node:crypto";
import type { Extraction } from "../core/part.ts";
import { createBudget } from "./budget.ts";
import { messageFingerprint } from "./fingerprint.ts";
import type { Limits } from "./limits.ts";
import type { OcrReader } from "./ocr.ts";
import { displayName } from "./part-name.ts";
import { type Skip, type Unit, type Walk, walkFile, walkMessage } from "./walk.ts";

export interface ExtractInput {
  readonly bytes: Uint8Array;
  /** File name of a document; null for a message fetched from a mailbox. */
  readonly name: string | null;
  /** `message` is read as mail whatever it looks like; `file` by its content. */
  readonly as: "message" | "file";
  /** Parts that killed the process of an earlier attempt; each becomes its problem and is not read. */
  readonly skip?: readonly Skip[];
}

export interface ExtractOptions {
  readonly limits: Limits;
  readonly ocr?: OcrReader;
  /** Called before each part is read, so that whoever kills this process knows which part it died on. */
  readonly onUnit?: (unit: Unit) => void;
}

/**
 * Bytes to parts and problems. Reads what is inside of what is inside, under one budget.
 * Never throws for content, whatever it is; only an aborted signal rejects.
 */
export async function extract(input: ExtractInput, options: ExtractOptions, signal: AbortSignal): Promise<Extraction> {
  const bytes = Buffer.from(input.bytes.buffer, input.bytes.byteOffset, input.bytes.byteLength);
  const walk: Walk = {
    budget: createBudget(options.limits),
    signal,
    ocr: options.ocr,
    skip: input.skip ?? [],
    onUnit: options.onUnit ?? (() => {}),
    parts: [],
    problems: [],
    attachments: [],
    passwords: [],
    leaves: [],
    unlocked: [],
    units: 0,
  };
  const isMessage = input.as === "message";
  const root = isMessage ? "body" : `attachment:${displayName(input.name ?? "unnamed")}`;
  let readable = bytes;
  if (bytes.length > options.limits.messageBytes) {
    walk.problems.push({ part: root, code: "too-large", detail: "it is larger than a message may be" });
    // The head is still read and recorded.
    readable = bytes.subarray(0, options.limits.headerBytes);
  }
  if (isMessage) {
    const head = await walkMessage(walk, readable);
    const fingerprint = head === null ? sha256(bytes) : messageFingerprint(head, walk.leaves);
    return { head, parts: walk.parts, problems: walk.problems, attachments: walk.attachments, fingerprint };
  }
  const name = input.name ?? "unnamed";
  if (bytes.length === 0) walk.problems.push({ part: root, code: "corrupt", detail: "it is empty" });
  await walkFile(walk, { bytes: readable, name, declaredType: null, charset: null }, root, 0);
  return {
    head: null,
    parts: walk.parts,
    problems: walk.problems,
    attachments: walk.attachments,
    fingerprint: sha256(bytes),
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
