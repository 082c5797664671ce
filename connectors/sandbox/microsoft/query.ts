import { type Call, linkTo, preferredPageSize, prefersText, wantsImmutableIds } from "./call.ts";
import { compileFilter, type Predicate } from "./filter.ts";
import { badRequest, GraphError } from "./graph-error.ts";
import type { View } from "./message-json.ts";

export function selectOf(call: Call): readonly string[] | undefined {
  const select = call.query.get("$select");
  return select ? select.split(",").map((name) => name.trim()) : undefined;
}

export function filterOf(call: Call): Predicate {
  const filter = call.query.get("$filter");
  return filter ? compileFilter(filter) : () => true;
}

/** How messages are to be shown, from `$select`, `$expand` and Prefer. */
export function viewOf(call: Call): View {
  return {
    immutable: wantsImmutableIds(call),
    text: prefersText(call),
    select: selectOf(call),
    properties: expandedProperties(call.query.get("$expand") ?? ""),
  };
}

/** Ids in `singleValueExtendedProperties($filter=id eq '…' or id eq '…')`. */
function expandedProperties(expand: string): readonly string[] {
  const found = /singleValueExtendedProperties\(\s*\$filter=(.*)\)/is.exec(expand)?.[1];
  if (found === undefined) {
    if (/singleValueExtendedProperties/i.test(expand))
      throw badRequest("Extended properties need a $filter on their id.");
    return [];
  }
  return [...found.matchAll(/id\s+eq\s+'((?:[^']|'')*)'/gi)].map((match) => (match[1] ?? "").replaceAll("''", "'"));
}

/** One page of a list and the link to the next one, in Graph's collection shape. */
export async function page<Entity>(
  call: Call,
  entities: readonly Entity[],
  show: (entity: Entity) => object | Promise<object>,
  standardSize: number,
): Promise<object> {
  const skip = Number(call.query.get("$skiptoken") ?? call.query.get("$skip") ?? 0);
  if (!Number.isInteger(skip) || skip < 0) throw badRequest("Invalid value for $skip.");
  const size = pageSize(call, standardSize);
  const value = await Promise.all(entities.slice(skip, skip + size).map(show));
  const next = new URLSearchParams(call.query);
  next.delete("$skip");
  next.set("$skiptoken", String(skip + size));
  return {
    "@odata.context": `${call.graphUrl}/${call.version}/$metadata`,
    ...(call.query.get("$count") === "true" ? { "@odata.count": entities.length } : {}),
    value,
    ...(skip + size < entities.length ? { "@odata.nextLink": linkTo(call, next) } : {}),
  };
}

/** `$top` wins over `odata.maxpagesize`; the sandbox's own limit wins over both. */
export function pageSize(call: Call, standardSize: number): number {
  const top = call.query.get("$top");
  if (top !== null && !/^[1-9]\d{0,2}$|^1000$|^999$/.test(top)) throw badRequest("Invalid value for $top: 1 to 1000.");
  const size = top === null ? (preferredPageSize(call) ?? standardSize) : Number(top);
  return Math.max(1, Math.min(size, call.tenant.quirks.maxPageSize));
}

/** Sorts by `$orderby`. @throws GraphError InefficientFilter when the filter does not name what is sorted by. */
export function sorted<Entity extends object>(
  call: Call,
  entities: readonly Entity[],
  standard: string,
): readonly Entity[] {
  const orderby = call.query.get("$orderby");
  const [property = "", direction = "asc"] = (orderby ?? standard).trim().split(/\s+/);
  const filter = call.query.get("$filter");
  if (orderby !== null && filter !== null && !filter.includes(property)) {
    throw new GraphError(400, "InefficientFilter", "The restriction or sort order is too complex for this operation.");
  }
  const sign = direction.toLowerCase() === "desc" ? -1 : 1;
  const at = (entity: Entity) => String((entity as Record<string, unknown>)[property] ?? "");
  return [...entities].sort((a, b) => sign * (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0));
}
