import { createHmac } from "node:crypto";
import { bodyOf } from "../core/event-bodies.ts";
import type { EventRecord } from "../core/records.ts";
import type { OutputOptions } from "./output-options.ts";

/** Subject and attachment names are personal data too: as stored (found values masked), as keyed hash, or left out. */
export function withPrivacy(mode: OutputOptions["privacy"], key: Uint8Array): (event: EventRecord) => EventRecord {
  if (mode === "masked") return (event) => event;
  const conceal = (text: string): string | null =>
    mode === "omit" ? null : createHmac("sha256", key).update(text).digest("hex").slice(0, 16);
  const part = (path: string): string => {
    const name = /^attachment:(.*)$/s.exec(path)?.[1];
    if (name === undefined) return path;
    const hidden = conceal(name);
    return hidden === null ? "attachment" : `attachment:${hidden}`;
  };
  return (event) => {
    const body = bodyOf(event, "verdict");
    if (body === undefined) return event;
    const { subject, ...rest } = body;
    const concealed = subject === undefined ? null : conceal(subject);
    return {
      ...event,
      body: {
        ...rest,
        ...(concealed === null ? {} : { subject: concealed }),
        findings: body.findings.map((finding) => ({ ...finding, part: part(finding.part) })),
        problems: body.problems.map((problem) => ({ ...problem, part: part(problem.part) })),
      },
    };
  };
}
