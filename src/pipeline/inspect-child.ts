import type { Part, Problem } from "../core/part.ts";
import type { ScanStatus } from "../core/records.ts";
import { createEngine, type Engine } from "../detect/engine.ts";
import { summarise } from "../detect/summary.ts";
import { serveChild } from "../extract/child-main.ts";
import { extract } from "../extract/extract.ts";
import { DEFAULT_LIMITS } from "../extract/limits.ts";
import { askForOcr } from "../extract/ocr-link.ts";
import type { ChildReply, ChildRequest } from "./inspect.ts";
import type { Inspection } from "./inspection.ts";
import { sealEvidence } from "./seal-evidence.ts";

/** Compiled engines by policy revision; a change of policy needs the new one, work under way may need the old one. */
const engines = new Map<string, Engine>();
const MOST_ENGINES = 4;

serveChild<ChildRequest, ChildReply>(async (request, signal, parent) => {
  const engine = engineFor(request);
  if (!engine) return { kind: "engine-missing" };
  const { input } = request;
  const extraction = await extract(
    { bytes: input.bytes, name: input.name, as: input.as, skip: request.skip },
    { limits: DEFAULT_LIMITS, ocr: askForOcr(parent), onUnit: (unit) => parent.progress(unit) },
    signal,
  );
  const detection = engine.detect({
    parts: extraction.parts,
    key: input.key,
    ...(input.reveal === true || input.evidenceKey ? { reveal: true } : {}),
  });
  const safe = pathMask(engine);
  const inspection: Inspection = {
    head: extraction.head,
    subject: extraction.head && engine.mask(extraction.head.subject),
    findings: summarise(detection).map((finding) => ({ ...finding, part: safe(finding.part) })),
    evidence: detection.findings.map((finding) => ({ ...finding, part: safe(finding.part) })),
    tallies: detection.tallies.map((tally) => ({ ...tally, part: safe(tally.part) })),
    problems: extraction.problems.map((problem) => ({ ...problem, part: safe(problem.part) })),
    attachments: extraction.attachments.map((fact) => ({ ...fact, path: safe(fact.path), name: safe(fact.name) })),
    origins: originsOf(extraction.parts, safe),
    fingerprint: extraction.fingerprint,
    status: statusOf(extraction.parts, extraction.problems),
    ...(input.evidenceKey && detection.revealed && detection.revealed.length > 0
      ? {
          sealedEvidence: await sealEvidence(input.evidenceKey, {
            subject: extraction.head?.subject ?? "",
            findings: detection.revealed,
          }),
        }
      : {}),
    ...(input.reveal === true && detection.revealed
      ? { revealed: detection.revealed.map((entry) => ({ ...entry, part: safe(entry.part) })) }
      : {}),
  };
  return { kind: "inspection", inspection };
});

function engineFor(request: ChildRequest): Engine | undefined {
  const known = engines.get(request.revision);
  if (known || !request.engine) return known;
  const engine = createEngine(request.engine);
  const [oldest] = engines.keys();
  if (engines.size >= MOST_ENGINES && oldest !== undefined) engines.delete(oldest);
  engines.set(request.revision, engine);
  return engine;
}

/** Names of files may hold what must not be shown; each distinct path is masked once. */
function pathMask(engine: Engine): (path: string) => string {
  const masked = new Map<string, string>();
  return (path) => {
    const known = masked.get(path);
    if (known !== undefined) return known;
    const safe = engine.mask(path);
    masked.set(path, safe);
    return safe;
  };
}

/** The strongest claim on a path wins: text of an attachment over the name of the same attachment. */
function originsOf(parts: readonly Part[], safe: (path: string) => string): Inspection["origins"] {
  const origins = new Map<string, Part["origin"]>();
  for (const part of parts) {
    const path = safe(part.path);
    if (!origins.has(path) || part.origin !== "metadata") origins.set(path, part.origin);
  }
  return [...origins];
}

/** `failed` when nothing was read at all: no part has text, and there is a reason for it. */
function statusOf(parts: readonly Part[], problems: readonly Problem[]): ScanStatus {
  if (problems.length === 0) return "complete";
  return parts.some((part) => part.origin !== "metadata" && part.text.length > 0) ? "partial" : "failed";
}
