import { z } from "zod";
import type { PageRequest } from "../../core/store.ts";

const DEFAULT_LIMIT = 50;
const MOST = 500;

/** Query of every list. */
export const paging = {
  cursor: z.string().min(1).max(1_000).optional().describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(MOST).default(DEFAULT_LIMIT),
};

/** Answer of every list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe("cursor of the next page, null on the last"),
  });
}

export function pageRequest(query: { readonly cursor?: string | undefined; readonly limit: number }): PageRequest {
  return { limit: query.limit, ...(query.cursor === undefined ? {} : { cursor: query.cursor }) };
}

/** The object without the keys whose value is undefined, as exact optional properties want it. */
export function defined<Shape extends Record<string, unknown>>(
  shape: Shape,
): { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> } {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Shape]?: Exclude<Shape[Key], undefined>;
  };
}
