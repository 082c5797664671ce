import RE2 from "re2";
import { PosternError } from "../../core/errors.ts";
import type { DetectorDefinition } from "../../core/policy.ts";
import { compact, type Validator } from "../detector.ts";
import { createKeywordMatcher, type KeywordMatcher } from "../evidence/keywords.ts";
import { checkPattern } from "../patterns.ts";
import { validators } from "../validators/registry.ts";
import { normalisedView } from "../views/normalised.ts";
import { type SkipList, skipInPattern } from "../views/skip-list.ts";

/** An administrator's pattern or word list, ready for matching. */
export interface CustomDetector {
  readonly definition: DetectorDefinition;
  /** As the text view needs it; undefined for word lists. */
  readonly pattern: string | undefined;
  /** Normalised entries; undefined for patterns. */
  readonly words: readonly string[] | undefined;
  readonly validator: Validator | undefined;
  readonly near: KeywordMatcher | undefined;
  /** True for a value that is listed under `exclude`. */
  readonly isExcluded: (value: string) => boolean;
}

/** @throws PosternError POLICY_INVALID that names the detector. */
export function prepareDefinition(definition: DetectorDefinition, skip: SkipList): CustomDetector {
  const normalise = (text: string): string => normalisedView(text, skip).text.trim();
  const words = definition.words ?? definition.dictionary;
  const validator = definition.validator === undefined ? undefined : validators.get(definition.validator);
  if (definition.validator !== undefined && validator === undefined) {
    throw invalid(definition.id, `there is no validator "${definition.validator}"`);
  }
  return {
    definition,
    pattern: definition.pattern === undefined ? undefined : preparePattern(definition, definition.pattern, skip),
    words: words?.map(normalise).filter((word) => word !== ""),
    validator,
    near: definition.near && createKeywordMatcher(definition.near.words.map((word) => word.toLowerCase())),
    isExcluded: prepareExclusions(definition, normalise),
  };
}

function preparePattern(definition: DetectorDefinition, pattern: string, skip: SkipList): string {
  const fault = checkPattern(pattern);
  if (fault !== undefined) throw invalid(definition.id, `pattern, position ${fault.position}: ${fault.reason}`);
  if (definition.text === "raw") return pattern;
  const skipped = skipInPattern(pattern, skip);
  return checkPattern(skipped) === undefined ? skipped : pattern;
}

/** Each exclusion is a value or a pattern for the whole value; both without regard to case. */
function prepareExclusions(
  definition: DetectorDefinition,
  normalise: (text: string) => string,
): CustomDetector["isExcluded"] {
  if (definition.exclude.length === 0) return () => false;
  const values = new Set(
    definition.exclude.flatMap((value) => [normalise(value), compact(value)]).filter((v) => v !== ""),
  );
  const patterns = definition.exclude
    .filter((pattern) => checkPattern(pattern) === undefined)
    .map((pattern) => new RE2(`^(?:${pattern})$`, "iu"));
  return (value) => {
    const normalised = normalise(value);
    return (
      values.has(normalised) ||
      (compact(value) !== "" && values.has(compact(value))) ||
      patterns.some((pattern) => pattern.test(value) || pattern.test(normalised))
    );
  };
}

function invalid(detector: string, reason: string): PosternError {
  return new PosternError("POLICY_INVALID", `detector ${detector}: ${reason}`, { details: { detector } });
}
