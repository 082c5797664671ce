import { bodyOf, type VerdictBody } from "../../core/event-bodies.ts";
import type { EventRecord } from "../../core/records.ts";
import { metadataOf } from "../fields/audit.ts";
import { CEF_SEVERITY, externalRecipients, ruleIds, verdictTitle } from "../fields/verdict-facts.ts";
import type { Format } from "../format.ts";

/** A value longer than that is cut with a mark: syslog receivers have limits, ArcSight's string fields 1,023 or more. */
const MOST_CHARACTERS = 1_023;
const CUT_MARK = "...[cut]";

/** ArcSight Common Event Format, CEF:0. One record an event. */
export const cef: Format = (event, { version, run }) => {
  const { signature, name, extension } = describe(event);
  const header = ["CEF:0", "Postern", "Postern", version, signature, name, String(cefSeverity(event))]
    .map(headerValue)
    .join("|");
  const pairs: Pairs = [
    ["rt", event.at.getTime()],
    ["externalId", event.id],
    ["cat", "DLP"],
    ["deviceExternalId", event.tenantId],
    ["cn1Label", "sequence"],
    ["cn1", event.sequence],
    ...extension,
    ...(run === undefined
      ? []
      : ([
          ["flexString1Label", "backfill"],
          ["flexString1", run],
        ] as const)),
  ];
  const written = pairs.flatMap(([key, value]) =>
    value === null || value === "" ? [] : [`${key}=${extensionValue(String(value))}`],
  );
  return [{ text: `${header}|${written.join(" ")}` }];
};

type Pairs = readonly (readonly [key: string, value: string | number | null])[];

interface Description {
  readonly signature: string;
  readonly name: string;
  readonly extension: Pairs;
}

/** 0 to 10. */
export function cefSeverity(event: EventRecord): number {
  const verdict = bodyOf(event, "verdict");
  if (verdict) return CEF_SEVERITY[verdict.verdict];
  if (event.kind === "action") return bodyOf(event, "action")?.state === "done" ? 3 : 6;
  return SEVERITY[event.kind];
}

const SEVERITY = { verdict: 1, action: 6, quarantine: 5, audit: 3, coverage: 7 } as const;

function describe(event: EventRecord): Description {
  const verdict = bodyOf(event, "verdict");
  if (verdict) return ofVerdict(verdict);
  const action = bodyOf(event, "action");
  if (action)
    return {
      signature: "email.dlp.action",
      name: `Action ${action.action}: ${action.state}`,
      extension: [
        ["act", action.action],
        ["outcome", action.state],
        ["reason", action.reason],
        ["duser", action.target],
        ["cs6Label", "finding"],
        ["cs6", action.messageId],
      ],
    };
  const quarantine = bodyOf(event, "quarantine");
  if (quarantine)
    return {
      signature: "email.dlp.quarantine",
      name: `Quarantined mail ${quarantine.state}`,
      extension: [
        ["act", quarantine.state],
        ["suser", quarantine.by],
        ["reason", quarantine.reason],
        ["cs5Label", "quarantine"],
        ["cs5", quarantine.quarantineId],
        ["cs6Label", "finding"],
        ["cs6", quarantine.messageId],
      ],
    };
  const audit = bodyOf(event, "audit");
  return {
    signature: audit ? "email.dlp.audit" : "email.dlp.coverage",
    name: audit ? `Administrator's change: ${audit.change}` : `Gap: ${bodyOf(event, "coverage")?.what ?? "unknown"}`,
    extension: [
      ["act", audit?.change ?? bodyOf(event, "coverage")?.what ?? null],
      ["suser", audit?.by ?? "system"],
      ["msg", JSON.stringify(metadataOf(event))],
    ],
  };
}

function ofVerdict(body: VerdictBody): Description {
  const count = body.findings.reduce((sum, { occurrences }) => sum + occurrences, 0);
  const distinct = body.findings.reduce((sum, finding) => sum + finding.count, 0);
  return {
    signature: "email.dlp.finding",
    name: verdictTitle(body),
    extension: [
      ["suser", body.sender],
      ["duser", externalRecipients(body).join(",") || body.recipients.map(({ address }) => address).join(",")],
      ["act", body.verdict],
      ["outcome", body.status],
      ["msg", body.subject ?? null],
      ["cnt", count],
      ["cs1Label", "policy"],
      ["cs1", body.policyRevision],
      ["cs2Label", "rules"],
      ["cs2", ruleIds(body).join(",")],
      ["cs3Label", "detectors"],
      ["cs3", [...new Set(body.findings.map(({ detector }) => detector))].join(",")],
      ["cs4Label", "masked"],
      ["cs4", body.findings.flatMap(({ masked }) => masked).join(",")],
      ["cs5Label", "messageId"],
      ["cs5", body.internetMessageId],
      ["cs6Label", "finding"],
      ["cs6", body.messageId],
      ["cn2Label", "distinctValues"],
      ["cn2", distinct],
    ],
  };
}

function headerValue(text: string): string {
  return cut(plain(text)).replaceAll("\\", "\\\\").replaceAll("|", "\\|");
}

function extensionValue(text: string): string {
  return cut(text)
    .replaceAll("\\", "\\\\")
    .replaceAll("=", "\\=")
    .replaceAll(/\r\n|\r|\n/g, "\\n")
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ");
}

/** A header has no way to write a line break. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ");
}

function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const kept = text.slice(0, MOST_CHARACTERS - CUT_MARK.length);
  // Not between the halves of a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}${CUT_MARK}`;
}
