import { createHash } from "node:crypto";
import type { Dataset, OutRecord } from "../core/export.ts";
import type { EventRecord } from "../core/records.ts";
import { datasetOf, FIELDS } from "./datasets.ts";
import { compileFilter, type Filter } from "./filter.ts";
import type { Format, FormatContext } from "./format.ts";
import { cef, cefSeverity } from "./formats/cef.ts";
import { ecs } from "./formats/ecs.ts";
import { csvCells, jsonMembers, templated } from "./formats/native.ts";
import { ocsf } from "./formats/ocsf.ts";
import type { OutputOptions, OutputType } from "./output-options.ts";
import { withPrivacy } from "./privacy.ts";

export interface RenderSettings {
  readonly dataset: Dataset;
  readonly output: OutputOptions;
  readonly filter: Filter | null;
}

/** The records of an event as a job wants them; empty for events that it does not want. */
export type Renderer = (event: EventRecord) => readonly OutRecord[];

/** @param hashKey for `privacy: hash`. */
export function openRenderer(settings: RenderSettings, context: FormatContext, hashKey: Uint8Array): Renderer {
  const { dataset, output } = settings;
  const matches = compileFilter(settings.filter, dataset);
  const conceal = withPrivacy(output.privacy, hashKey);
  const format = formatOf(dataset, output);
  const { prefix, suffix } = framesOf(output);
  return (event) => {
    if (datasetOf(event) !== dataset || !matches(event) || !isSampled(event.id, output.sample_rate)) return [];
    const shown = conceal(event);
    const severity = cefSeverity(shown);
    return format(shown, context).map((formatted) => {
      const text = prefix + formatted.text + suffix;
      return {
        id: event.id + (formatted.suffix ?? ""),
        sequence: event.sequence,
        at: event.at,
        text: output["CVE-2021-44228"] ? text.replaceAll("${", "x{") : text,
        severity,
      };
    });
  };
}

/** Media type of a batch, and whether each of its records is one JSON value. */
export function kindOf(output: OutputOptions): { readonly json: boolean; readonly contentType: string } {
  if (output.output_type === "csv") return { json: false, contentType: "text/csv" };
  const { prefix, suffix } = framesOf(output);
  const json =
    output.output_type === "ndjson"
      ? output.record_template === undefined &&
        prefix === "{" &&
        suffix.trim() === "}" &&
        output.field_delimiter === ","
      : output.output_type !== "cef" && prefix.trim() === "" && suffix.trim() === "";
  return { json, contentType: json ? "application/x-ndjson" : "text/plain" };
}

function formatOf(dataset: Dataset, output: OutputOptions): Format {
  const others: Readonly<Record<Exclude<OutputType, "ndjson" | "csv">, Format>> = { ocsf, ecs, cef };
  if (output.output_type !== "ndjson" && output.output_type !== "csv") return others[output.output_type];
  const options = {
    fields: output.field_names ?? FIELDS[dataset].map(({ name }) => name),
    timestamps: output.timestamp_format,
    delimiter: output.field_delimiter,
  };
  if (output.record_template !== undefined) return templated(dataset, output.record_template, options);
  return output.output_type === "csv" ? csvCells(dataset, options) : jsonMembers(dataset, options);
}

function framesOf(output: OutputOptions): { readonly prefix: string; readonly suffix: string } {
  if (output.record_template !== undefined) return { prefix: "", suffix: output.record_suffix ?? "\n" };
  const native = output.output_type === "ndjson";
  return {
    prefix: output.record_prefix ?? (native ? "{" : ""),
    suffix: output.record_suffix ?? (native ? "}\n" : "\n"),
  };
}

/** By the id, so that a repeat chooses the same events. */
function isSampled(id: string, rate: number): boolean {
  if (rate >= 1) return true;
  return createHash("sha256").update(id).digest().readUInt32BE(0) / 2 ** 32 < rate;
}
