/** What a query answers, in the shape of node-postgres. */
export interface PoolResult<Row = Record<string, unknown>> {
  readonly rows: Row[];
  readonly rowCount: number | null;
  readonly command: string;
}

export interface PoolQuery {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** The part of `pg.Pool` that the store and BullMQ use; PGlite has one of the same shape. */
export interface PoolLike {
  connect(): Promise<PoolClientLike>;
  query<Row = Record<string, unknown>>(
    query: string | PoolQuery,
    values?: readonly unknown[],
  ): Promise<PoolResult<Row>>;
  end(): Promise<void>;
  on(event: "error", listener: (error: Error) => void): this;
  on(event: "connect", listener: (client: PoolClientLike) => void): this;
  removeAllListeners(event?: string): this;
}

export interface PoolClientLike {
  query<Row = Record<string, unknown>>(
    query: string | PoolQuery,
    values?: readonly unknown[],
  ): Promise<PoolResult<Row>>;
  /** `destroy` closes the connection instead of handing it to the next borrower. */
  release(destroy?: boolean): void;
  on(event: "notification", listener: (message: Notification) => void): this;
  on(event: "error", listener: (error: Error) => void): this;
  on(event: "end", listener: () => void): this;
  removeListener(event: "notification", listener: (message: Notification) => void): this;
  removeAllListeners(event?: string): this;
}

interface Notification {
  readonly channel: string;
  readonly payload?: string;
}
