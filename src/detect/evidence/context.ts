import type { Evidence } from "../../core/finding.ts";
import type { Part } from "../../core/part.ts";
import { isAscii } from "../views/folded.ts";
import type { KeywordPlaces } from "./keyword-places.ts";
import { createKeywordMatcher, type KeywordMatcher, withoutInvisible } from "./keywords.ts";
import { createTable } from "./table.ts";

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

/** The context words of one detector. */
export interface ContextWords {
  /** Those that the scan of the text finds by itself: of ASCII. */
  readonly scanned: readonly string[];
  /** The others are looked for where they may stand. */
  readonly others: KeywordMatcher | undefined;
  /** All, for headers of columns and names of parts. */
  readonly all: KeywordMatcher;
}

/** Undefined when there are no words. */
export function createContextWords(words: readonly string[]): ContextWords | undefined {
  const all = createKeywordMatcher(words);
  if (all === undefined) return undefined;
  return { scanned: words.filter(isAscii), others: createKeywordMatcher(words.filter((word) => !isAscii(word))), all };
}

/** What a part says about a place in it: words near, column header, the part's own name. */
export interface PartContext {
  /**
   * The strongest evidence for a match of a detector at `start`..`end` of the original text, or undefined.
   * With `labelsOnly` nothing further away than a label is looked for.
   */
  evidence(detector: number, start: number, end: number, labelsOnly: boolean): Evidence | undefined;
}

/** A keyword and how many characters lie between it and the value. */
interface Near {
  readonly word: string;
  readonly distance: number;
  readonly side: "before" | "after";
}

/** Letters that no keyword of ASCII has; punctuation outside ASCII is none. */
const OTHER_LETTER = /[\u00aa-\u1fff\u2c00-\ud7ff\uf900-\ufaff]/;

/** @param words of each detector, by the numbers that `places` has for them. */
export function createPartContext(
  part: Part,
  words: readonly (ContextWords | undefined)[],
  places: KeywordPlaces,
): PartContext {
  const table = part.layout === "table" ? createTable(part.text) : undefined;
  const hasOthers = !isAscii(part.text);
  // `body` and `subject` say nothing; names of attachments and headers do.
  const isNamed = part.path.includes(":");
  const nameEvidence = remembered((detector: number) =>
    isNamed ? findInName(words[detector]?.all, part.path) : undefined,
  );
  const headerKeyword = remembered((name: string) => {
    const [detector = "", header = ""] = name.split("\t");
    return words[Number(detector)]?.all.find(splitCamelCase(header))[0]?.word;
  });

  return {
    evidence(detector, start, end, labelsOnly) {
      const local = columnEvidence(detector, start) ?? near(detector, start, end, labelsOnly);
      if (local !== undefined && local.weight >= NAME_WEIGHT) return local;
      return nameEvidence(detector) ?? local;
    },
  };

  function columnEvidence(detector: number, start: number): Evidence | undefined {
    const header = table?.headerOf(start);
    const word = header === undefined ? undefined : headerKeyword(`${detector}\t${header}`);
    return word === undefined
      ? undefined
      : { kind: "column", detail: `keyword "${word}" in the column's header`, weight: LABEL_WEIGHT };
  }

  function near(detector: number, start: number, end: number, labelsOnly: boolean): Evidence | undefined {
    // In a table only the words of the same row belong to a value: other columns' headers are not about it.
    const row = table?.rowOf(start);
    const reach = labelsOnly ? CLOSE + LONGEST_KEYWORD : WINDOW;
    const from = Math.max(row?.start ?? 0, start - reach);
    const to = Math.min(row?.end ?? part.text.length, end + reach);
    const found = [...scannedNear(detector, start, end, from, to), ...othersNear(detector, start, end, from, to)];
    const [closest] = found.sort((a, b) => a.distance - b.distance);
    if (closest === undefined) return undefined;
    const { word, distance, side } = closest;
    const weight = distance <= CLOSE ? LABEL_WEIGHT : NEAR_WEIGHT;
    return { kind: "keyword", detail: `keyword "${word}" ${distance} characters ${side}`, weight };
  }

  function scannedNear(detector: number, start: number, end: number, from: number, to: number): Near[] {
    const before = places.before(detector, start, from);
    const after = places.after(detector, end, to);
    const found: Near[] = [];
    if (before !== undefined) found.push({ word: wordAt(before), distance: start - before.end, side: "before" });
    if (after !== undefined) found.push({ word: wordAt(after), distance: after.start - end, side: "after" });
    return found;
  }

  function othersNear(detector: number, start: number, end: number, from: number, to: number): Near[] {
    const matcher = hasOthers ? words[detector]?.others : undefined;
    if (matcher === undefined) return [];
    const left = part.text.slice(from, start);
    const right = part.text.slice(end, to);
    const found: Near[] = [];
    if (OTHER_LETTER.test(left)) {
      const clean = withoutInvisible(left);
      const before = matcher.find(clean).at(-1);
      if (before !== undefined) found.push({ word: before.word, distance: clean.length - before.end, side: "before" });
    }
    if (OTHER_LETTER.test(right)) {
      const [after] = matcher.find(withoutInvisible(right));
      if (after !== undefined) found.push({ word: after.word, distance: after.start, side: "after" });
    }
    return found;
  }

  function wordAt({ start, end }: { readonly start: number; readonly end: number }): string {
    return part.text.slice(start, end).toLowerCase();
  }
}

function findInName(matcher: KeywordMatcher | undefined, path: string): Evidence | undefined {
  const [found] = matcher?.find(splitCamelCase(path.replace(/^header:|^attachment:/, ""))) ?? [];
  return found && { kind: "name", detail: `keyword "${found.word}" in the part's name`, weight: NAME_WEIGHT };
}

function splitCamelCase(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
}

function remembered<Key, Value>(look: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined || known.has(key)) return value as Value;
    const fresh = look(key);
    known.set(key, fresh);
    return fresh;
  };
}
