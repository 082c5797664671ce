import { stringify } from "yaml";

/** Something of the imported document that the policy says otherwise or not at all. */
export interface ImportNote {
  /** Name of the pattern or rule it belongs to; empty when it stands at the top of the document. */
  readonly subject: string;
  readonly field: string;
  readonly reason: string;
}

/** A policy made from another product's document, for an administrator to read before it is applied. */
export interface Imported {
  /** YAML that `loadPolicy` accepts. No scope selects its rules yet. */
  readonly policy: string;
  readonly detectors: number;
  readonly notes: readonly ImportNote[];
}

export type ImportOutcome =
  | { readonly ok: true; readonly imported: Imported }
  /** The document as a whole cannot be read; where it stops being one (from 1), as far as that can be told. */
  | { readonly ok: false; readonly reason: string; readonly line?: number; readonly column?: number };

/** The parts of a written policy that importers make; absent fields get their defaults when it is loaded. */
interface ImportedDocument {
  readonly detectors: readonly ImportedDetector[];
  readonly groups: readonly { readonly id: string; readonly detectors: readonly string[] }[];
  readonly rules?: readonly object[];
}

export interface ImportedDetector {
  readonly id: string;
  readonly description?: string;
  readonly pattern: string;
  readonly validator?: string;
  readonly exclude?: readonly string[];
  readonly mask?: "full" | "keep-last-4" | "none";
  readonly text?: "raw";
}

/** Lines stay whole: a folded pattern is hard to read. */
const NO_FOLDING = 0;

export function imported(document: ImportedDocument, notes: readonly ImportNote[]): ImportOutcome {
  // A group without members would be a fault.
  const groups = document.groups.filter((group) => group.detectors.length > 0);
  const policy = stringify({ version: 1, ...document, groups }, { lineWidth: NO_FOLDING });
  return { ok: true, imported: { policy, detectors: document.detectors.length, notes } };
}

/**
 * Makes ids of names that people wrote: `My first pattern` becomes `my-first-pattern`, a second one `…-2`.
 * They have at most 60 characters, which leaves four of the 64 for an ending.
 */
export function idMaker(taken: ReadonlySet<string>): (name: string) => string {
  const used = new Set(taken);
  return (name) => {
    const stem =
      name
        .toLowerCase()
        .normalize("NFC")
        .replace(/[^\p{L}\p{N}]+/gu, "-")
        .slice(0, 60)
        .replace(/^-+|-+$/g, "") || "pattern";
    let id = stem;
    for (let count = 2; used.has(id); count += 1) id = `${stem.slice(0, 56)}-${count}`;
    used.add(id);
    return id;
  };
}
