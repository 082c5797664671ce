import { openChildPool } from "../../../../src/extract/child-pool.ts";
import type { Misdeed } from "./misbehaving.ts";

// Starts a child that never ends its work, tells its process id, and waits to be killed.
const signal = new AbortController().signal;
const pool = openChildPool<Misdeed, { pid: number }>({
  entry: new URL("./misbehaving.ts", import.meta.url),
  size: 1,
  heapMb: 64,
  recycleAfter: 100,
});
const first = await pool.run({ what: "echo" }, { timeoutMs: 20_000 }, signal);
const busy = pool.run({ what: "spin" }, { timeoutMs: 600_000 }, signal);
process.stdout.write(`${first.ok ? first.reply.pid : 0}\n`);
await busy;
