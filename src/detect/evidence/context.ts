import type { Evidence } from "../../core/finding.ts";
import type { Part } from "../../core/part.ts";
import { isAscii } from "../views/folded.ts";
import { type Keyword, type KeywordMatcher, withoutInvisible } from "./keywords.ts";
import { createTable, type Table } from "./table.ts";

/** Characters on each side in which a keyword counts. */
const WINDOW = 300;
/** A keyword that is no further away labels the value. */
const CLOSE = 40;
/** Longest keyword; one that ends within reach may begin beyond it. */
const LONGEST_KEYWORD = 48;
/** A keyword close by, or over the column: as good as a label. */
export const LABEL_WEIGHT = 0.5;
const NEAR_WEIGHT = 0.35;
const NAME_WEIGHT = 0.35;

/** What a part says about a place in it: words near, column header, the part's own name. */
export interface PartContext {
  /**
   * The strongest evidence for a match at `start`..`end` of the original text, or undefined.
   * With `labelsOnly` nothing further away than a label is looked for.
   */
  evidence(matcher: KeywordMatcher, start: number, end: number, labelsOnly: boolean): Evidence | undefined;
}

export function createPartContext(part: Part): PartContext {
  const table = part.layout === "table" ? createTable(part.text) : undefined;
  const clean = isAscii(part.text) ? (text: string): string => text : withoutInvisible;
  // `body` and `subject` say nothing; names of attachments and headers do.
  const isNamed = part.path.includes(":");
  const nameEvidence = remembered((matcher) => (isNamed ? findInName(matcher, part.path) : undefined));
  let bytes: Buffer | undefined;
  /** Most parts hold no keyword of most detectors: one fast look at the whole spares many at windows. */
  const occurs = remembered((matcher) => {
    bytes ??= Buffer.from(clean(part.text), "utf8");
    return matcher.mayOccurIn(bytes);
  });

  return {
    evidence(matcher, start, end, labelsOnly) {
      const local = occurs(matcher)
        ? ((table && columnEvidence(table, matcher, start)) ?? near(matcher, start, end, labelsOnly))
        : undefined;
      if (local !== undefined && local.weight >= NAME_WEIGHT) return local;
      return nameEvidence(matcher) ?? local;
    },
  };

  function near(matcher: KeywordMatcher, start: number, end: number, labelsOnly: boolean): Evidence | undefined {
    // In a table only the words of the same row belong to a value: other columns' headers are not about it.
    const row = table?.rowOf(start);
    const reach = labelsOnly ? CLOSE + LONGEST_KEYWORD : WINDOW;
    const before = clean(part.text.slice(Math.max(row?.start ?? 0, start - reach), start));
    const after = clean(part.text.slice(end, Math.min(row?.end ?? part.text.length, end + reach)));
    return closest(matcher.find(before).at(-1), before.length, matcher.find(after)[0]);
  }
}

function closest(before: Keyword | undefined, length: number, after: Keyword | undefined): Evidence | undefined {
  const distanceBefore = before === undefined ? Number.POSITIVE_INFINITY : length - before.end;
  const distanceAfter = after?.start ?? Number.POSITIVE_INFINITY;
  const distance = Math.min(distanceBefore, distanceAfter);
  const keyword = distanceBefore <= distanceAfter ? before : after;
  if (keyword === undefined) return undefined;
  const side = keyword === before ? "before" : "after";
  return {
    kind: "keyword",
    detail: `keyword "${keyword.word}" ${distance} characters ${side}`,
    weight: distance <= CLOSE ? LABEL_WEIGHT : NEAR_WEIGHT,
  };
}

function columnEvidence(table: Table, matcher: KeywordMatcher, start: number): Evidence | undefined {
  const header = table.headerOf(start);
  if (header === undefined) return undefined;
  const [found] = matcher.find(splitCamelCase(header));
  return found && { kind: "column", detail: `keyword "${found.word}" in the column's header`, weight: LABEL_WEIGHT };
}

function findInName(matcher: KeywordMatcher, path: string): Evidence | undefined {
  const [found] = matcher.find(splitCamelCase(path.replace(/^header:|^attachment:/, "")));
  return found && { kind: "name", detail: `keyword "${found.word}" in the part's name`, weight: NAME_WEIGHT };
}

function splitCamelCase(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
}

function remembered<Value>(look: (matcher: KeywordMatcher) => Value): (matcher: KeywordMatcher) => Value {
  const known = new Map<KeywordMatcher, Value>();
  return (matcher) => {
    const value = known.get(matcher);
    if (value !== undefined || known.has(matcher)) return value as Value;
    const fresh = look(matcher);
    known.set(matcher, fresh);
    return fresh;
  };
}
