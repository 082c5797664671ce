import { createHash } from "node:crypto";
import type { KnownDataEntry, KnownDataStore } from "../core/known-data.ts";
import type { KnownData } from "../detect/custom/known-data.ts";
import type { ExactDataTable } from "../detect/exact/table.ts";
import { decodeExactData, decodeFingerprint } from "../detect/known-data-file.ts";
import type { DocumentFingerprint } from "../detect/similar/fingerprint.ts";
import type { ActivePolicy, Inspector } from "../pipeline/inspection.ts";

/** Another process may have replaced something: looked at this often. */
const FRESH_MS = 1_000;

/** The inspector, given what the detectors of a policy name with every policy that names anything. */
export function withKnownData(
  inspector: Inspector,
  dependencies: { readonly knownData: KnownDataStore; readonly key: Uint8Array },
): Inspector {
  const { knownData, key } = dependencies;
  const decoded = new Map<string, ExactDataTable | DocumentFingerprint>();
  let listed: { readonly entries: readonly KnownDataEntry[]; readonly at: number } | undefined;

  async function entries(): Promise<readonly KnownDataEntry[]> {
    if (listed === undefined || performance.now() - listed.at > FRESH_MS)
      listed = { entries: await knownData.list(), at: performance.now() };
    return listed.entries;
  }

  async function load<Decoded extends ExactDataTable | DocumentFingerprint>(
    entry: KnownDataEntry,
    decode: (bytes: Uint8Array) => Decoded,
  ): Promise<Decoded | undefined> {
    const known = decoded.get(entry.revision) as Decoded | undefined;
    if (known !== undefined) return known;
    const bytes = await knownData.read(entry);
    if (bytes === undefined) return undefined;
    const fresh = decode(bytes);
    decoded.set(entry.revision, fresh);
    return fresh;
  }

  async function known(active: ActivePolicy): Promise<ActivePolicy["known"]> {
    const tables = new Set(active.policy.detectors.flatMap(({ exactData }) => exactData ?? []));
    const sets = new Set(active.policy.detectors.flatMap(({ fingerprint }) => fingerprint ?? []));
    if (tables.size + sets.size === 0) return undefined;
    const wanted = (await entries()).filter(({ kind, name }) => (kind === "exact-data" ? tables : sets).has(name));
    for (const revision of decoded.keys())
      if (!wanted.some((entry) => entry.revision === revision)) decoded.delete(revision);
    const loadedTables = new Map<string, ExactDataTable>();
    const loadedSets = new Map<string, DocumentFingerprint[]>();
    for (const entry of wanted) {
      if (entry.kind === "exact-data") {
        const table = await load(entry, decodeExactData);
        if (table !== undefined) loadedTables.set(entry.name, table);
      } else {
        const document = await load(entry, decodeFingerprint);
        if (document !== undefined) loadedSets.set(entry.name, [...(loadedSets.get(entry.name) ?? []), document]);
      }
    }
    const data: KnownData = { exactData: { tables: loadedTables, key }, fingerprints: loadedSets };
    return {
      revision: createHash("sha256")
        .update(wanted.map(({ revision }) => revision).join())
        .digest("hex"),
      data,
    };
  }

  return {
    async inspect(input, policy, signal) {
      const found = await known(policy);
      return inspector.inspect(input, found === undefined ? policy : { ...policy, known: found }, signal);
    },
    close: () => inspector.close(),
  };
}
