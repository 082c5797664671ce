import { compareVerdicts } from "../core/verdict.ts";
import type { ActivePolicy, Inspector } from "../pipeline/inspection.ts";
import { judge, type ScanReport } from "../pipeline/judge.ts";
import { printable } from "./print.ts";

export type ScanItem =
  | {
      readonly ok: true;
      readonly source: string;
      readonly bytes: Uint8Array;
      readonly name: string | null;
      readonly as: "message" | "file" /** Named on the command line itself. */;
      readonly given: boolean;
    }
  | { readonly ok: false; readonly source: string; readonly reason: string };

export interface ScanCommand {
  readonly items: AsyncIterable<ScanItem>;
  /** Items that have the same paths; asked for when the scan takes long, for the progress bar. */
  readonly policy: ActivePolicy;
  readonly inspector: Inspector;
  readonly key: Uint8Array;
  readonly json: boolean;
  readonly reveal: boolean;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly progress: { readonly step: (source: string) => void; readonly stop: () => void };
}

/** Files that are looked at ahead of the one whose report is printed next. */
const AHEAD = 4;

/** Scans files. Exit status: 0 nothing forbidden, 1 a verdict stricter than `allow`, 2 something could not be read. */
export async function scanFiles(command: ScanCommand, signal: AbortSignal): Promise<0 | 1 | 2> {
  let forbidden = false;
  let unreadable = false;
  const print = (report: ScanReport, given: boolean): void => {
    forbidden ||= compareVerdicts(report.verdict, "allow") > 0;
    command.out(command.json ? JSON.stringify(report) : describe(report));
    if (report.status !== "failed" || !given) return;
    unreadable = true;
    command.err(
      `${report.message.source}: nothing could be read (${report.problems.map((problem) => problem.code).join(", ")})`,
    );
  };
  const refuse = (item: { readonly source: string; readonly reason: string }): void => {
    unreadable = true;
    command.err(`${item.source}: ${item.reason}`);
  };
  const begun: Promise<() => void>[] = [];
  try {
    for await (const item of command.items) {
      begun.push(
        item.ok
          ? examine(item, command, signal).then((report) => () => print(report, item.given))
          : Promise.resolve(() => refuse(item)),
      );
      if (begun.length > AHEAD) (await (begun.shift() as Promise<() => void>))();
    }
    for (const finish of begun) (await finish)();
  } finally {
    command.progress.stop();
  }
  if (unreadable) return 2;
  return forbidden ? 1 : 0;
}

async function examine(
  item: Extract<ScanItem, { ok: true }>,
  command: ScanCommand,
  signal: AbortSignal,
): Promise<ScanReport> {
  const { source, bytes, name, as } = item;
  const report = await judge(
    { source, bytes, name, as, stage: "file", key: command.key, reveal: command.reveal },
    command.policy,
    command.inspector,
    signal,
  );
  command.progress.step(source);
  return report;
}

/** A few lines for people. */
function describe(report: ScanReport): string {
  const { message } = report;
  const lines = [`${message.source}: ${report.verdict}${report.status === "complete" ? "" : ` (${report.status})`}`];
  if (message.subject !== null) lines.push(`  subject    ${printable(message.subject)}`);
  for (const recipient of report.recipients)
    lines.push(
      `  recipient  ${printable(recipient.address)} ${recipient.external ? "external" : "internal"} ${recipient.verdict}${because(recipient.rules)}`,
    );
  for (const finding of report.findings) {
    const shown = finding.values ?? finding.masked;
    lines.push(
      `  found      ${finding.detector} × ${finding.count}, ${finding.confidence}, in ${printable(finding.part)}: ${shown.map(printable).join(", ")}`,
    );
  }
  for (const problem of report.problems)
    lines.push(`  not read   ${printable(problem.part)}: ${problem.code} (${problem.detail})`);
  return lines.join("\n");
}

function because(rules: readonly string[]): string {
  return rules.length === 0 ? "" : ` by ${rules.join(", ")}`;
}
