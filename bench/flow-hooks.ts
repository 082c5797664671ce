/**
 * A client of the web hook in a process of its own, so that its clock is not held up by what else a bench does.
 * Run with `tsx bench/flow-hooks.ts URL CONNECTIONS REQUESTS NOTIFICATION`, the last a Graph notification as JSON;
 * prints the milliseconds of each answer as a JSON list.
 */
const [url = "", connections = "1", requests = "1", template = "{}"] = process.argv.slice(2);
const notification = JSON.parse(template);
const measured: number[] = [];

async function connection(lane: number): Promise<void> {
  for (let turn = 0; turn < Number(requests); turn += 1) {
    const id = `bench-${lane}-${turn}`;
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
