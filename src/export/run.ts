import type { Destination } from "../core/export.ts";
import type { ExportDeadLetter, ExportJob, ExportPosition, ExportRun, ExportStore } from "../core/export-store.ts";
import type { Clock } from "../core/ports.ts";
import type { EventStore } from "../core/store.ts";
import { backOffMs } from "./back-off.ts";
import { type BatchLimits, collect } from "./collect.ts";
import { type Delivered, type DeliveryTools, deliver } from "./deliver.ts";
import { storedSettings } from "./job-settings.ts";
import { kindOf, openRenderer, type Renderer } from "./render.ts";
import { shorten } from "./shorten.ts";

export interface RunDependencies {
  readonly exports: ExportStore;
  readonly events: Pick<EventStore, "list" | "append">;
  readonly clock: Clock;
  readonly version: string;
  /** For `privacy: hash`. */
  readonly hashKey: Uint8Array;
}

/** Refusals of everything, in a row, after which the events are parked: about ten minutes of trying. */
const REFUSALS_BEFORE_PARKING = 12;

/** One run of a job in this process. `step` does what is due, once, and says whether there was anything. */
export interface OpenRun {
  step(signal: AbortSignal): Promise<boolean>;
}

export function openRun(
  run: ExportRun,
  job: ExportJob,
  destination: Destination,
  dependencies: RunDependencies,
): OpenRun {
  const { exports, events, clock } = dependencies;
  const settings = storedSettings(job.settings);
  const context = { version: dependencies.version, ...(run.kind === "backfill" ? { run: run.id } : {}) };
  const render: Renderer = openRenderer({ dataset: job.dataset, ...settings }, context, dependencies.hashKey);
  const tools: DeliveryTools = {
    destination,
    runId: run.id,
    frame: {
      prefix: settings.output.batch_prefix,
      suffix: settings.output.batch_suffix,
      delimiter: settings.output.record_delimiter,
      folder: run.kind === "backfill" ? `backfill/${run.id}/` : "",
      ...kindOf(settings.output),
    },
    shortened: (event) => render(shorten(event)),
  };
  const limits: BatchLimits = {
    bytes: Math.min(settings.maxUploadBytes, destination.limits.bytes ?? settings.maxUploadBytes),
    records: Math.min(settings.maxUploadRecords, destination.limits.records ?? settings.maxUploadRecords),
    intervalMs: settings.maxUploadIntervalSeconds * 1_000,
  };
  let failures = 0;
  let refusals = 0;
  let notBefore = 0;
  /** Tenants whose last batch was refused as a whole. */
  const refusing = new Set<string>();

  /** True when it may go on; otherwise waits longer each time. */
  async function succeeded({ trouble }: Delivered): Promise<boolean> {
    if (trouble === null) {
      failures = 0;
      refusals = 0;
      return true;
    }
    failures += 1;
    refusals = trouble.refused ? refusals + 1 : 0;
    notBefore = performance.now() + backOffMs(failures, trouble.afterMs);
    await exports.noteFailure(job.id, trouble.reason, clock.now());
    return false;
  }

  async function advance(position: ExportPosition): Promise<boolean> {
    // What was refused was not taken, so its repeat may be another batch: what stands behind a single bad event shows
    // that the destination is well, and only that event is parked.
    const begun = refusing.has(position.tenantId) ? { ...position, batchEnd: null } : position;
    const batch = await collect(run, begun, limits, render, events, clock.now());
    const from = position.sequence;
    const { tenantId } = position;
    if (batch.missing !== null) return skipLost(tenantId, from, batch.missing);
    if (batch.items.length === 0) {
      if (batch.end === from) return false;
      return exports.advance(run, tenantId, { from, to: batch.end, lines: 0, bytes: 0, parked: [] }, clock.now());
    }
    if (!batch.due) return false;
    if (position.batchEnd !== batch.end) await exports.planBatch(run.id, tenantId, batch.end);
    const delivered = await deliver(batch.items, tools, deliverySignal);
    if (delivered.trouble?.refused === true && delivered.lines === 0) refusing.add(tenantId);
    else refusing.delete(tenantId);
    const given = delivered.trouble?.refused === true && refusals + 1 >= REFUSALS_BEFORE_PARKING;
    if (given) {
      const parked = [
        {
          firstSequence: batch.items[0]?.event.sequence ?? from,
          lastSequence: batch.end,
          reason: delivered.trouble?.reason ?? "refused",
        },
      ];
      await exports.advance(run, tenantId, { from, to: batch.end, lines: 0, bytes: 0, parked }, clock.now());
    } else {
      // With trouble only what was accepted counts; what was refused before anything was accepted is tried again.
      const through = delivered.trouble === null ? batch.end : delivered.lines > 0 ? delivered.through : null;
      if (through !== null && through > from) {
        const parked = delivered.parked.map(({ sequence, reason }) => ({
          firstSequence: sequence,
          lastSequence: sequence,
          reason,
        }));
        const { lines, bytes, pending } = delivered;
        const batchEnd = pending === null ? {} : { batchEnd: pending };
        await exports.advance(run, tenantId, { from, to: through, lines, bytes, parked, ...batchEnd }, clock.now());
      }
    }
    const well = await succeeded(delivered);
    if (given) refusals = 0;
    return well;
  }

  /** Events that retention removed before they were delivered: the loss is an event itself. */
  async function skipLost(
    tenantId: string,
    from: number,
    missing: { readonly first: number; readonly last: number },
  ): Promise<boolean> {
    const moved = await exports.advance(
      run,
      tenantId,
      { from, to: missing.last, lines: 0, bytes: 0, parked: [] },
      clock.now(),
    );
    if (!moved) return false;
    const lost = { first: missing.first, last: missing.last, count: missing.last - missing.first + 1 };
    await events.append(tenantId, "coverage", { what: "export-loss", job: job.id, run: run.id, ...lost }, clock.now());
    return true;
  }

  async function retry(letter: ExportDeadLetter): Promise<boolean> {
    const found = await events.list(
      letter.tenantId,
      letter.firstSequence - 1,
      letter.lastSequence - letter.firstSequence + 1,
    );
    const items = found
      .filter(({ sequence }) => sequence <= letter.lastSequence)
      .map((event) => ({ event, records: render(event) }))
      .filter(({ records }) => records.length > 0);
    const delivered = await deliver(items, tools, deliverySignal);
    if (delivered.trouble !== null && !delivered.trouble.refused) return succeeded(delivered);
    const reason = delivered.parked[0]?.reason ?? delivered.trouble?.reason ?? null;
    await exports.settleDeadLetter(letter.id, reason, clock.now());
    return true;
  }

  let deliverySignal: AbortSignal = AbortSignal.abort();
  return {
    async step(signal) {
      if (performance.now() < notBefore) return false;
      deliverySignal = signal;
      let moved = false;
      const letters = await exports.retrying(run.id);
      for (const letter of letters) {
        if (signal.aborted || performance.now() < notBefore) return moved;
        moved = (await retry(letter)) || moved;
      }
      const positions = await exports.positions(run.id);
      for (const position of positions) {
        if (signal.aborted || performance.now() < notBefore) return moved;
        if (position.sequence < position.last) moved = (await advance(position)) || moved;
      }
      if (
        run.kind === "backfill" &&
        !moved &&
        letters.length === 0 &&
        positions.every(({ sequence, last }) => sequence >= last)
      )
        await exports.changeRun(run.id, "running", "done");
      return moved;
    },
  };
}
