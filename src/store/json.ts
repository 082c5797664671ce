/** PostgreSQL's text cannot hold NUL, its jsonb neither that nor half of a surrogate pair; hostile mail has both. */
const REPLACEMENT = "\u{fffd}";

/** JSON for a jsonb parameter, with what PostgreSQL refuses replaced by U+FFFD. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "string" ? storable(inner) : inner));
}

/** Text as the database can hold it. */
export function storable(text: string): string {
  return text.replaceAll("\0", REPLACEMENT).replace(/\p{Surrogate}/gu, REPLACEMENT);
}

/** A query parameter as it is, or without NUL when it is text. */
export function withoutNul(parameter: unknown): unknown {
  return typeof parameter === "string" && parameter.includes("\0") ? storable(parameter) : parameter;
}

/** JSON with the keys of every object in code-unit order: equal values give equal text, as hashing needs. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
