import type { Dataset } from "../../core/export.ts";
import type { EventRecord } from "../../core/records.ts";
import { FIELDS } from "../datasets.ts";
import type { Field } from "../fields/field.ts";
import { backfillMark, type Format, type FormatContext } from "../format.ts";
import { type TimestampFormat, timestamp } from "../timestamp.ts";
import { csvCell } from "./csv-cell.ts";
import { readTemplate } from "./template.ts";

export interface NativeOptions {
  readonly fields: readonly string[];
  readonly timestamps: TimestampFormat;
  /** Between fields. */
  readonly delimiter: string;
}

/** Name of the mark that a backfill adds; no data set has a field of this name. */
const MARK = "export";

/** JSON members without the braces: prefix and suffix of the job put them around (`{` and `}\n` by default). */
export function jsonMembers(dataset: Dataset, options: NativeOptions): Format {
  const fields = chosen(dataset, options.fields).map(({ name, of }) => ({ key: `${JSON.stringify(name)}:`, of }));
  return (event, context) => {
    const members = fields.map(({ key, of }) => key + JSON.stringify(written(of(event), options.timestamps)));
    if (context.run !== undefined) members.push(`"${MARK}":${JSON.stringify(backfillMark(context.run))}`);
    return [{ text: members.join(options.delimiter) }];
  };
}

/** Cells in the order of the fields; a backfill adds one more, with its run's id. */
export function csvCells(dataset: Dataset, options: NativeOptions): Format {
  const fields = chosen(dataset, options.fields);
  return (event, context) => {
    const cells = fields.map(({ of }) => csvCell(written(of(event), options.timestamps), options.delimiter));
    if (context.run !== undefined) cells.push(csvCell(`backfill ${context.run}`, options.delimiter));
    return [{ text: cells.join(options.delimiter) }];
  };
}

/** Logpush's `record_template`: constant text and `{{ .Field }}`, each replaced by the field's JSON value. */
export function templated(dataset: Dataset, source: string, options: NativeOptions): Format {
  const fields = new Map(chosen(dataset, options.fields).map((field) => [field.name, field]));
  const pieces = readTemplate(source);
  return (event: EventRecord, context: FormatContext) => {
    const mark = context.run === undefined ? null : backfillMark(context.run);
    const text = pieces.map((piece) => {
      if (piece.kind === "text") return piece.text;
      const value = piece.name === MARK ? mark : (fields.get(piece.name)?.of(event) ?? null);
      return JSON.stringify(written(value, options.timestamps));
    });
    return [{ text: text.join("") }];
  };
}

function chosen(dataset: Dataset, names: readonly string[]): readonly Field[] {
  const known = new Map(FIELDS[dataset].map((field) => [field.name, field]));
  return names.flatMap((name) => known.get(name) ?? []);
}

function written(value: unknown, timestamps: TimestampFormat): unknown {
  return value instanceof Date ? timestamp(value, timestamps) : value;
}
