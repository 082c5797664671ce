import { openQueues } from "../../src/queue/queues.ts";
import { openDatabase } from "../../src/store/database.ts";
import { openStore } from "../../src/store/store.ts";
import { NOON, scan, sentMail } from "./servers-samples.ts";

/**
 * A process for tests to kill. `accept DIR TEMPLATE`: accepts and records without end, printing each id when its
 * promise resolved. `work DIR TEMPLATE [REDIS]`: takes one job of the queue `killed`, prints it and never ends it.
 */
const [task = "", dataDir = "", redisUrl] = process.argv.slice(2);
const database = await openDatabase({ dataDir });

if (task === "accept") {
  const store = openStore(database);
  for (let n = 0; ; n += 1) {
    const [id = ""] = await store.inbox.accept([sentMail(`m${n}`)], NOON);
    process.stdout.write(`inbox ${id}\n`);
    const { record } = await store.messages.record(scan(`m${n}`));
    process.stdout.write(`message ${record.id}\n`);
  }
}

const queues = await openQueues({ redisUrl }, database);
const queue = await queues.open<{ readonly id: string }>("killed");
await queue.work(async ({ id }) => {
  process.stdout.write(`job ${id}\n`);
  await new Promise(() => undefined);
}, 1);
await queue.add({ id: "taken" }, { key: "taken" });
