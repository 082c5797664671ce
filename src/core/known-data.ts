/** Values and documents that must not leave, as hashes: rows of a table, or documents by their wording. */
export type KnownDataKind = "exact-data" | "fingerprint";

export interface KnownDataEntry {
  readonly kind: KnownDataKind;
  /** What a policy's detector says under `exactData` or `fingerprint`. */
  readonly name: string;
  /** The document, for fingerprints; "" for exact data. */
  readonly document: string;
  /** Rows, or sequences of words. */
  readonly size: number;
  /** Of the hashes. */
  readonly bytes: number;
  /** Changes with the content. */
  readonly revision: string;
  readonly at: Date;
}

export interface KnownDataStore {
  /** Adds it, or replaces the one of the same name. */
  put(entry: KnownDataEntry, hashes: Uint8Array): Promise<void>;
  /** By kind, name and document. */
  list(): Promise<readonly KnownDataEntry[]>;
  /** The hashes of an entry that was listed; undefined when it was replaced or removed meanwhile. */
  read(entry: KnownDataEntry): Promise<Uint8Array | undefined>;
  /** False when there is none. Without a document all of the name go. */
  remove(id: Pick<KnownDataEntry, "kind" | "name"> & { readonly document?: string }): Promise<boolean>;
}
