import type { Budget } from "../budget.ts";
import { Unreadable } from "../unreadable.ts";
import { walkMarkup } from "./markup.ts";

/** Name without its namespace prefix. */
export function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

/**
 * Text and attribute values of any XML document, one element a line. Entities that the document declares are not
 * expanded; a document that declares some is refused after its text has been read.
 */
export function xmlToText(source: string, budget: Budget): string {
  const chunks: string[] = [];
  walkMarkup(source, true, budget, {
    open(_name, attributes) {
      for (const value of attributes.values()) if (value !== "") chunks.push(value, "\n");
    },
    close() {
      chunks.push("\n");
    },
    text(text) {
      chunks.push(text);
    },
    comment(text) {
      chunks.push(text, "\n");
    },
  });
  return chunks
    .join("")
    .replace(/\s*\n\s*/g, "\n")
    .trim();
}

/** @throws Unreadable when the document declares entities: what they would expand to is not read. */
export function refuseEntities(source: string): void {
  const start = source.indexOf("<!DOCTYPE");
  if (start === -1) return;
  if (/<!ENTITY/i.test(source.slice(start, start + 1024 * 1024))) {
    throw new Unreadable("unsupported", "it declares entities, which are not expanded");
  }
}
