import { z } from "zod";
import { PROBLEM_CODES } from "../core/part.ts";
import { addressFault } from "./address.ts";
import {
  addressOrDomain,
  confidence,
  domain,
  id,
  listOf,
  manager,
  phrase,
  type References,
  textWhere,
} from "./schema-leaves.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

/** Names of parts as users write them. */
export const PART_NAMES = ["subject", "body", "headers", "attachments"] as const;
const STAGES = ["compose", "draft", "outbox", "sent", "file"] as const;
/** Ten years: longer is a slip of the keyboard. */
const MAX_EXPIRY_DAYS = 3650;

/**
 * The written policy with its defaults. Everything that one value alone can be wrong about is checked here;
 * what needs two places (duplicates, cycles, one-of) is in `consistency.ts`.
 */
export function policyDocument(references: References) {
  return z
    .strictObject({
      version: z.literal(1).default(1),
      internalDomains: listOf(domain)
        .default([])
        .describe("Domains that are inside; a connected tenant's verified domains are added by themselves"),
      detectors: listOf(detectorShape(references)).default([]),
      groups: listOf(groupShape(references)).default([]),
      rules: listOf(ruleShape(references)).default([]),
      scopes: z
        .record(z.string(), scopeShape(references))
        .default({})
        .describe("global, domain:corp.example or user:ann@corp.example"),
      skipList: z
        .union([z.literal("default"), listOf(phrase)])
        .default("default")
        .describe("Words left out before matching; default is the 100 commonest English words, [] leaves out none"),
      testNumbers: z
        .enum(["report", "lower", "ignore"])
        .default("report")
        .describe("What becomes of published test numbers such as 4111 1111 1111 1111"),
    })
    .describe("Postern policy");
}

export type PolicyDocument = z.output<ReturnType<typeof policyDocument>>;

function detectorShape(references: References) {
  const pattern = textWhere((text) => (text === "" ? "the pattern is empty" : references.patternFault(text)));
  return z.strictObject({
    id,
    description: z.string().default(""),
    pattern: pattern.optional().describe("RE2 syntax"),
    words: listOf(phrase).min(1).optional().describe("Whole words or phrases, in any case"),
    dictionary: phrase.optional().describe("File with one word or phrase a line"),
    exactData: id.optional().describe("Name of an exact-data set"),
    fingerprint: id.optional().describe("Name of a set of document fingerprints"),
    validator: textWhere((text) =>
      references.isValidator(text) ? undefined : references.unknown("validator", text),
    ).optional(),
    near: z
      .strictObject({
        words: listOf(phrase).min(1),
        within: z.int().min(1).max(10_000).default(100).describe("Characters before or after the match"),
        raises: confidence.default("high"),
      })
      .optional(),
    exclude: listOf(phrase).default([]).describe("Values or RE2 patterns that are no finding"),
    mask: z.enum(["full", "keep-last-4", "none"]).default("keep-last-4"),
    text: z.enum(["normalised", "raw"]).default("normalised"),
  });
}

function groupShape(references: References) {
  const member = textWhere((text) =>
    references.isDetector(text) || references.isGroup(text) ? undefined : references.unknown("detector", text),
  );
  return z.strictObject({ id, detectors: listOf(member).min(1).describe("Ids of detectors or of other groups") });
}

function conditionShape(references: References) {
  return z.strictObject({
    detector: textWhere((text) =>
      references.isDetector(text) ? undefined : references.unknown("detector", text),
    ).optional(),
    group: textWhere((text) => (references.isGroup(text) ? undefined : references.unknown("group", text))).optional(),
    threshold: z.int().min(0).default(0).describe("Matches when more than so many are found"),
    confidence: confidence.default("medium").describe("The least that counts"),
    count: z.enum(["distinct", "all", "new"]).default("distinct"),
  });
}

function whenShape(references: References) {
  return z.strictObject({
    match: z.enum(["any", "all"]).default("any").describe("How several detector conditions combine"),
    detectors: listOf(conditionShape(references)).default([]),
    recipients: z
      .strictObject({
        are: z.enum(["external", "internal", "any"]).default("external"),
        domains: listOf(domain).default([]).describe("Only these; *.example.com includes sub-domains; [] means all"),
        exceptDomains: listOf(domain).default([]),
      })
      .prefault({}),
    parts: listOf(z.enum(PART_NAMES))
      .min(1)
      .default([...PART_NAMES]),
    attachments: listOf(phrase).default([]).describe("Only attachments of these media types or file names (* and ?)"),
    stages: listOf(z.enum(STAGES))
      .min(1)
      .default([...STAGES]),
    problems: listOf(z.enum(PROBLEM_CODES)).default([]).describe("Content that could not be read"),
    encrypted: z.boolean().optional(),
    hasAttachment: z.boolean().optional(),
    largerThan: z.int().min(0).optional().describe("Bytes of the whole message"),
    senders: listOf(addressOrDomain).default([]).describe("Addresses, groups or domains; [] means everybody"),
  });
}

function ruleShape(references: References) {
  return z.strictObject({
    id,
    description: z.string().default(""),
    when: whenShape(references),
    except: z
      .strictObject({ senders: listOf(addressOrDomain).default([]), recipients: listOf(addressOrDomain).default([]) })
      .prefault({}),
    action: z.enum(["warn", "must-encrypt", "quarantine", "block"]),
    delayEvaluation: z.boolean().default(false).describe("Act only if the message cannot be encrypted"),
    split: z.boolean().default(false).describe("Let the allowed recipients of an unsent message have it"),
    override: z.enum(["never", "justification"]).default("never"),
    severity: z.enum(["low", "medium", "high", "critical"]).default("medium"),
    monitor: z.boolean().default(false).describe("Record what would have been decided, do nothing"),
    tell: z
      .record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/), phrase)
      .default({})
      .describe("Text for the sender by language code"),
  });
}

function settingShape(name: string) {
  if (name === "dlp.managers") return listOf(manager);
  if (name === "dlp.manager-fallback") return listOf(textWhere(addressFault));
  if (name === "quarantine.expire-after-days") return z.int().min(0).max(MAX_EXPIRY_DAYS);
  if (name === "notify.digest-after") return z.int().min(0);
  if (name === "guard.max-actions-per-hour") return z.int().min(1);
  return z.boolean();
}

const SETTINGS_SHAPE = z
  .strictObject(Object.fromEntries(Object.keys(DEFAULT_SETTINGS).map((name) => [name, settingShape(name).optional()])))
  .default({});

function scopeShape(references: References) {
  const rule = textWhere((text) => (references.isRule(text) ? undefined : references.unknown("rule", text)));
  return z.strictObject({
    rules: listOf(rule).optional().describe("Replaces what would be inherited, whole; [] selects none"),
    settings: SETTINGS_SHAPE,
  });
}

const ANYTHING: References = {
  isDetector: () => true,
  isGroup: () => true,
  isRule: () => true,
  isValidator: () => true,
  patternFault: () => undefined,
  unknown: () => "",
};

/** JSON Schema (draft 2020-12) of the written policy, for editors and for `/api/policy.schema.json`. */
export const policyJsonSchema: object = {
  ...z.toJSONSchema(policyDocument(ANYTHING), { io: "input" }),
  title: "Postern policy, version 1",
};

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
}

/** The keys that the map at a path of the document may have. */
export function keysAllowedAt(path: readonly (string | number)[]): readonly string[] {
  let node: SchemaNode | undefined = policyJsonSchema;
  for (const step of path) {
    const rest: SchemaNode | boolean | undefined = node?.additionalProperties;
    node =
      typeof step === "number"
        ? node?.items
        : (node?.properties?.[step] ?? (typeof rest === "object" ? rest : undefined));
  }
  return Object.keys(node?.properties ?? {});
}
