import type { Path } from "./source.ts";

/** A map of the document before anything is known about its shape. */
export type RawMap = Readonly<Record<string, unknown>>;

/** A value found in the raw document, with the way to it. */
export interface Placed<Value> {
  readonly value: Value;
  readonly path: Path;
}

/** The items of a list that may not be one. */
export function itemsOf(parent: unknown, key: string, path: Path = []): readonly Placed<unknown>[] {
  const list = isRawMap(parent) ? parent[key] : undefined;
  return Array.isArray(list) ? list.map((value: unknown, index) => ({ value, path: [...path, key, index] })) : [];
}

/** Those items that are maps. */
export function mapsOf(parent: unknown, key: string, path: Path = []): readonly Placed<RawMap>[] {
  return itemsOf(parent, key, path).flatMap(({ value, path: at }) => (isRawMap(value) ? [{ value, path: at }] : []));
}

/** The text ids of the maps in a list. */
export function idsOf(document: unknown, key: string): readonly Placed<string>[] {
  return mapsOf(document, key).flatMap(({ value, path }) =>
    typeof value.id === "string" ? [{ value: value.id, path: [...path, "id"] }] : [],
  );
}

export function isRawMap(value: unknown): value is RawMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
