import type { OffsetMap } from "../views/offset-map.ts";

/** Where the words of some lists stand in a text, in original offsets, as a scan has met them from left to right. */
export interface KeywordPlaces {
  add(list: number, start: number, end: number): void;
  /** The last one of the list that ends at or before `offset`, not before `from`. */
  before(list: number, offset: number, from: number): Place | undefined;
  /** The first one that begins at or behind `offset`, and ends at or before `to`. */
  after(list: number, offset: number, to: number): Place | undefined;
}

export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Numbers in pairs, start and end, that grow as they come: eight bytes for each keyword. */
interface Pairs {
  numbers: Uint32Array;
  length: number;
}

const FIRST_CAPACITY = 16;

export function createKeywordPlaces(map: OffsetMap): KeywordPlaces {
  const lists = new Map<number, Pairs>();

  function placeAt({ numbers }: Pairs, index: number): Place {
    return { start: map.start(numbers[index * 2] ?? 0), end: map.end(numbers[index * 2 + 1] ?? 0) };
  }

  /** Index of the first place that begins at or behind the offset. */
  function firstFrom(pairs: Pairs, offset: number): number {
    let low = 0;
    let high = pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (map.start(pairs.numbers[middle * 2] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    add(list, start, end) {
      const pairs = lists.get(list) ?? { numbers: new Uint32Array(FIRST_CAPACITY), length: 0 };
      lists.set(list, pairs);
      if (pairs.length * 2 === pairs.numbers.length) {
        const grown = new Uint32Array(pairs.numbers.length * 2);
        grown.set(pairs.numbers);
        pairs.numbers = grown;
      }
      pairs.numbers[pairs.length * 2] = start;
      pairs.numbers[pairs.length * 2 + 1] = end;
      pairs.length++;
    },
    before(list, offset, from) {
      const pairs = lists.get(list);
      if (pairs === undefined) return undefined;
      // The one that begins last may be longer than the room before the offset; then the one before it counts.
      const behind = firstFrom(pairs, offset);
      for (let index = behind - 1; index >= 0; index--) {
        const place = placeAt(pairs, index);
        if (place.start < from) return undefined;
        if (place.end <= offset) return place;
      }
      return undefined;
    },
    after(list, offset, to) {
      const pairs = lists.get(list);
      if (pairs === undefined) return undefined;
      const index = firstFrom(pairs, offset);
      if (index === pairs.length) return undefined;
      const place = placeAt(pairs, index);
      return place.end <= to ? place : undefined;
    },
  };
}
