import type { PolicyRevision } from "../../core/store.ts";
import type { ActivePolicy } from "../../pipeline/inspection.ts";
import type { PolicyChange } from "../../policy/compare.ts";
import type { PolicyEdit } from "../../policy/edit.ts";
import type { PolicyFault } from "../../policy/load.ts";

export type PolicyFormat = "yaml" | "json";

/** How a change of the policy ended. With faults nothing was changed. */
export type Applied =
  | { readonly ok: true; readonly revision: string; readonly warnings: readonly PolicyFault[] }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** Changes that may depend on what is there. */
export type Edits = (running: ActivePolicy) => readonly PolicyEdit[];

/** One policy that was put into force. */
export interface PolicyHistoryEntry {
  readonly revision: string;
  /** Counts up. */
  readonly number: number;
  readonly by: string;
  readonly at: Date;
  /** Against the entry before. */
  readonly changes: readonly PolicyChange[];
}

/** The running policy as the routes read and change it. */
export interface PolicyAccess {
  current(): Promise<ActivePolicy>;
  /** The running policy as a document. */
  show(format: PolicyFormat): Promise<string>;
  /** Checks and replaces; the running policy stays when there is a fault. */
  apply(source: string, format: PolicyFormat, by: string): Promise<Applied>;
  /** Changes the running policy's own text through the same check: all of the changes or none. */
  edit(edits: Edits, by: string): Promise<Applied>;
  /** Newest first; only those before the number, when one is given. */
  history(limit: number, before?: number): Promise<readonly PolicyHistoryEntry[]>;
  find(revision: string): Promise<PolicyRevision | undefined>;
  /** Back to an earlier revision: the one named, or the one before the running one. */
  rollback(revision: string | undefined, by: string): Promise<Applied>;
}

export interface PolicyDependencies {
  readonly policies: PolicyAccess;
}

/** The running policy in its written form, every field filled in. */
export async function writtenPolicy({ policies }: PolicyDependencies): Promise<WrittenPolicy> {
  return JSON.parse(await policies.show("json")) as WrittenPolicy;
}

export interface Written {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface WrittenPolicy {
  readonly detectors: readonly Written[];
  readonly groups: readonly (Written & { readonly detectors: readonly string[] })[];
  readonly rules: readonly Written[];
  readonly scopes: Readonly<Record<string, { readonly rules?: string[]; readonly settings: Record<string, unknown> }>>;
}
