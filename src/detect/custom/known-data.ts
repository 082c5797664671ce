import { PosternError } from "../../core/errors.ts";
import type { Evidence } from "../../core/finding.ts";
import type { Part } from "../../core/part.ts";
import type { DetectorDefinition } from "../../core/policy.ts";
import { confidenceOf, sumOf } from "../evidence/score.ts";
import { matchExactData } from "../exact/match.ts";
import type { ExactDataTable } from "../exact/table.ts";
import type { Hit } from "../hit.ts";
import { type DocumentFingerprint, matchFingerprint } from "../similar/fingerprint.ts";

/** Tables and documents that the policy's detectors name, by these names. */
export interface KnownData {
  /** The hashed tables, and the key they were hashed with. */
  readonly exactData?: { readonly tables: ReadonlyMap<string, ExactDataTable>; readonly key: Uint8Array };
  /** A name may stand for several documents. */
  readonly fingerprints?: ReadonlyMap<string, readonly DocumentFingerprint[]>;
}

/** A copy of a document: medium from its threshold on, high when half of it or more is there. */
const COPY_WEIGHT = 0.55;
const WHOLE_WEIGHT = 0.4;

/**
 * Finds known values and copies of known documents in one part.
 * @throws PosternError POLICY_INVALID when a detector names data that is not there.
 */
export function createKnownDataScan(
  definitions: readonly DetectorDefinition[],
  known: KnownData,
): (part: Part) => readonly Hit[] {
  const scans = definitions.flatMap((definition) => {
    if (definition.exactData !== undefined) return [exactScan(definition, definition.exactData, known)];
    if (definition.fingerprint !== undefined) return [copyScan(definition, definition.fingerprint, known)];
    return [];
  });
  return (part) => scans.flatMap((scan) => scan(part));
}

function exactScan(
  definition: DetectorDefinition,
  name: string,
  { exactData }: KnownData,
): (part: Part) => readonly Hit[] {
  const table = exactData?.tables.get(name);
  if (exactData === undefined || table === undefined) throw missing(definition.id, `exact data "${name}"`);
  return (part) =>
    matchExactData(table, exactData.key, part.text).map(({ start, end, canonical, why }) =>
      hitOf(definition, start, end, canonical, why),
    );
}

function copyScan(
  definition: DetectorDefinition,
  name: string,
  { fingerprints }: KnownData,
): (part: Part) => readonly Hit[] {
  const documents = fingerprints?.get(name);
  if (documents === undefined) throw missing(definition.id, `fingerprint "${name}"`);
  return (part) =>
    documents.flatMap((document) => {
      const similar = matchFingerprint(document, part.text);
      if (similar === undefined) return [];
      const detail = `${Math.floor(similar.percent)} % of ${document.name}`;
      const weight = COPY_WEIGHT + (WHOLE_WEIGHT * similar.percent) / 100;
      return [hitOf(definition, similar.start, similar.end, document.name, [{ kind: "format", detail, weight }])];
    });
}

function hitOf(
  definition: DetectorDefinition,
  start: number,
  end: number,
  canonical: string,
  why: readonly Evidence[],
): Hit {
  const score = sumOf(why);
  return {
    detector: definition.id,
    mask: definition.mask,
    start,
    end,
    score,
    confidence: confidenceOf(score),
    why,
    canonical,
    custom: true,
  };
}

function missing(detector: string, what: string): PosternError {
  return new PosternError("POLICY_INVALID", `detector ${detector}: ${what} is not loaded`, { details: { detector } });
}
