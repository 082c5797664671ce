import { stringify } from "yaml";
import type { DetectorCondition, DetectorDefinition, Policy, Rule } from "../core/policy.ts";
import { ORIGINS } from "./resolve.ts";
import { PART_NAMES } from "./schema.ts";

/** Lines longer than this are folded nowhere: a pattern broken over lines would be hard to read and to compare. */
const NO_FOLDING = 0;

/**
 * The policy as a document that `loadPolicy` reads back into an equal policy. Every field is written out, so that
 * a later change of a default changes nothing for those who keep their policy as code.
 */
export function exportPolicy(policy: Policy, format: "yaml" | "json"): string {
  const document = {
    version: policy.version,
    internalDomains: policy.internalDomains,
    detectors: policy.detectors.map(writtenDetector),
    groups: policy.groups,
    rules: policy.rules.map(writtenRule),
    scopes: Object.fromEntries(policy.scopes.map(({ name, ...scope }) => [name, scope])),
    skipList: policy.skipList,
    testNumbers: policy.testNumbers,
  };
  if (format === "json") return `${JSON.stringify(document, null, 2)}\n`;
  return stringify(document, { lineWidth: NO_FOLDING, aliasDuplicateObjects: false });
}

function writtenDetector({ dictionary, dictionaryFile, ...rest }: DetectorDefinition): object {
  if (dictionary === undefined) return rest;
  // Entries that came from no file are words; both match alike.
  return dictionaryFile === undefined ? { ...rest, words: dictionary } : { ...rest, dictionary: dictionaryFile };
}

function writtenRule({ id, description, when, ...options }: Rule): object {
  const { match, detectors, recipients, parts, stages, ...conditions } = when;
  return {
    id,
    description,
    when: {
      match,
      detectors: detectors.flatMap(writtenConditions),
      recipients,
      parts: PART_NAMES.filter((name) => ORIGINS[name].some((origin) => parts.origins.includes(origin))),
      attachments: parts.attachments,
      stages,
      ...conditions,
    },
    ...options,
  };
}

function writtenConditions({ detectors, group, ...rest }: DetectorCondition): readonly object[] {
  return group === undefined ? detectors.map((detector) => ({ detector, ...rest })) : [{ group, ...rest }];
}
