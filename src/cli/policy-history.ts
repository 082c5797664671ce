import type { PolicyChange } from "../policy/compare.ts";
import type { ApiClient } from "./api-client.ts";
import type { Print } from "./print.ts";

interface ShownEntry {
  readonly revision: string;
  readonly by: string;
  readonly at: string;
  readonly changes: readonly PolicyChange[];
}

/** Newest first: revision, time, who; below it what changed. */
export async function printHistory(limit: number, client: ApiClient, out: Print): Promise<0> {
  const { items } = client.expect(await client.call("GET", `/api/v1/policy/history?limit=${limit}`), 200) as {
    readonly items: readonly ShownEntry[];
  };
  for (const { revision, at, by, changes } of items) {
    out(`${revision}\t${at}\t${by}`);
    for (const { kind, name, change, fields } of changes)
      out(`  ${change} ${kind} ${name}${fields.length === 0 ? "" : `: ${fields.join(", ")}`}`);
  }
  return 0;
}

/** Puts an earlier policy into force again; without a revision the one before the running one. */
export async function rollBack(revision: string | undefined, client: ApiClient, out: Print): Promise<0> {
  const body = { text: JSON.stringify(revision === undefined ? {} : { revision }), contentType: "application/json" };
  const applied = client.expect(await client.call("POST", "/api/v1/policy/rollback", body), 200) as {
    readonly revision: string;
  };
  out(`policy ${applied.revision} is running`);
  return 0;
}
