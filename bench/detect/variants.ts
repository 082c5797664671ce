import RE2 from "re2";
import { emailAddress } from "../../src/detect/detectors/email-address.ts";
import { createEngine } from "../../src/detect/engine.ts";
import { builtInDetectors } from "../../src/detect/registry.ts";
import { exactPattern, ownedShape } from "../../src/detect/scan/scan-pattern.ts";
import { createTextScan } from "../../src/detect/scan/text-scan.ts";
import { foldedView } from "../../src/detect/views/folded.ts";
import { programs } from "./programs.ts";

/** One way of searching all mails. Returns what it found, and processor time where the search runs elsewhere. */
export interface Variant {
  readonly name: string;
  run(mails: readonly string[]): Outcome;
}

export interface Outcome {
  readonly found: number;
  /** Seconds, of programs. */
  readonly seconds?: number;
}

const SHAPES = builtInDetectors.flatMap(({ shapes, view }, owner) =>
  shapes.map((shape) => ownedShape(owner, view, shape)),
);
/** The address rule, which the engine finds from its @ and the others must search for. Same matches on this text. */
const ADDRESS =
  "\\b[A-Za-z0-9_](?:[A-Za-z0-9._%+'-]{0,63})@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\\.){1,8}[A-Za-z]{2,24}\\b";

/** Every pattern of every detector, as one after another would be searched. */
export const SOURCES: readonly string[] = [
  // RE2 has no look-behind: there the underscore belongs to the match.
  ...SHAPES.map(({ shape }) => exactPattern(shape).replace("(?<=_)", "_")),
  ADDRESS,
];

function engineVariant(): Variant {
  const engine = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });
  const key = new Uint8Array(32);
  return {
    name: "Postern, whole engine: views, checks, context, counts, fingerprints",
    run: (mails) => ({
      found: mails.reduce((sum, text) => {
        const parts = [{ path: "body", origin: "body", text, layout: "prose", mediaType: "text/plain" }] as const;
        return sum + engine.detect({ parts, key }).tallies.reduce((count, { occurrences }) => count + occurrences, 0);
      }, 0),
    }),
  };
}

function scanVariant(): Variant {
  const scan = createTextScan(SHAPES, []);
  return {
    name: "Postern, places of all patterns",
    run(mails) {
      let found = 0;
      const onFound = {
        shape: (_: unknown, __: number, end: number): number => {
          found++;
          return end;
        },
        keyword: () => {},
      };
      for (const mail of mails) {
        const view = foldedView(mail);
        scan(view.bytes, onFound);
        for (const _ of emailAddress.find?.(view) ?? []) found++;
      }
      return { found };
    },
  };
}

/** The others get the folded text for nothing, so that all search the same. */
function folded(mails: readonly string[]): readonly Buffer[] {
  return mails.map((mail) => foldedView(mail).bytes);
}

function oneByOne(name: string, compile: (source: string) => RegExp): Variant {
  const patterns = SOURCES.map(compile);
  const texts = remembered((mails) => folded(mails).map((bytes) => bytes.toString("latin1")));
  return {
    name,
    run(mails) {
      let found = 0;
      for (const text of texts(mails)) for (const pattern of patterns) for (const _ of text.matchAll(pattern)) found++;
      return { found };
    },
  };
}

function re2Buffers(): Variant {
  const patterns = SOURCES.map((source) => new RE2(source, "gu"));
  const buffers = remembered(folded);
  return {
    name: "RE2, one by one on buffers",
    run(mails) {
      let found = 0;
      for (const bytes of buffers(mails)) {
        for (const pattern of patterns) {
          pattern.lastIndex = 0;
          while (pattern.exec(bytes) !== null) found++;
        }
      }
      return { found };
    },
  };
}

/** Preparation that no run is charged for. */
function remembered<Value>(make: (mails: readonly string[]) => Value): (mails: readonly string[]) => Value {
  const known = new WeakMap<readonly string[], { readonly value: Value }>();
  return (mails) => {
    const entry = known.get(mails) ?? { value: make(mails) };
    known.set(mails, entry);
    return entry.value;
  };
}

/** In the order in which they are measured, interleaved. The first two are what the ratios refer to. */
export function createVariants(withPrograms: boolean): readonly Variant[] {
  return [
    engineVariant(),
    scanVariant(),
    oneByOne("JavaScript RegExp, one by one", (source) => new RegExp(source, "g")),
    oneByOne("RE2, one by one on strings", (source) => new RE2(source, "gu")),
    re2Buffers(),
    ...(withPrograms ? programs(SOURCES, remembered(folded)) : []),
  ];
}
