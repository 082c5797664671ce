import type { Part } from "../core/part.ts";
import type { Policy } from "../core/policy.ts";
import { applyBulk } from "./bulk.ts";
import { type Candidate, examine } from "./candidate.ts";
import type { BuiltInDetector, Match } from "./detector.ts";
import { type ContextWords, createContextWords, createPartContext } from "./evidence/context.ts";
import { createKeywordPlaces } from "./evidence/keyword-places.ts";
import type { Hit } from "./hit.ts";
import { judge } from "./judge.ts";
import { exactEnd, type OwnedShape, ownedShape } from "./scan/scan-pattern.ts";
import { createTextScan, type TextScan } from "./scan/text-scan.ts";
import type { ByteView } from "./views/folded.ts";
import { haveSameBytes, viewsOf } from "./views/part-views.ts";

/** Finds what the built-in detectors look for in one part. */
export type BuiltInScan = (part: Part) => readonly Hit[];

/** What is made of a list of detectors once, and learns with every text. */
interface Prepared {
  readonly words: readonly (ContextWords | undefined)[];
  readonly scans: Scans;
}

/** Of all shapes; of those of the folded view; of those of the raw view. Keywords are found in the folded view. */
interface Scans {
  readonly all: TextScan;
  readonly folded: TextScan;
  readonly raw: TextScan;
}

const prepared = new WeakMap<readonly BuiltInDetector[], Prepared>();

export function createBuiltInScan(
  detectors: readonly BuiltInDetector[],
  testNumbers: Policy["testNumbers"],
): BuiltInScan {
  const { words, scans } = prepare(detectors);

  return (part) => {
    const views = viewsOf(part);
    const places = createKeywordPlaces(views.folded.map);
    const candidates: Candidate[] = [];
    const found = (owner: number, view: ByteView, match: Match, varies: boolean): number => {
      const detector = detectors[owner];
      const candidate = detector && examine(detector, owner, view, match, varies);
      if (candidate === undefined) return match.start + 1;
      candidates.push(candidate);
      // What may be a piece of something longer must not hide what begins within it.
      return candidate.goesOn ? match.start + 1 : candidate.end;
    };
    const foundShape = ({ owner, shape, varies }: OwnedShape, view: ByteView, start: number, end: number): number =>
      found(owner, view, { start, end, weight: shape.weight, note: shape.note }, varies);

    scanViews(scans, views, foundShape, places.add);
    for (const [owner, detector] of detectors.entries()) {
      const view = views[detector.view];
      for (const match of detector.find?.(view) ?? []) found(owner, view, match, true);
    }
    const context = createPartContext(part, words, places);
    return applyBulk(
      detectors,
      candidates.flatMap((candidate) => judge(candidate, context, testNumbers) ?? []),
    );
  };
}

/** One pass where the raw text can be searched in its folded view, two where it cannot. */
function scanViews(
  scans: Scans,
  { folded, raw, together }: ReturnType<typeof viewsOf>,
  found: (owned: OwnedShape, view: ByteView, start: number, end: number) => number,
  keyword: (list: number, start: number, end: number) => void,
): void {
  if (!together) {
    scans.folded(folded.bytes, { shape: (owned, start, end) => found(owned, folded, start, end), keyword });
    scans.raw(raw.bytes, { shape: (owned, start, end) => found(owned, raw, start, end), keyword: () => {} });
    return;
  }
  const shape = (owned: OwnedShape, start: number, end: number): number => {
    if (owned.view === "folded") return found(owned, folded, start, end);
    const rawEnd = haveSameBytes(folded, raw, start, end) ? end : exactEnd(owned.shape, raw.bytes, start);
    return rawEnd === undefined ? start + 1 : found(owned, raw, start, rawEnd);
  };
  scans.all(folded.bytes, { shape, keyword });
}

function prepare(detectors: readonly BuiltInDetector[]): Prepared {
  const known = prepared.get(detectors);
  if (known !== undefined) return known;
  const words = detectors.map(({ context }) => createContextWords(context));
  const keywords = words.map((own, list) => ({ list, words: own?.scanned ?? [] }));
  const shapes = detectors.flatMap(({ shapes: own, view }, owner) =>
    own.map((shape) => ownedShape(owner, view, shape)),
  );
  const fresh: Prepared = {
    words,
    scans: {
      all: atFirstUse(() => createTextScan(shapes, keywords)),
      folded: atFirstUse(() =>
        createTextScan(
          shapes.filter(({ view }) => view === "folded"),
          keywords,
        ),
      ),
      raw: atFirstUse(() =>
        createTextScan(
          shapes.filter(({ view }) => view === "raw"),
          [],
        ),
      ),
    },
  };
  prepared.set(detectors, fresh);
  return fresh;
}

function atFirstUse(make: () => TextScan): TextScan {
  let made: TextScan | undefined;
  return (bytes, onFound) => {
    made ??= make();
    made(bytes, onFound);
  };
}
