import { MAX_SHAPE_LENGTH, type Shape } from "../detector.ts";
import type { PatternEnd } from "./automaton.ts";
import { type ByteSet, parseShape, type ShapeNode } from "./shape-syntax.ts";

/** A shape and whose it is. */
export interface OwnedShape {
  readonly owner: number;
  readonly view: "folded" | "raw";
  readonly shape: Shape;
  /** The shape can be written in several lengths. */
  readonly varies: boolean;
}

export function ownedShape(owner: number, view: OwnedShape["view"], shape: Shape): OwnedShape {
  return { owner, view, shape, varies: /[?|]|\{\d+,/.test(shape.pattern) };
}

/** Words of ASCII in lower case that are reported alike. */
export interface KeywordList {
  readonly list: number;
  readonly words: readonly string[];
}

/** What the scan looks for: a shape, or the words of a list. */
export interface ScanPattern {
  readonly tree: ShapeNode;
  /** At the beginning of a word, there or behind an underscore in it, or at a sign. */
  readonly start: "word" | "name" | "sign";
  readonly end: PatternEnd;
  /** Shapes that are written alike are searched for once. */
  readonly owners?: readonly { readonly owned: OwnedShape; readonly place: number }[];
  readonly keywords?: number;
}

export function shapePatterns(shapes: readonly OwnedShape[]): readonly ScanPattern[] {
  const byPattern = new Map<string, { readonly owned: OwnedShape; readonly place: number }[]>();
  for (const [place, owned] of shapes.entries()) {
    const written = exactPattern(owned.shape);
    byPattern.set(written, [...(byPattern.get(written) ?? []), { owned, place }]);
  }
  return [...byPattern.values()].flatMap((owners) => {
    const shape = owners[0]?.owned.shape;
    if (shape === undefined) return [];
    const start = opens(shape, "start") ? "sign" : shape.inName === true ? "name" : "word";
    return [{ tree: parseShape(shape.pattern), start, end: opens(shape, "end") ? "anywhere" : "boundary", owners }];
  });
}

/** Undefined when the list is empty. */
export function keywordPattern({ list, words }: KeywordList): ScanPattern | undefined {
  if (words.length === 0) return undefined;
  return { tree: { kind: "choice", items: words.map(phrase) }, start: "name", end: "word", keywords: list };
}

/** The shape as a regular expression with the word boundaries that it asks for. */
export function exactPattern(shape: Shape): string {
  const boundary = shape.inName === true ? "(?:\\b|(?<=_))" : "\\b";
  return `${opens(shape, "start") ? "" : boundary}(?:${shape.pattern})${opens(shape, "end") ? "" : "\\b"}`;
}

/** Where a match of the shape that begins at `start` ends; undefined when none begins there. */
export function exactEnd(shape: Shape, bytes: Buffer, start: number): number | undefined {
  const pattern = new RegExp(exactPattern(shape), "y");
  const base = Math.max(0, start - 1);
  pattern.lastIndex = start - base;
  const matches = pattern.test(bytes.toString("latin1", base, Math.min(bytes.length, start + MAX_SHAPE_LENGTH)));
  return matches ? base + pattern.lastIndex : undefined;
}

function opens(shape: Shape, side: "start" | "end"): boolean {
  return shape.open === side || shape.open === "both";
}

/** Words of a phrase may be joined by spaces, a dash or an underscore: `card number`, `card-number`, `CARD_NUMBER`. */
const JOINT = parseShape("[\\s_-]{1,3}");

function phrase(words: string): ShapeNode {
  const items = [...words].map((character) => (character === " " ? JOINT : anyCase(character)));
  return { kind: "sequence", items };
}

/** The sets of the letters in either case, each made once. */
const letters = new Map<string, ShapeNode>();

function anyCase(character: string): ShapeNode {
  const known = letters.get(character);
  if (known !== undefined) return known;
  const set: ByteSet = new Uint8Array(256);
  set[character.toLowerCase().charCodeAt(0)] = 1;
  set[character.toUpperCase().charCodeAt(0)] = 1;
  const node: ShapeNode = { kind: "bytes", set };
  letters.set(character, node);
  return node;
}
