import { isDeepStrictEqual } from "node:util";
import type { Policy, Rule } from "../core/policy.ts";

/** Something that a kept record cannot answer, so that only reading the mail again (`--rescan`) tells. */
export interface RescanNeed {
  readonly rule: string;
  readonly reason: string;
}

/**
 * What a simulation from kept records must leave open: rules that count with detectors which looked different when the
 * mail was scanned, and rules that ask for what records do not keep.
 */
export function rescanNeeds(policy: Policy, scannedUnder: Policy): readonly RescanNeed[] {
  const changed = changedDetectors(policy, scannedUnder);
  return policy.rules.flatMap((rule) => [
    ...usedDetectors(rule)
      .filter((id) => changed.has(id))
      .map((id) => ({ rule: rule.id, reason: `the detector "${id}" is new or changed` })),
    ...unkept(rule).map((what) => ({ rule: rule.id, reason: `records do not keep ${what}` })),
  ]);
}

/** The policy's own detectors that are not the same in the other one; all of them when the words left out differ. */
function changedDetectors(policy: Policy, other: Policy): ReadonlySet<string> {
  const before = new Map(other.detectors.map((detector) => [detector.id, detector]));
  const sameText = isDeepStrictEqual(policy.skipList, other.skipList);
  const changed = policy.detectors.filter(
    (detector) => !sameText || !isDeepStrictEqual(detector, before.get(detector.id)),
  );
  return new Set(changed.map((detector) => detector.id));
}

function usedDetectors(rule: Rule): readonly string[] {
  return [...new Set(rule.when.detectors.flatMap((condition) => condition.detectors))];
}

function unkept({ when, delayEvaluation, action, override }: Rule): readonly string[] {
  return [
    ...(when.largerThan === undefined ? [] : ["the size"]),
    ...(when.hasAttachment === undefined && when.parts.attachments.length === 0 ? [] : ["names of attachments"]),
    ...(when.encrypted === undefined && !delayEvaluation && action !== "must-encrypt" ? [] : ["encryption"]),
    ...(when.detectors.some((condition) => condition.count === "new") ? ["what was quoted"] : []),
    ...(override === "justification" ? ["the sender's justification"] : []),
  ];
}
