import type { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import type { Page } from "../../core/store.ts";
import type { paging } from "./paging.ts";

/** A page of a list that is in memory, ordered by id; the cursor names the last item, so that changes do not shift it. */
export function slice<Item extends { readonly id: string }>(
  items: readonly Item[],
  query: { readonly cursor?: string | undefined; readonly limit: z.output<typeof paging.limit> },
): Page<Item> {
  const sorted = items.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const after = query.cursor === undefined ? undefined : decoded(query.cursor);
  const rest = after === undefined ? sorted : sorted.filter((item) => item.id > after);
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return { items: page, next: rest.length > page.length && last ? encoded(last.id) : null };
}

function encoded(id: string): string {
  return Buffer.from(id, "utf8").toString("base64url");
}

function decoded(cursor: string): string {
  const id = Buffer.from(cursor, "base64url").toString("utf8");
  if (encoded(id) !== cursor) throw new PosternError("REQUEST_INVALID", "cursor is not valid");
  return id;
}
