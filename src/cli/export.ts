import { PosternError } from "../core/errors.ts";
import { DATASETS, type OutRecord } from "../core/export.ts";
import type { EventRecord } from "../core/records.ts";
import type { FormatContext } from "../export/format.ts";
import { DEFAULT_OUTPUT, type OutputType } from "../export/output-options.ts";
import { openRenderer } from "../export/render.ts";
import type { ApiClient } from "./api-client.ts";
import { pointInTime } from "./time.ts";

/** What the API gives at most. */
const PAGE = 500;

export interface ExportWindow {
  readonly since: Date;
  readonly until: Date;
}

export type Render = (event: EventRecord) => readonly OutRecord[];

export interface ExportSink {
  /** Takes events of one tenant, in order; resolves when there is room for the next. */
  write(events: readonly EventRecord[], render: Render): Promise<void>;
}

interface ShownEvent {
  readonly id: string;
  readonly tenant: string;
  readonly sequence: number;
  readonly at: string;
  readonly kind: EventRecord["kind"];
  readonly body: EventRecord["body"];
  readonly hash: string;
}

/** Sends all events of a window through a sink, a page at a time: memory does not grow with the window. Returns how many. */
export async function exportEvents(
  window: ExportWindow,
  format: Exclude<OutputType, "csv">,
  context: FormatContext,
  client: ApiClient,
  sink: ExportSink,
): Promise<number> {
  const output = { ...DEFAULT_OUTPUT, output_type: format };
  const renderers = DATASETS.map((dataset) =>
    openRenderer({ dataset, output, filter: null }, context, new Uint8Array()),
  );
  const render: Render = (event) => renderers.flatMap((one) => one(event));
  let count = 0;
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      since: window.since.toISOString(),
      until: window.until.toISOString(),
      limit: String(PAGE),
      ...(cursor === null ? {} : { cursor }),
    });
    const page = client.expect(await client.call("GET", `/api/v1/events?${query}`), 200) as {
      readonly items: readonly ShownEvent[];
      readonly next: string | null;
    };
    const events = page.items.map(read);
    for (const tenant of new Set(events.map(({ tenantId }) => tenantId)))
      await sink.write(
        events.filter(({ tenantId }) => tenantId === tenant),
        render,
      );
    count += page.items.length;
    cursor = page.next;
  } while (cursor !== null);
  return count;
}

/** Times as `pointInTime` reads them. @throws PosternError REQUEST_INVALID when one cannot be read or the window is empty. */
export function readWindow(since: string, until: string | undefined, now: Date): ExportWindow {
  const window = { since: pointInTime(since, now), until: until === undefined ? now : pointInTime(until, now) };
  if (window.since >= window.until) throw new PosternError("REQUEST_INVALID", "--since must be before --until");
  return window;
}

function read({ tenant, at, ...rest }: ShownEvent): EventRecord {
  return { ...rest, tenantId: tenant, at: new Date(at) };
}
