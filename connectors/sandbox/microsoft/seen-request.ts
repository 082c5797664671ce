/** A request that reached the sandbox, kept from its arrival on. */
export interface SeenRequest {
  readonly method: string;
  /** With version, without query, as the client wrote it. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; the value of Authorization is left out, its scheme stays. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Address of the mailbox that the path names. */
  readonly mailbox: string | null;
  /** Came inside a `$batch`. */
  readonly inBatch: boolean;
  readonly at: Date;
  /** Null while it is under way, and for ever when the connection was cut. */
  status: number | null;
}
