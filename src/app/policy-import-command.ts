import { importCipherMail } from "../policy/import-ciphermail.ts";
import { importGitleaks } from "../policy/import-gitleaks.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { VOCABULARY } from "./policies.ts";
import { readText } from "./read-text.ts";

const IMPORTERS = { ciphermail: importCipherMail, gitleaks: importGitleaks } as const;
export type ImportSource = keyof typeof IMPORTERS;

/** Prints a policy made from another product's file, and says on standard error what has no counterpart. */
export function importPolicy(file: string, from: ImportSource): 0 | 2 {
  const outcome = IMPORTERS[from](readText(file), VOCABULARY);
  if (!outcome.ok) {
    const { line, column = 1, reason } = outcome;
    errorLine(line === undefined ? `${file}: ${reason}` : `${file}:${line}:${column}: ${reason}`);
    return 2;
  }
  const { policy, detectors, notes } = outcome.imported;
  outputLine(policy.trimEnd());
  for (const { subject, field, reason } of notes)
    errorLine(`${subject === "" ? "" : `${subject}: `}${field}: ${reason}`);
  errorLine(`${detectors} detectors; no scope selects their rules yet`);
  return 0;
}
