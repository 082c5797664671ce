import { z } from "zod";
import { addressFault } from "./address.ts";
import { addressEntryFault, domainEntryFault } from "./address-list.ts";

/** Long enough for any list of words; longer ones are exact data. */
const MAX_ITEMS = 100_000;
const ID = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/** What the leaves of the document are checked against: the ids that exist, and the engine's pattern syntax. */
export interface References {
  isDetector(id: string): boolean;
  isGroup(id: string): boolean;
  isRule(id: string): boolean;
  isValidator(id: string): boolean;
  /** Why a pattern cannot be used, or undefined. */
  patternFault(pattern: string): string | undefined;
  /** Why an unknown id is refused, with the nearest known one. */
  unknown(kind: "detector" | "group" | "rule" | "validator", id: string): string;
}

/** Text for which `fault` finds nothing wrong. */
export function textWhere(fault: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const message = fault(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
}

/** A list without a length that no person meant. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).max(MAX_ITEMS);
}

export const id = textWhere((text) =>
  ID.test(text) ? undefined : "an id is 1 to 64 letters, digits, `-`, `_` or `.`, and begins with a letter or digit",
);
export const phrase = textWhere((text) => (text.trim() === "" ? "expected some text, found none" : undefined));
export const domain = textWhere(domainEntryFault);
export const addressOrDomain = textWhere(addressEntryFault);
export const manager = textWhere((text) => (text === "manager-of-sender" ? undefined : addressFault(text)));
export const confidence = z.enum(["low", "medium", "high"]);
