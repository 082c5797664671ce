import type { Budget } from "../budget.ts";
import { walkMarkup } from "../text/markup.ts";

/**
 * Who wrote the comments of a document, as its program shows them: `Allison, Timothy B. (ATB)`. Word names people at each
 * comment (`comment`), PowerPoint in lists of its own (`cmAuthor`, `author`); both with an attribute `initials`.
 */
export function commentAuthors(source: string, budget: Budget): readonly string[] {
  if (!source.includes("initials=")) return [];
  const people = new Set<string>();
  walkMarkup(source, true, budget, {
    open(_name, attributes) {
      const initials = attributes.get("initials") ?? attributes.get("w:initials") ?? "";
      const name = attributes.get("name") ?? attributes.get("w:author") ?? "";
      if (initials !== "" && name !== "") people.add(signed(name, initials));
    },
    close() {},
    text() {},
  });
  return [...people];
}

/** A name with its initials, where there are some. */
export function signed(name: string, initials: string): string {
  return initials === "" ? name : `${name} (${initials})`;
}
