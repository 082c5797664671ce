import type { PGlite, Results } from "@electric-sql/pglite";

export interface EngineResult {
  readonly rows: Record<string, unknown>[];
  readonly rowCount: number;
}

/** One embedded PostgreSQL with its one session, in this thread or in another. Callers see to it that they take turns. */
export interface PgliteEngine {
  /** One statement with parameters, or any number without; answers the last one's result. */
  run(text: string, parameters: readonly unknown[]): Promise<EngineResult>;
  /** What `notify` sends on the channels that the session listens to. Returns the function that ends it. */
  onNotification(listener: (channel: string, payload: string) => void): () => void;
  readonly closed: boolean;
  close(): Promise<void>;
}

/** The engine in this thread: every statement keeps the thread busy to its end. */
export function engineOn(db: PGlite): PgliteEngine {
  return {
    async run(text, parameters) {
      const result = (parameters.length > 0 ? await db.query(text, [...parameters]) : (await db.exec(text)).at(-1)) as
        | Results<Record<string, unknown>>
        | undefined;
      const rows = result?.rows ?? [];
      return { rows, rowCount: result?.affectedRows || rows.length };
    },
    onNotification: (listener) => db.onNotification(listener),
    get closed() {
      return db.closed;
    },
    close: () => db.close(),
  };
}
