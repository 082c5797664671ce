import { z } from "zod";

const FORM = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/i;

/** A point in time that a request names: RFC 3339, or a date, which is its midnight in UTC. */
export function time() {
  return z
    .string()
    .meta({ format: "date-time" })
    .transform((text, context) => {
      const at = new Date(text);
      if (FORM.test(text) && isOnCalendar(text) && !Number.isNaN(at.getTime())) return at;
      const found = text === "" ? "an empty text" : "a text that is none";
      const message = `expected a time such as 2026-11-30T12:00:00Z or 2026-11-30, found ${found}`;
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    });
}

/** `Date` counts 31 June on into July. */
function isOnCalendar(text: string): boolean {
  const date = text.slice(0, 10);
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}
