import { EventEmitter } from "node:events";
import type { PgliteEngine } from "./pglite-engine.ts";
import type { PoolClientLike, PoolLike, PoolQuery, PoolResult } from "./pool.ts";

/** One PGlite has one session. It is shared by turns: a statement takes one, a transaction keeps it to its end. */
export interface Session {
  readonly engine: PgliteEngine;
  /** Resolves to the function that ends the turn. Urgent callers go first, but not for ever. */
  takeTurn(urgent?: boolean): Promise<() => void>;
  /** The `search_path` that the last turn left behind. */
  searchPath: string;
}

/** So many urgent turns, then one of the others: a flood of web hooks must not stop the scanning. */
const URGENT_IN_A_ROW = 4;

export function shareSession(engine: PgliteEngine): Session {
  const urgentWaiting: (() => void)[] = [];
  const othersWaiting: (() => void)[] = [];
  let busy = false;
  let inARow = 0;

  function endTurn(): void {
    const passOver = inARow >= URGENT_IN_A_ROW && othersWaiting.length > 0;
    const urgent = passOver ? undefined : urgentWaiting.shift();
    inARow = urgent ? inARow + 1 : 0;
    const next = urgent ?? othersWaiting.shift();
    if (next) next();
    else busy = false;
  }

  return {
    engine,
    searchPath: "",
    takeTurn(urgent = false) {
      if (busy) return new Promise((resolve) => (urgent ? urgentWaiting : othersWaiting).push(() => resolve(endTurn)));
      busy = true;
      return Promise.resolve(endTurn);
    },
  };
}

/** A `pg.Pool`-shaped view of the session. With `schema`, unqualified names mean that schema. */
export class PglitePool extends EventEmitter implements PoolLike {
  /** BullMQ asks; there is no socket that could drop silently. */
  readonly options = { keepAlive: true };
  readonly #session: Session;
  readonly #schema: string | undefined;
  readonly #urgent: boolean;

  constructor(session: Session, options: { readonly schema?: string; readonly urgent?: boolean } = {}) {
    super();
    this.#session = session;
    this.#schema = options.schema;
    this.#urgent = options.urgent ?? false;
    // BullMQ listens once for each queue and worker.
    this.setMaxListeners(0);
  }

  connect(): Promise<PgliteClient> {
    return Promise.resolve(new PgliteClient(this.#session, this.#schema, this.#urgent));
  }

  async query<Row = Record<string, unknown>>(
    query: string | PoolQuery,
    values?: readonly unknown[],
  ): Promise<PoolResult<Row>> {
    const client = await this.connect();
    try {
      return await client.query<Row>(query, values);
    } finally {
      client.release();
    }
  }

  /** The database outlives its views. */
  end(): Promise<void> {
    return Promise.resolve();
  }
}

class PgliteClient extends EventEmitter implements PoolClientLike {
  readonly #session: Session;
  readonly #schema: string | undefined;
  readonly #urgent: boolean;
  #endTurn: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(session: Session, schema: string | undefined, urgent: boolean) {
    super();
    this.#session = session;
    this.#schema = schema;
    this.#urgent = urgent;
  }

  async query<Row = Record<string, unknown>>(
    query: string | PoolQuery,
    values?: readonly unknown[],
  ): Promise<PoolResult<Row>> {
    const text = typeof query === "string" ? query : query.text;
    const parameters = values ?? (typeof query === "string" ? [] : (query.values ?? []));
    const verb = verbOf(text);
    // The channel may have other listeners in the shared session; this client just stops hearing.
    if (verb === "UNLISTEN") return { rows: [], rowCount: 0, command: verb };
    const inTransaction = this.#endTurn !== undefined;
    const endTurn = this.#endTurn ?? (await this.#session.takeTurn(this.#urgent));
    let keep = inTransaction;
    try {
      if (!inTransaction) await this.#useSchema();
      if (verb === "LISTEN") this.#listen();
      const { rows, rowCount } = await this.#session.engine.run(text, parameters);
      if (verb === "BEGIN" || verb === "START") keep = true;
      return { rows: rows as Row[], rowCount, command: verb };
    } finally {
      // A failed COMMIT ends the transaction as well.
      if (verb === "COMMIT" || verb === "END" || (verb === "ROLLBACK" && !/^\s*rollback\s+to\b/i.test(text)))
        keep = false;
      this.#endTurn = keep ? endTurn : undefined;
      if (!keep) endTurn();
    }
  }

  /** A transaction that its borrower left open is rolled back. */
  release(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    const endTurn = this.#endTurn;
    if (endTurn === undefined) return;
    this.#endTurn = undefined;
    this.#session.engine.run("rollback", []).then(endTurn, endTurn);
  }

  async #useSchema(): Promise<void> {
    if (this.#schema === undefined || this.#session.searchPath === this.#schema) return;
    await this.#session.engine.run(`set search_path to "${this.#schema.replaceAll('"', '""')}"`, []);
    this.#session.searchPath = this.#schema;
  }

  #listen(): void {
    this.#stopListening ??= this.#session.engine.onNotification((channel, payload) =>
      this.emit("notification", { channel, payload }),
    );
  }
}

/** First word of a statement in upper case. BullMQ's statements begin with comments. */
function verbOf(text: string): string {
  const sql = text.replace(/^(?:\s*--[^\n]*(?:\n|$)|\s*\/\*[\s\S]*?\*\/)+/, "");
  return /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "";
}
