import { bodyOf } from "../core/event-bodies.ts";
import type { EventRecord } from "../core/records.ts";

/** Lists that a shortened verdict keeps the beginning of; all counts stay. */
const KEPT = 5;
/** UTF-16 units of a text that a shortened event keeps. */
const KEPT_CHARACTERS = 500;

/**
 * The event with its long lists and texts cut, for a destination that finds the whole too large. `recipientCount` and
 * `findingCount` still say how many there were, and `truncated` that something is missing.
 */
export function shorten(event: EventRecord): EventRecord {
  const body = bodyOf(event, "verdict");
  if (body)
    return {
      ...event,
      body: {
        ...body,
        ...(body.subject === undefined ? {} : { subject: body.subject.slice(0, KEPT_CHARACTERS) }),
        recipients: body.recipients
          .slice(0, KEPT)
          .map((recipient) => ({ ...recipient, rules: recipient.rules.slice(0, KEPT) })),
        findings: body.findings.slice(0, KEPT).map((finding) => ({
          ...finding,
          part: finding.part.slice(0, KEPT_CHARACTERS),
          masked: finding.masked.slice(0, 1).map((sample) => sample.slice(0, KEPT_CHARACTERS)),
        })),
        problems: body.problems.slice(0, KEPT),
        monitored: body.monitored.slice(0, KEPT),
        evidence: undefined,
        truncated: true,
      },
    };
  const cut = Object.entries(event.body).map(([name, value]) => [name, shortened(value)] as const);
  return { ...event, body: { ...Object.fromEntries(cut), truncated: true } };
}

function shortened(value: unknown): unknown {
  if (typeof value === "string") return value.slice(0, KEPT_CHARACTERS);
  return Array.isArray(value) ? value.slice(0, KEPT).map(shortened) : value;
}
