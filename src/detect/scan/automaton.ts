import { IS_WORD, JOINS } from "../views/bytes.ts";
import type { Program } from "./program.ts";

/** States kept; then all are forgotten and learned anew. Mail meets some 2,000. Each takes half a kilobyte and more. */
const MAX_STATES = 32_768;
const FIRST_CAPACITY = 512;

/** In the table of transitions: nothing can match any more, and not worked out yet. */
const DEAD = 0;
const UNKNOWN = -1;

/** Where a match may end: at a word boundary, anywhere, or where prose has the end of a word. */
export type PatternEnd = "boundary" | "anywhere" | "word";

/** Patterns that begin together. */
export interface Beginning {
  readonly patterns: readonly number[];
  /** 1 for each byte with which any of them may begin. */
  readonly mayBegin: Uint8Array;
  /** The state before the first byte; changes when states are forgotten. */
  state: number;
}

/** Called for each pattern that has matched, with the end of its longest match. */
export type OnAccepted = (pattern: number, end: number) => void;

/** A program run as a deterministic automaton, whose states are worked out when they are first met. */
export interface Automaton {
  beginning(patterns: readonly number[]): Beginning;
  /** Reads from `at` on, until no pattern of the beginning can match any more, `most` bytes at most. */
  read(bytes: Uint8Array, at: number, most: number, beginning: Beginning, onAccepted: OnAccepted): void;
  /** States known so far; for tests. */
  size(): number;
}

const NONE: readonly number[] = [];

/** @param ends where each pattern may end. */
export function createAutomaton(
  program: Program,
  ends: readonly PatternEnd[],
  maxStates: number = MAX_STATES,
): Automaton {
  const { classOf, representatives } = byteClasses(program);
  // A power of two: a state is the place of its row in the table, with the lowest bit free to say that it accepts.
  const width = 2 ** Math.ceil(Math.log2(representatives.length + 1));
  let table = new Int32Array(0);
  let instructionsOf: (readonly number[])[] = [];
  let matchedIn: (readonly number[])[] = [];
  let states = new Map<string, number>();
  const beginnings = new Map<string, Beginning>();

  const marks = new Uint32Array(program.instructions.length);
  let mark = 0;
  const lastEnd = new Float64Array(program.starts.length);
  const accepted: number[] = [];

  /** Adds the instruction, or what it leads to without reading. */
  function follow(at: number, into: number[]): void {
    if (marks[at] === mark) return;
    marks[at] = mark;
    const instruction = program.instructions[at];
    if (instruction?.kind === "split") {
      follow(instruction.first, into);
      follow(instruction.second, into);
    } else into.push(at);
  }

  /** The row of the state with these instructions, its lowest bit set where a pattern has matched. */
  function stateOf(instructions: number[]): number {
    const ordered = Uint16Array.from(instructions).sort();
    const name = String.fromCharCode(...ordered);
    const found = states.get(name);
    if (found !== undefined) return found;
    const index = instructionsOf.length;
    if ((index + 1) * width > table.length) {
      const grown = new Int32Array(Math.max(FIRST_CAPACITY * width, table.length * 2)).fill(UNKNOWN);
      grown.set(table);
      table = grown;
    }
    const matched = instructions.flatMap((at) => {
      const instruction = program.instructions[at];
      return instruction?.kind === "matched" ? [instruction.pattern] : [];
    });
    instructionsOf.push(instructions);
    matchedIn.push(matched.length === 0 ? NONE : matched);
    const state = index * width + (matched.length === 0 ? 0 : 1);
    states.set(name, state);
    return state;
  }

  function forget(): void {
    table = new Int32Array(0);
    instructionsOf = [];
    matchedIn = [];
    states = new Map();
    stateOf([]);
    table.fill(DEAD, 0, width);
    for (const beginning of beginnings.values()) beginning.state = stateBefore(beginning.patterns);
  }

  function stateBefore(patterns: readonly number[]): number {
    const first: number[] = [];
    mark++;
    for (const pattern of patterns) follow(program.starts[pattern] ?? 0, first);
    return stateOf(first);
  }

  /** Works out a transition. `place` is that of the table. */
  function learn(place: number): number {
    const byte = representatives[place % width] ?? 0;
    const reached: number[] = [];
    mark++;
    for (const at of instructionsOf[Math.floor(place / width)] ?? NONE) {
      const instruction = program.instructions[at];
      if (instruction?.kind === "read" && program.sets[instruction.set]?.[byte] === 1)
        follow(instruction.next, reached);
    }
    if (instructionsOf.length >= maxStates) {
      forget();
      return stateOf(reached);
    }
    const target = stateOf(reached);
    table[place] = target;
    return target;
  }

  /** Notes the ends of what has matched in `state`. */
  function accept(state: number, bytes: Uint8Array, end: number): void {
    const last = bytes[end - 1] ?? 0;
    const next = bytes[end] ?? 0;
    for (const pattern of matchedIn[Math.floor(state / width)] ?? NONE) {
      if (!mayEnd(ends[pattern] ?? "boundary", last, next)) continue;
      if (lastEnd[pattern] === 0) accepted.push(pattern);
      lastEnd[pattern] = end;
    }
  }

  forget();
  return {
    beginning(patterns) {
      const name = patterns.join(",");
      const known = beginnings.get(name);
      if (known !== undefined) return known;
      const state = stateBefore(patterns);
      const mayBegin = firstBytes(program, instructionsOf[Math.floor(state / width)] ?? NONE);
      const beginning: Beginning = { patterns, mayBegin, state };
      beginnings.set(name, beginning);
      return beginning;
    },
    read(bytes, at, most, beginning, onAccepted) {
      const limit = Math.min(bytes.length, at + most);
      let state = beginning.state;
      for (let position = at; position < limit; ) {
        const place = (state & ~1) + (classOf[bytes[position++] as number] as number);
        state = table[place] as number;
        if (state === UNKNOWN) state = learn(place);
        if (state === DEAD) break;
        if ((state & 1) === 1) accept(state, bytes, position);
      }
      if (accepted.length === 0) return;
      for (const pattern of accepted.splice(0)) {
        const end = lastEnd[pattern] ?? 0;
        lastEnd[pattern] = 0;
        onAccepted(pattern, end);
      }
    },
    size: () => instructionsOf.length,
  };
}

function mayEnd(end: PatternEnd, last: number, next: number): boolean {
  if (end === "boundary") return IS_WORD[last] !== IS_WORD[next];
  return end === "anywhere" || JOINS[last] === 0 || JOINS[next] === 0;
}

function firstBytes({ instructions, sets }: Program, at: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(256);
  const read = new Set<number>();
  for (const index of at) {
    const instruction = instructions[index];
    if (instruction?.kind === "read") read.add(instruction.set);
  }
  for (const set of read) for (const [byte, member] of sets[set]?.entries() ?? []) if (member === 1) bytes[byte] = 1;
  return bytes;
}

/** Bytes that every set treats alike are one class. */
function byteClasses({ sets }: Program): { readonly classOf: Uint8Array; readonly representatives: readonly number[] } {
  const classOf = new Uint8Array(256);
  const representatives: number[] = [];
  const classes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const name = sets.map((set) => set[byte]).join("");
    const index = classes.get(name) ?? representatives.push(byte) - 1;
    classes.set(name, index);
    classOf[byte] = index;
  }
  return { classOf, representatives };
}
