import { setTimeout as pause } from "node:timers/promises";
import type { EventRecord } from "../core/records.ts";
import type { Store } from "../core/store.ts";
import type { DemoTenant } from "./demo-tenants.ts";

const LOOK_EVERY_MS = 150;

/** Prints one line for each event of a tenant until it is told to stop. */
export async function followEvents(
  tenant: DemoTenant,
  store: Pick<Store, "events" | "tenants">,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const stored = (await store.tenants.list()).find((candidate) => candidate.name === tenant.settings.name);
  if (!stored) return;
  let after = 0;
  try {
    while (!signal.aborted) {
      for (const event of await store.events.list(stored.id, after, 100)) {
        const line = describe(event);
        if (line !== null) print(line);
        after = event.sequence;
      }
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function describe({ kind, body }: EventRecord): string | null {
  if (kind === "verdict") {
    const found = (
      body.findings as readonly {
        readonly detector: string;
        readonly count: number;
        readonly part: string;
        readonly confidence: string;
      }[]
    )
      .filter((finding) => finding.confidence !== "low")
      .map((finding) => `${finding.detector} × ${finding.count} in ${finding.part}`);
    return `verdict       ${String(body.sender)}: ${String(body.verdict)}${found.length === 0 ? "" : ` (${found.slice(0, 3).join("; ")})`}`;
  }
  if (kind === "action") {
    const reason = body.reason === null ? "" : ` (${String(body.reason)})`;
    return `action        ${String(body.action)} ${String(body.target)}: ${String(body.state)}${reason}`;
  }
  return kind === "quarantine" ? `quarantine    ${String(body.state)} by ${String(body.by)}` : null;
}
