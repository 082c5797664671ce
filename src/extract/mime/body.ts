import type { LeafSink, Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { emitHtml } from "../text/html-part.ts";
import { limitedText } from "../text/limited.ts";
import { takeEnclosures } from "./enclosures.ts";
import type { Entity } from "./entity.ts";
import { unflow } from "./flowed.ts";

/** Reads one text body of a message and returns what is enclosed in its text, to be read later. */
export function readBodyText(
  reading: Reading,
  entity: Entity,
  bytes: Buffer,
  digest: LeafSink,
): readonly (() => Promise<void>)[] {
  const limited = limitedText(reading, bytes, "body");
  const decoded = decodeBytes(limited, entity.charset);
  digest(decoded.text);
  if (decoded.other !== undefined) reading.text(decoded.other, { at: "body", origin: "body" });
  if (!decoded.sound) reading.problem("corrupt", "its bytes do not fit the declared charset", "body");
  if (decoded.text.includes("-----BEGIN PGP MESSAGE-----")) reading.problem("encrypted", "inline PGP", "body");
  const body = { at: "body", origin: "body" } as const;
  if (isHtml(entity, decoded.text)) {
    const embedded = emitHtml(reading, decoded.text, body);
    // What is declared as plain text is shown as it is.
    if (entity.mediaType === "text/plain") reading.text(decoded.text, body);
    return embedded;
  }
  const { rest, members } = takeEnclosures(reading, limited, "body");
  const text = members.length === 0 ? decoded.text : decodeBytes(rest, entity.charset).text;
  const flat = entity.flowed ? unflow(text, entity.deleteSpace) : text;
  if (flat.trim() !== "") reading.text(flat, body);
  return members.map((member) => () => reading.member(member));
}

function isHtml(entity: Entity, text: string): boolean {
  if (/^text\/(html|enriched|richtext)$/.test(entity.mediaType)) return true;
  return /^\s*(<!doctype html|<html[\s>])/i.test(text.slice(0, 512));
}
