import { performance } from "node:perf_hooks";

/** Long enough to be measured, short enough to be waited for with hundreds of patterns. */
const MEASURED_UNITS = 262_144;

/** Milliseconds that a scan takes for a megabyte of such text; measured on the text repeated to a quarter of it. */
export function millisecondsPerMegabyte(scan: (text: string) => void, text: string): number {
  if (text === "") return 0;
  const long = text.repeat(Math.max(1, Math.floor(MEASURED_UNITS / text.length)));
  const begin = performance.now();
  scan(long);
  const megabytes = Buffer.byteLength(long, "utf8") / 1_000_000;
  return Math.round(((performance.now() - begin) / megabytes) * 100) / 100;
}
