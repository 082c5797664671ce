import type { PartOrigin } from "../core/part.ts";
import type { DetectorCondition, DetectorDefinition, Policy, Rule, Scope } from "../core/policy.ts";
import { normalEntry } from "./address-list.ts";
import type { PART_NAMES, PolicyDocument } from "./schema.ts";
import { scopeName } from "./scope-name.ts";

type PartName = (typeof PART_NAMES)[number];

/** What each written part name covers. Text from pictures and from file properties travels in attachments. */
export const ORIGINS: Readonly<Record<PartName, readonly PartOrigin[]>> = {
  subject: ["subject"],
  body: ["body"],
  headers: ["header"],
  attachments: ["attachment", "ocr", "metadata"],
};

/** Where references of a document lead. All of them are known to exist. */
interface Resolver {
  readonly builtInGroups: ReadonlyMap<string, readonly string[]>;
  dictionary(path: string): readonly string[];
}

/** A sound document as the policy that evaluation reads: names normal, groups resolved into detectors. */
export function resolveDocument(document: PolicyDocument, resolver: Resolver): Policy {
  const written = new Map(document.groups.map((group) => [group.id, group.detectors]));
  const members = (id: string): readonly string[] => {
    const direct = written.get(id) ?? resolver.builtInGroups.get(id);
    return direct === undefined ? [id] : [...new Set(direct.flatMap(members))];
  };
  return {
    version: 1,
    internalDomains: [...new Set(document.internalDomains.map(normalEntry))],
    detectors: document.detectors.map((detector) => detectorDefinition(detector, resolver)),
    groups: document.groups,
    rules: document.rules.map((rule) => ruleOf(rule, members)),
    scopes: Object.entries(document.scopes).map(([name, scope]) => scopeOf(name, scope)),
    skipList: document.skipList,
    testNumbers: document.testNumbers,
  };
}

function detectorDefinition(written: PolicyDocument["detectors"][number], resolver: Resolver): DetectorDefinition {
  const { dictionary, ...rest } = written;
  const read =
    dictionary === undefined ? {} : { dictionary: resolver.dictionary(dictionary), dictionaryFile: dictionary };
  return { ...withoutUndefined(rest), ...read };
}

function ruleOf(written: PolicyDocument["rules"][number], members: (id: string) => readonly string[]): Rule {
  const { parts, attachments, detectors, recipients, senders, ...when } = written.when;
  return {
    ...written,
    when: {
      ...withoutUndefined(when),
      detectors: detectors.map((condition) => conditionOf(condition, members)),
      recipients: {
        are: recipients.are,
        domains: recipients.domains.map(normalEntry),
        exceptDomains: recipients.exceptDomains.map(normalEntry),
      },
      parts: { origins: [...new Set(parts)].flatMap((part) => ORIGINS[part]), attachments },
      senders: senders.map(normalEntry),
    },
    except: {
      senders: written.except.senders.map(normalEntry),
      recipients: written.except.recipients.map(normalEntry),
    },
  };
}

function conditionOf(
  written: PolicyDocument["rules"][number]["when"]["detectors"][number],
  members: (id: string) => readonly string[],
): DetectorCondition {
  const { detector, group, ...rest } = written;
  if (group !== undefined) return { detectors: members(group), group, ...rest };
  return { detectors: detector === undefined ? [] : [detector], ...rest };
}

function scopeOf(name: string, written: PolicyDocument["scopes"][string]): Scope {
  // The schema checked every setting's type; its inferred type has lost which belongs to which name.
  const settings = withoutUndefined(written.settings) as Scope["settings"];
  return { name: scopeName(name), settings, ...(written.rules === undefined ? {} : { rules: written.rules }) };
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Optional fields that are absent and not undefined, as `exactOptionalPropertyTypes` asks. */
function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<Value>;
}
