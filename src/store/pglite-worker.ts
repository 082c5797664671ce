import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { engineOn } from "./pglite-engine.ts";
import type { Report, Statement, StatementFailure, ThreadTask } from "./pglite-thread.ts";

// Entry of the database's thread: opens the folder, then answers one statement after the other.

const { folder, module } = workerData as ThreadTask;
const report = (message: Report): void => parentPort?.postMessage(message);
const DONE = { rows: [], rowCount: 0 };

async function answer(id: number, work: () => Promise<{ rows: Record<string, unknown>[]; rowCount: number }>) {
  try {
    report({ id, result: await work() });
  } catch (error) {
    report({ id, failure: failureOf(error) });
  }
}

function failureOf(error: unknown): StatementFailure {
  const { code = "", table = "", constraint = "" } = error as Partial<StatementFailure>;
  return { message: error instanceof Error ? error.message : "", code, table, constraint };
}

await answer(0, async () => {
  const db = await PGlite.create({ dataDir: folder, relaxedDurability: false, pgliteWasmModule: module });
  const engine = engineOn(db);
  engine.onNotification((channel, payload) => report({ channel, payload }));
  parentPort?.on("message", ({ id, text, parameters }: Statement) =>
    answer(id, async () => {
      if (text !== undefined) return await engine.run(text, parameters);
      await engine.close();
      return DONE;
    }),
  );
  return DONE;
});
