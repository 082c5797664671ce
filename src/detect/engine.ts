import type { Detection } from "../core/finding.ts";
import type { Part } from "../core/part.ts";
import type { DetectorDefinition, Policy } from "../core/policy.ts";
import { createBuiltInScan } from "./built-in-scan.ts";
import { createCollector } from "./collect.ts";
import { prepareDefinition } from "./custom/definition.ts";
import { createKnownDataScan, type KnownData } from "./custom/known-data.ts";
import { createCustomScan } from "./custom/scan.ts";
import type { Hit } from "./hit.ts";
import { maskValue } from "./masking.ts";
import { resolveOverlaps } from "./overlaps.ts";
import { builtInDetectors } from "./registry.ts";
import { createSkipList } from "./views/skip-list.ts";

export interface EngineOptions extends KnownData {
  readonly definitions: readonly DetectorDefinition[];
  readonly skipList: Policy["skipList"];
  readonly testNumbers: Policy["testNumbers"];
}

export interface DetectRequest {
  readonly parts: readonly Part[];
  /** Keys the fingerprints; one for each tenant. */
  readonly key: Uint8Array;
  /** Adds the clear values to the result. */
  readonly reveal?: boolean;
}

export interface Engine {
  /** All built-in and all of the policy's detectors on all parts. Cost is linear in the length of the text. */
  detect(request: DetectRequest): Detection;
  /** The text with every value that any detector finds, at low confidence too, replaced by its mask. */
  mask(text: string): string;
}

/**
 * Compiles the detectors once; the engine holds no state between calls.
 * @throws PosternError POLICY_INVALID that names the detector whose pattern, validator or data cannot be used.
 */
export function createEngine(options: EngineOptions): Engine {
  const skip = createSkipList(options.skipList);
  const scanBuiltIn = createBuiltInScan(builtInDetectors, options.testNumbers);
  const scanCustom = createCustomScan(
    options.definitions.map((definition) => prepareDefinition(definition, skip)),
    skip,
  );
  const scanKnownData = createKnownDataScan(options.definitions, options);
  const scan = (part: Part): readonly Hit[] =>
    resolveOverlaps([...scanBuiltIn(part), ...scanCustom(part), ...scanKnownData(part)]);

  return {
    detect({ parts, key, reveal }) {
      const collector = createCollector(key, reveal ?? false);
      for (const part of parts) collector.add(part, scan(part));
      return collector.finish();
    },
    mask(text) {
      return maskHits(text, scan({ path: "", origin: "metadata", text, layout: "prose", mediaType: "text/plain" }));
    },
  };
}

/** Hits come in the order of their place; of those that overlap the first and longest decides. */
function maskHits(text: string, hits: readonly Hit[]): string {
  let result = "";
  let at = 0;
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (hit.end <= at) continue;
    const start = Math.max(at, hit.start);
    result += text.slice(at, start) + maskValue(text.slice(start, hit.end), hit.mask);
    at = hit.end;
  }
  return result + text.slice(at);
}
