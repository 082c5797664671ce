import { setTimeout as pause } from "node:timers/promises";

/**
 * A client of the web hook in a process of its own, so that its clock is not held up by what else a bench does.
 * Run with `tsx bench/flow-hooks.ts URL CONNECTIONS REQUESTS PAUSE NOTIFICATION`, the pause before each request of a
 * connection in milliseconds, the last a Graph notification as JSON; prints the milliseconds of each answer as a JSON list.
 */
const [url = "", connections = "1", requests = "1", pauseMs = "0", template = "{}"] = process.argv.slice(2);
const notification = JSON.parse(template);
const measured: number[] = [];

async function connection(lane: number): Promise<void> {
  // Connections do not march in step.
  await pause((Number(pauseMs) * lane) / Number(connections));
  for (let turn = 0; turn < Number(requests); turn += 1) {
    if (pauseMs !== "0") await pause(Number(pauseMs));
    const id = `bench-${pauseMs}-${lane}-${turn}`;
    const value = { ...notification, resourceData: { "@odata.type": "#Microsoft.Graph.Message", id } };
    const begun = performance.now();
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ value: [value] }),
    });
    await answer.arrayBuffer();
    measured.push(performance.now() - begun);
    if (answer.status !== 202) throw new Error(`the web hook answered ${answer.status}`);
  }
}

await Promise.all(Array.from({ length: Number(connections) }, (_, lane) => connection(lane)));
process.stdout.write(JSON.stringify(measured));
