import type { ByteSet, ShapeNode } from "./shape-syntax.ts";

/**
 * The patterns of all shapes as one non-deterministic automaton (K. Thompson, 1968): an instruction reads one byte of a
 * set and goes on, goes two ways without reading, or says that a pattern has matched.
 */
export type Instruction =
  | { readonly kind: "read"; readonly set: number; readonly next: number }
  | { readonly kind: "split"; readonly first: number; readonly second: number }
  | { readonly kind: "matched"; readonly pattern: number };

export interface Program {
  readonly instructions: readonly Instruction[];
  /** Sets that instructions read, each once. */
  readonly sets: readonly ByteSet[];
  /** Where each pattern begins. */
  readonly starts: readonly number[];
}

export function compileProgram(patterns: readonly ShapeNode[]): Program {
  const instructions: Instruction[] = [];
  const sets: ByteSet[] = [];
  const indexes = new Map<ByteSet, number>();
  const names = new Map<string, number>();

  function add(instruction: Instruction): number {
    instructions.push(instruction);
    return instructions.length - 1;
  }

  function setIndex(set: ByteSet): number {
    const known = indexes.get(set);
    if (known !== undefined) return known;
    const name = set.join("");
    const index = names.get(name) ?? sets.push(set) - 1;
    names.set(name, index);
    indexes.set(set, index);
    return index;
  }

  /** Writes what reads `node` and then goes on at `next`; returns where it begins. */
  function compile(node: ShapeNode, next: number): number {
    switch (node.kind) {
      case "bytes":
        return add({ kind: "read", set: setIndex(node.set), next });
      case "sequence":
        return node.items.reduceRight((following, item) => compile(item, following), next);
      case "choice":
        return node.items
          .map((item) => compile(item, next))
          .reduceRight((second, first) => add({ kind: "split", first, second }));
      case "repeat": {
        let begin = next;
        for (let copy = node.most; copy > 0; copy--) {
          begin = compile(node.item, begin);
          if (copy > node.least) begin = add({ kind: "split", first: begin, second: next });
        }
        return begin;
      }
    }
  }

  const starts = patterns.map((tree, pattern) => compile(tree, add({ kind: "matched", pattern })));
  return { instructions, sets, starts };
}
