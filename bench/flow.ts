import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type MicrosoftSandbox, startMicrosoftSandbox } from "../connectors/sandbox/microsoft/sandbox.ts";
import type { ServiceProcess } from "../test/support/process-service.ts";
import { connect, serviceBeside } from "./microsoft-tenant.ts";

/**
 * Prints how long the service takes in embedded mode, in a process of its own: from a notification to the last action of a 20 KB mail without
 * attachments, and for the answer of the web hook with 50 connections while scanning goes on.
 * Goals: median under 300 ms, web hook p99 under 100 ms. Run with `tsx bench/flow.ts [mails]`.
 */
const MAILS = Number(process.argv[2] ?? 200);
const CONNECTIONS = 50;
const HOOKS_PER_CONNECTION = 20;
/** 250 notifications a second in all: a company of 100,000 people in its busiest hour. */
const HOOK_PAUSE_MS = 200;
const POLICY = `version: 1
rules:
  - id: cards-out
    when: { detectors: [{ detector: credit-card }], recipients: { are: external } }
    action: warn
scopes:
  global: { rules: [cards-out], settings: { dlp.enabled: true, notify.warning.originator: false } }
`;

function mail(index: number): Buffer {
  const words = Array.from({ length: 3_000 }, (_, at) => `word${(at * 7 + index) % 997}`).join(" ");
  const body = words.slice(0, 20_000).replace(/(.{70}) /g, "$1\r\n");
  const head = [
    "From: ann@corp.example",
    "To: x@out.example",
    `Subject: mail ${index}`,
    `Message-ID: <bench-${index}@corp.example>`,
    `Date: ${new Date().toUTCString()}`,
  ];
  return Buffer.from([...head, "", "card 4111 1111 1111 1111", body, ""].join("\r\n"));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}

/** Milliseconds from the sending until the mail's category stands, the last action of its record. */
async function latency(sandbox: MicrosoftSandbox, index: number): Promise<number> {
  const begun = performance.now();
  const { messageId } = await sandbox.send("ann@corp.example", mail(index));
  while (true) {
    const copy = sandbox.messages("ann@corp.example", "sentitems").find(({ id }) => id === messageId);
    if (copy !== undefined && copy.categories.length > 0) return performance.now() - begun;
    await pause(2);
  }
}

async function hookLatencies(
  sandbox: MicrosoftSandbox,
  service: ServiceProcess,
  pauseMs: number,
): Promise<readonly number[]> {
  const subscription = [...sandbox.subscriptions.values()][0];
  if (subscription === undefined) throw new Error("there is no subscription");
  const notification = {
    subscriptionId: subscription.id,
    clientState: subscription.clientState,
    tenantId: sandbox.tenantId,
    changeType: "created",
    resource: "Users/u/Messages/bench",
  };
  const client = fileURLToPath(new URL("flow-hooks.ts", import.meta.url));
  const task = [
    `${service.url}/webhooks/microsoft`,
    CONNECTIONS,
    HOOKS_PER_CONNECTION,
    pauseMs,
    JSON.stringify(notification),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", client, ...task.map(String)]);
  return JSON.parse(stdout);
}

const sandbox = await startMicrosoftSandbox({ domains: ["corp.example"] });
for (const name of ["ann", "dlp"]) sandbox.addUser({ address: `${name}@corp.example`, displayName: name });
const service = await serviceBeside(sandbox);
try {
  await service.start();
  await service.api.request("PUT", "/api/v1/policy", POLICY, "application/yaml");
  await connect(sandbox, service, { mode: "respond", serviceMailbox: "dlp@corp.example" });
  while (sandbox.subscriptions.size < 2) await pause(20);
  // The first ones start the reading children and compile the policy.
  for (let index = 0; index < 10; index += 1) await latency(sandbox, MAILS + index);
  const single: number[] = [];
  for (let index = 0; index < MAILS; index += 1) single.push(await latency(sandbox, index));
  process.stdout.write(
    `notification to finished actions, ${MAILS} mails of 20 KB, one at a time: ` +
      `median ${percentile(single, 0.5)} ms, p95 ${percentile(single, 0.95)} ms (${availableParallelism()} cores)\n`,
  );
  for (const pauseMs of [HOOK_PAUSE_MS, 0]) {
    const busy = Promise.all(Array.from({ length: 60 }, (_, index) => latency(sandbox, 10_000 + index + pauseMs)));
    const hooks = await hookLatencies(sandbox, service, pauseMs);
    await busy;
    const rate = pauseMs === 0 ? "as fast as they are answered" : `one notification each ${pauseMs} ms`;
    process.stdout.write(
      `web hook, ${CONNECTIONS} connections, ${rate}, while 60 mails are scanned: ` +
        `median ${percentile(hooks, 0.5)} ms, p99 ${percentile(hooks, 0.99)} ms\n`,
    );
  }
} finally {
  await service.close();
  await sandbox.close();
}
