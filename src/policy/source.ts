import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { type Excess, excessOf } from "./source-limits.ts";

export type Path = readonly (string | number)[];

/** From 1, in characters as editors count them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a policy, and where (contract: `file:line:column: reason`). */
export interface PolicyFault extends Position {
  /** For instance `rules[0].when.detectors[1].threshold`; empty for the document itself. */
  readonly path: string;
  readonly reason: string;
}

/** A text that was read into plain data, and that remembers where each value stood. */
export interface Source {
  readonly value: unknown;
  /** Of the value at a path; of the nearest one above it when there is none. */
  place(path: Path): Position;
  /** Of a key within the map at a path. */
  placeOfKey(path: Path, key: string): Position;
  readonly faults: readonly PolicyFault[];
  readonly warnings: readonly PolicyFault[];
}

/** Reads YAML 1.2, or JSON, which is read by the same parser for its positions but held to JSON's own grammar. */
export function readSource(text: string, format: "yaml" | "json"): Source {
  const excess = excessOf(text);
  if (excess !== undefined) return refused(text, excess);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // The parser compares each key with each other one; `faultyNodes` takes one look at each.
    uniqueKeys: false,
    schema: format === "json" ? "json" : "core",
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const trouble = (error: YAMLError): PolicyFault => ({ ...at(error.pos[0]), path: "", reason: error.message });
  const faults = document.errors.map(trouble);
  if (format === "json" && faults.length === 0) faults.push(...jsonFaults(text, at));
  const { dangling, doubled } = faultyNodes(document);
  faults.push(
    ...doubled.map((key) => ({ ...at(offsetOf(key)), path: "", reason: "this key stands here a second time" })),
  );
  faults.push(...dangling.map((alias) => ({ ...at(offsetOf(alias)), path: "", reason: NO_ANCHOR })));
  const { value, fault } = plainData(document);
  if (fault !== undefined && faults.length === 0) faults.push({ ...at(0), path: "", reason: fault });
  const { find, findKey } = finder(document);
  return {
    value,
    faults,
    warnings: document.warnings.map(trouble),
    place: (path) => at(offsetOf(find(path))),
    placeOfKey: (path, key) => at(offsetOf(findKey(path, key))),
  };
}

/** A text that is not even parsed. */
function refused(text: string, { offset, reason }: Excess): Source {
  const before = text.slice(0, offset).split("\n");
  const place = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
  const faults = [{ ...place, path: "", reason }];
  return { value: undefined, faults, warnings: [], place: () => place, placeOfKey: () => place };
}

/** `rules[0].when` for `["rules", 0, "when"]`. */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

const NO_ANCHOR = "this alias (*) has no anchor (&) before it; write text that begins with * in quotes";

/** What the parser leaves to its user: aliases without an anchor, and keys that stand twice in a map. */
function faultyNodes(document: Document.Parsed): {
  readonly dangling: readonly Node[];
  readonly doubled: readonly Node[];
} {
  const [dangling, doubled]: [Node[], Node[]] = [[], []];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined) dangling.push(alias);
    },
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(String(key.value))) doubled.push(key);
        seen.add(String(key.value));
      }
    },
  });
  return { dangling, doubled };
}

function plainData(document: Document.Parsed): { readonly value: unknown; readonly fault?: string } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    // Aliases that would expand without bound.
    return { value: undefined, fault: error instanceof Error ? error.message : "cannot be read" };
  }
}

function jsonFaults(text: string, at: (offset: number) => Position): readonly PolicyFault[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    // V8 quotes a piece of the text; the place says it better.
    return [{ ...at(offset), path: "", reason: "not JSON from here on" }];
  }
}

/** Looks nodes up by their path; maps are indexed once, since a policy may have thousands of scopes. */
function finder(document: Document.Parsed) {
  const indexes = new Map<Node, ReadonlyMap<string, Pair>>();
  const pairOf = (map: YAMLMap, key: string): Pair | undefined => {
    const index = indexes.get(map) ?? new Map(map.items.map((pair) => [keyText(pair.key), pair]));
    indexes.set(map, index);
    return index.get(key);
  };
  const child = (parent: Node | null, step: string | number): Node | undefined => {
    const node = isAlias(parent) ? parent.resolve(document) : parent;
    if (isMap(node)) return (pairOf(node, String(step))?.value as Node | null | undefined) ?? undefined;
    return isSeq(node) ? (node.items[Number(step)] as Node | undefined) : undefined;
  };
  /** The node at a path, or the last one on the way to it. */
  const find = (path: Path): Node | null => {
    let node: Node | null = document.contents;
    for (const step of path) {
      const next = child(node, step);
      if (next === undefined) break;
      node = next;
    }
    return node;
  };
  return {
    find,
    findKey: (path: Path, key: string): Node | null => {
      const node = find(path);
      const pair = isMap(node) ? pairOf(node, key) : undefined;
      return (pair?.key as Node | undefined) ?? node;
    },
  };
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
