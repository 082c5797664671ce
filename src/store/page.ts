import { PosternError } from "../core/errors.ts";
import type { Page, PageRequest } from "../core/store.ts";

/** The last row of the page before, by which the next begins. */
export interface Place {
  readonly at: Date;
  readonly id: string;
}

const MAX_LIMIT = 500;

/** @throws PosternError REQUEST_INVALID unless 1 to 500. */
export function limitOf(page: PageRequest): number {
  if (Number.isInteger(page.limit) && page.limit >= 1 && page.limit <= MAX_LIMIT) return page.limit;
  throw new PosternError("REQUEST_INVALID", `limit must be a whole number from 1 to ${MAX_LIMIT}`);
}

/** @throws PosternError REQUEST_INVALID when the cursor is not one that we gave out. */
export function placeOf(page: PageRequest): Place | undefined {
  if (page.cursor === undefined) return undefined;
  const [time = "", ...rest] = Buffer.from(page.cursor, "base64url").toString("utf8").split(".");
  const at = new Date(Number.parseInt(time, 36));
  const id = rest.join(".");
  if (id === "" || Number.isNaN(at.getTime()) || cursorOf({ at, id }) !== page.cursor) {
    throw new PosternError("REQUEST_INVALID", "cursor is not valid");
  }
  return { at, id };
}

/** Cuts one row that was read beyond the limit, which only says that there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => Place,
  toItem: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    items: kept.map(toItem),
    next: rows.length > limit && last !== undefined ? cursorOf(place(last)) : null,
  };
}

function cursorOf(place: Place): string {
  return Buffer.from(`${place.at.getTime().toString(36)}.${place.id}`, "utf8").toString("base64url");
}
