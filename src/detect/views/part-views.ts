import type { Part } from "../../core/part.ts";
import { type ByteView, foldedView, isAscii, rawView } from "./folded.ts";

export interface PartViews {
  readonly folded: ByteView;
  readonly raw: ByteView;
  /** What is in the raw view begins and ends in the folded one where it does here: one pass serves both. */
  readonly together: boolean;
}

export function viewsOf(part: Part): PartViews {
  const spaced = withSpaces(part);
  const folded = foldedView(spaced);
  const together = folded.keepsWords && (spaced === part.text || part.origin !== "metadata");
  const isSame = together && spaced === part.text && isAscii(part.text);
  return { folded, raw: isSame ? folded : rawView(part.text), together };
}

export function haveSameBytes(a: ByteView, b: ByteView, start: number, end: number): boolean {
  if (a === b) return true;
  for (let at = start; at < end; at++) if (a.bytes[at] !== b.bytes[at]) return false;
  return true;
}

/** What stands for a space: underscores in names of files, tabs outside of tables. Takes as much room as before. */
function withSpaces({ text, origin, layout }: Part): string {
  const named = origin === "metadata" ? text.replaceAll("_", " ") : text;
  return layout === "prose" ? named.replaceAll("\t", " ") : named;
}
