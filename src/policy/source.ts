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
} from "yaml";

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
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: format === "json" ? "json" : "core",
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const trouble = (error: YAMLError): PolicyFault => ({ ...at(error.pos[0]), path: "", reason: wording(error) });
  const faults = document.errors.map(trouble);
  if (format === "json" && faults.length === 0) faults.push(...jsonFaults(text, at));
  faults.push(...danglingAliases(document).map((node) => ({ ...at(offsetOf(node)), path: "", reason: NO_ANCHOR })));
  const { value, fault } = plainData(document);
  if (fault !== undefined && faults.length === 0) faults.push({ ...at(0), path: "", reason: fault });
  return {
    value,
    faults,
    warnings: document.warnings.map(trouble),
    place: (path) => at(offsetOf(find(document, path))),
    placeOfKey: (path, key) => {
      const node = find(document, path);
      const pair = isMap(node) ? pairOf(document, node.items, key) : undefined;
      return at(offsetOf((pair?.key as Node | undefined) ?? node));
    },
  };
}

/** `rules[0].when` for `["rules", 0, "when"]`. */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

const NO_ANCHOR = "this alias (*) has no anchor (&) before it; write text that begins with * in quotes";

function danglingAliases(document: Document.Parsed): readonly Node[] {
  const dangling: Node[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined) dangling.push(alias);
    },
  });
  return dangling;
}

function plainData(document: Document.Parsed): { readonly value: unknown; readonly fault?: string } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    // Aliases that would expand without bound.
    return { value: undefined, fault: error instanceof Error ? error.message : "cannot be read" };
  }
}

function wording(error: YAMLError): string {
  return error.code === "DUPLICATE_KEY" ? "this key stands here a second time" : error.message;
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

/** The node at a path, or the last one on the way to it. */
function find(document: Document.Parsed, path: Path): Node | null {
  let node: Node | null = document.contents;
  for (const step of path) {
    const next = child(document, node, step);
    if (next === undefined) break;
    node = next;
  }
  return node;
}

function child(document: Document.Parsed, parent: Node | null, step: string | number): Node | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isMap(node)) return (pairOf(document, node.items, String(step))?.value as Node | null | undefined) ?? undefined;
  if (isSeq(node)) return node.items[Number(step)] as Node | undefined;
  return undefined;
}

function pairOf(document: Document.Parsed, pairs: readonly Pair[], key: string): Pair | undefined {
  return pairs.find((pair) => {
    const node = isAlias(pair.key) ? pair.key.resolve(document) : pair.key;
    return isScalar(node) && String(node.value) === key;
  });
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
