import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDestination } from "../../connectors/destinations/open.ts";
import { openApiClient } from "../cli/api-client.ts";
import { type ExportSink, exportEvents, readWindow } from "../cli/export.ts";
import { PosternError } from "../core/errors.ts";
import type { Destination } from "../core/export.ts";
import type { EventRecord } from "../core/records.ts";
import { backOffMs } from "../export/back-off.ts";
import type { Item } from "../export/collect.ts";
import { deliver } from "../export/deliver.ts";
import { DEFAULT_OUTPUT, type OutputType } from "../export/output-options.ts";
import { kindOf } from "../export/render.ts";
import { shorten } from "../export/shorten.ts";
import { apiAddress, errorLine } from "./command-line.ts";
import { readConfig } from "./config.ts";
import { destinationSettings } from "./export.ts";
import { fileTrouble } from "./read-text.ts";
import { VERSION } from "./version.ts";

/** About two minutes of trying the same events. */
const MOST_ATTEMPTS = 8;

export interface ExportOptions {
  readonly since: string;
  readonly until?: string;
  readonly format: Exclude<OutputType, "csv">;
  readonly to?: string;
}

type ClosableSink = ExportSink & { close(): Promise<void> };

/** 0 all delivered, 2 an error: some or all were not. */
export async function exportPast(options: ExportOptions): Promise<0 | 2> {
  const config = readConfig(process.env, process.cwd());
  const window = readWindow(options.since, options.until, new Date());
  const client = openApiClient(apiAddress(config), config.POSTERN_ADMIN_TOKEN);
  const run = randomUUID();
  const parked: string[] = [];
  const sink: ClosableSink =
    options.to === undefined || options.to === "-"
      ? toStream(process.stdout, false)
      : options.to.startsWith("file:") || !options.to.includes("://")
        ? toStream(createWriteStream(pathOf(options.to), { mode: 0o600 }), true)
        : toDestination(openDestination(options.to, destinationSettings(config)), options.format, run, parked);
  let count: number;
  try {
    count = await exportEvents(window, options.format, { version: VERSION, run }, client, sink);
  } finally {
    await sink.close();
  }
  errorLine(`${count} events exported`);
  for (const line of parked) errorLine(line);
  return parked.length === 0 ? 0 : 2;
}

function toStream(stream: NodeJS.WritableStream, owned: boolean): ClosableSink {
  let failure: Error | undefined;
  stream.on("error", (error: Error) => {
    failure = error;
  });
  return {
    async write(events, render) {
      if (failure) throw new PosternError("REQUEST_INVALID", `the output cannot be written: ${fileTrouble(failure)}`);
      const text = events.flatMap((event) => render(event).map((record) => record.text)).join("");
      if (text !== "" && !stream.write(text) && !failure) await once(stream, "drain");
    },
    async close() {
      if (!owned) return;
      stream.end();
      await finished(stream).catch((error: Error) => {
        throw new PosternError("REQUEST_INVALID", `the output cannot be written: ${fileTrouble(error)}`);
      });
    },
  };
}

/** Delivers each page before the next is read; tries again as the service's jobs do. */
function toDestination(destination: Destination, format: OutputType, run: string, parked: string[]): ClosableSink {
  const frame = {
    prefix: "",
    suffix: "",
    delimiter: "",
    folder: "",
    ...kindOf({ ...DEFAULT_OUTPUT, output_type: format }),
  };
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort());
  return {
    async write(events, render) {
      let left: readonly Item[] = events.map((event) => ({ event, records: render(event) }));
      const shortened = (event: EventRecord) => render(shorten(event));
      for (let attempt = 1; left.length > 0; attempt++) {
        const done = await deliver(left, { destination, runId: run, frame, shortened }, stopping.signal);
        const { through, trouble } = done;
        if (trouble === null || done.lines > 0)
          for (const { sequence, reason } of done.parked) parked.push(`event ${sequence} was not taken: ${reason}`);
        if (trouble === null) return;
        if (attempt >= MOST_ATTEMPTS || stopping.signal.aborted)
          throw new PosternError("PROVIDER_UNAVAILABLE", `the destination did not take the events: ${trouble.reason}`);
        const last = left.findIndex(({ event }) => done.lines > 0 && event.sequence === through);
        left = left.slice(last + 1);
        await pause(backOffMs(attempt, trouble.afterMs));
      }
    },
    close: () => destination.close(),
  };
}

function pathOf(to: string): string {
  return to.startsWith("file:") ? fileURLToPath(new URL(to)) : to;
}
