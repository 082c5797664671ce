import { z } from "zod";
import type { PageRequest } from "../../core/store.ts";

const DEFAULT_LIMIT = 50;
const MOST = 500;

/** Query of every list. */
export const paging = {
  cursor: z.string().min(1).max(1_000).optional().describe("`next` of the page before"),
  limit: wholeNumber(1, MOST, DEFAULT_LIMIT),
};

/** A number as a query writes it. */
function wholeNumber(least: number, most: number, fallback: number) {
  return z
    .string()
    .meta({ type: "integer", minimum: least, maximum: most, default: fallback })
    .transform((text, context) => {
      const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (number >= least && number <= most) return number;
      const found = Number.isNaN(number) ? "a text that is none" : number;
      const message = `expected a whole number from ${least} to ${most}, found ${found}`;
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    })
    .default(fallback);
}

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
