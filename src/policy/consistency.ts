import { suggestion } from "./nearest.ts";
import { quote } from "./quote.ts";
import { idsOf, isRawMap, mapsOf, type Placed, type RawMap } from "./raw-document.ts";
import { scopeName, scopeNameFault } from "./scope-name.ts";
import { type Path, type PolicyFault, pathText, type Source } from "./source.ts";

const DETECTOR_SOURCES = ["pattern", "words", "dictionary", "exactData", "fingerprint"] as const;

/** Names that the engine and this room bring along, and that a policy must not take. */
interface Reserved {
  readonly detectorIds: ReadonlySet<string>;
  readonly groupIds: ReadonlySet<string>;
}

/** What is wrong between two places of a document: doubles, cycles, one-of. Works on documents of any shape. */
export function inconsistencies(source: Source, reserved: Reserved): readonly PolicyFault[] {
  const document = source.value;
  const detectors = idsOf(document, "detectors");
  const at = ({ path, value: reason }: Placed<string>): PolicyFault => ({
    ...source.place(path),
    path: pathText(path),
    reason,
  });
  return [
    ...[
      ...doubles(detectors, new Map([[reserved.detectorIds, "a built-in detector"]])),
      ...doubles(
        idsOf(document, "groups"),
        new Map([
          [reserved.groupIds, "a built-in group"],
          [reserved.detectorIds, "a built-in detector"],
          [new Set(detectors.map((placed) => placed.value)), "a detector"],
        ]),
      ),
      ...doubles(idsOf(document, "rules"), new Map()),
      ...mapsOf(document, "detectors").flatMap((detector) => oneOf(detector, DETECTOR_SOURCES)),
      ...mapsOf(document, "rules").flatMap(({ value: rule, path }) =>
        mapsOf(rule.when, "detectors", [...path, "when"]).flatMap((item) => oneOf(item, ["detector", "group"])),
      ),
      ...cycles(document),
    ].map(at),
    ...scopeFaults(source),
  ];
}

function doubles(ids: readonly Placed<string>[], taken: ReadonlyMap<ReadonlySet<string>, string>): Placed<string>[] {
  const seen = new Set<string>();
  return ids.flatMap(({ value: id, path }) => {
    const owner = [...taken].find(([names]) => names.has(id))?.[1];
    if (owner !== undefined) return { value: `${quote(id)} is the name of ${owner} already`, path };
    if (seen.has(id)) return { value: `${quote(id)} is defined a second time`, path };
    seen.add(id);
    return [];
  });
}

function oneOf({ value, path }: Placed<RawMap>, keys: readonly string[]): Placed<string>[] {
  const present = keys.filter((key) => value[key] !== undefined);
  if (present.length === 1) return [];
  const second = present[1];
  return second === undefined
    ? [{ value: `needs one of ${keys.join(", ")}`, path }]
    : [{ value: `has ${present.join(" and ")}; only one of them can be`, path: [...path, second] }];
}

/** Groups that contain themselves, each reported once, at its id. */
function cycles(document: unknown): Placed<string>[] {
  const members = new Map<string, readonly unknown[]>();
  for (const { value: group } of mapsOf(document, "groups")) {
    if (typeof group.id === "string" && Array.isArray(group.detectors)) members.set(group.id, group.detectors);
  }
  const reaches = (from: string, target: string): boolean => {
    const seen = new Set<unknown>();
    const open: unknown[] = [...(members.get(from) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === target) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(typeof next === "string" ? (members.get(next) ?? []) : []));
    }
    return false;
  };
  return idsOf(document, "groups").flatMap(({ value: id, path }) =>
    reaches(id, id) ? { value: `the group ${quote(id)} contains itself`, path } : [],
  );
}

function scopeFaults(source: Source): readonly PolicyFault[] {
  const scopes = isRawMap(source.value) ? source.value.scopes : undefined;
  if (!isRawMap(scopes)) return [];
  const seen = new Map<string, string>();
  return Object.keys(scopes).flatMap((written) => {
    const path: Path = ["scopes", written];
    const fault = (reason: string) => ({ ...source.placeOfKey(["scopes"], written), path: pathText(path), reason });
    const reason = scopeNameFault(written);
    if (reason !== undefined) return fault(`${reason}${suggestion(written, ["global"])}`);
    const name = scopeName(written);
    const earlier = seen.get(name);
    if (earlier !== undefined) return fault(`the same scope as ${quote(earlier)}`);
    seen.set(name, written);
    return [];
  });
}
