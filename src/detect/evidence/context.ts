import type { Evidence } from "../../core/finding.ts";
import type { Part } from "../../core/part.ts";
import type { KeywordMatcher } from "./keywords.ts";
import { createTable, type Table } from "./table.ts";

/** Characters on each side in which a keyword counts. */
const WINDOW = 300;
/** A keyword that is no further away labels the value. */
const CLOSE = 40;
/** A keyword close by, or over the column: as good as a label. */
export const LABEL_WEIGHT = 0.5;
const NEAR_WEIGHT = 0.35;
const NAME_WEIGHT = 0.35;

/** What a part says about a place in it: words near, column header, the part's own name. */
export interface PartContext {
  /** The strongest evidence for a match at `start`..`end` of the original text, or undefined. */
  evidence(matcher: KeywordMatcher, start: number, end: number): Evidence | undefined;
}

export function createPartContext(part: Part): PartContext {
  const table = part.layout === "table" ? createTable(part.text) : undefined;
  const byName = new Map<KeywordMatcher, Evidence | undefined>();

  function nameEvidence(matcher: KeywordMatcher): Evidence | undefined {
    if (!byName.has(matcher)) {
      const [found] = matcher(splitCamelCase(part.path.replace(/^header:|^attachment:/, "")));
      byName.set(
        matcher,
        found && { kind: "name", detail: `keyword "${found.word}" in the part's name`, weight: NAME_WEIGHT },
      );
    }
    return byName.get(matcher);
  }

  return {
    evidence(matcher, start, end) {
      const local =
        (table && columnEvidence(table, matcher, start)) ?? nearEvidence(part.text, table, matcher, start, end);
      if (local !== undefined && local.weight >= NAME_WEIGHT) return local;
      return nameEvidence(matcher) ?? local;
    },
  };
}

function columnEvidence(table: Table, matcher: KeywordMatcher, start: number): Evidence | undefined {
  const header = table.headerOf(start);
  if (header === undefined) return undefined;
  const [found] = matcher(splitCamelCase(header));
  return found && { kind: "column", detail: `keyword "${found.word}" in the column's header`, weight: LABEL_WEIGHT };
}

function nearEvidence(
  text: string,
  table: Table | undefined,
  matcher: KeywordMatcher,
  start: number,
  end: number,
): Evidence | undefined {
  // In a table only the words of the same row belong to a value: other columns' headers are not about it.
  const row = table?.rowOf(start);
  const from = Math.max(row?.start ?? 0, start - WINDOW);
  const to = Math.min(row?.end ?? text.length, end + WINDOW);
  let closest: { readonly word: string; readonly distance: number; readonly side: string } | undefined;
  const before = text.slice(from, start);
  for (const found of matcher(before)) {
    const distance = before.length - found.end;
    if (closest === undefined || distance < closest.distance) closest = { word: found.word, distance, side: "before" };
  }
  const [after] = matcher(text.slice(end, to));
  if (after !== undefined && (closest === undefined || after.start < closest.distance)) {
    closest = { word: after.word, distance: after.start, side: "after" };
  }
  if (closest === undefined) return undefined;
  return {
    kind: "keyword",
    detail: `keyword "${closest.word}" ${closest.distance} characters ${closest.side}`,
    weight: closest.distance <= CLOSE ? LABEL_WEIGHT : NEAR_WEIGHT,
  };
}

function splitCamelCase(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
}
