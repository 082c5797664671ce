import type { ApiClient } from "./api-client.ts";
import type { Print } from "./print.ts";

export interface ExactDataColumns {
  readonly primary: string;
  readonly supporting?: string;
  readonly minSupporting?: string;
}

/** Hands a table over; the service keeps its hashes. */
export async function loadExactData(
  name: string,
  csv: string,
  columns: ExactDataColumns,
  client: ApiClient,
  out: Print,
): Promise<0> {
  const query = new URLSearchParams({ primary: columns.primary });
  if (columns.supporting !== undefined) query.set("supporting", columns.supporting);
  if (columns.minSupporting !== undefined) query.set("minSupporting", columns.minSupporting);
  const path = `/api/v1/exact-data/${encodeURIComponent(name)}?${query}`;
  const answer = await client.call("PUT", path, { text: csv, contentType: "text/csv" });
  const { rows, leftOut } = client.expect(answer, 200) as { readonly rows: number; readonly leftOut: number };
  out(`${name}: ${rows} rows${leftOut === 0 ? "" : `, ${leftOut} left out without a value to look for`}`);
  return 0;
}

/** Hands the text of a document over; the service keeps the hashes of its wording. */
export async function addFingerprint(
  name: string,
  document: { readonly document: string; readonly text: string; readonly threshold?: number },
  client: ApiClient,
  out: Print,
): Promise<0> {
  const body = { text: JSON.stringify(document), contentType: "application/json" };
  client.expect(await client.call("PUT", `/api/v1/fingerprints/${encodeURIComponent(name)}`, body), 200);
  out(`${name}: ${document.document}`);
  return 0;
}

/** One line each: name, document or rows, time. */
export async function listKnownData(kind: "exact-data" | "fingerprints", client: ApiClient, out: Print): Promise<0> {
  const { items } = client.expect(await client.call("GET", `/api/v1/${kind}`), 200) as {
    readonly items: readonly {
      readonly name: string;
      readonly rows?: number;
      readonly document?: string;
      readonly at: string;
    }[];
  };
  for (const { name, rows, document, at } of items) out(`${name}\t${document ?? `${rows} rows`}\t${at}`);
  return 0;
}

/** @param document one of the set's documents; all without it */
export async function removeKnownData(
  kind: "exact-data" | "fingerprints",
  name: string,
  document: string | undefined,
  client: ApiClient,
  out: Print,
): Promise<0> {
  const query = document === undefined ? "" : `?${new URLSearchParams({ document })}`;
  client.expect(await client.call("DELETE", `/api/v1/${kind}/${encodeURIComponent(name)}${query}`), 204);
  out(`${name}: removed`);
  return 0;
}
