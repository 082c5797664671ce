import { setTimeout as pause } from "node:timers/promises";
import { type MicrosoftSandbox, startMicrosoftSandbox } from "../connectors/sandbox/microsoft/sandbox.ts";
import type { ServiceProcess } from "../test/support/process-service.ts";
import { connect, serviceBeside } from "./microsoft-tenant.ts";

/**
 * Prints how long a large Microsoft 365 tenant takes, in embedded mode against the sandbox: until all of its mailboxes are
 * watched, and until what was sent while the service was away is scanned, beside the same mail scanned live.
 * Goals: 5,000 mailboxes in ten minutes, never more than 1,000 subscriptions in 20 s; catch-up in 1.5 times the live
 * time, nothing missed, nothing twice. Run with `npm run bench:microsoft [mailboxes] [mails]`.
 */
const MAILBOXES = Number(process.argv[2] ?? 5_000);
const MAILS = Number(process.argv[3] ?? 10_000);
/** Senders of the mail of the second part: Exchange allows 10,000 calls for a mailbox in ten minutes. */
const SENDERS = 40;
const WINDOW_MS = 20_000;
/** Mail in flight before the next is sent: a live stream, not a pile. */
const IN_FLIGHT = 200;

async function withTenant(people: number, work: (sandbox: MicrosoftSandbox, service: ServiceProcess) => Promise<void>) {
  const sandbox = await startMicrosoftSandbox({ domains: ["corp.example"], keepRequests: 200_000 });
  for (let index = 0; index < people; index += 1)
    sandbox.addUser({ address: address(index), displayName: `Person ${index}` });
  const service = await serviceBeside(sandbox);
  try {
    await service.start();
    await work(sandbox, service);
  } finally {
    await service.close();
    await sandbox.close();
  }
}

const address = (index: number): string => `person-${index}@corp.example`;

function densest(times: readonly number[]): number {
  let from = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while ((times[from] ?? 0) <= time - WINDOW_MS) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

async function onboarding(sandbox: MicrosoftSandbox, service: ServiceProcess): Promise<void> {
  const begun = performance.now();
  await connect(sandbox, service, { mode: "observe" });
  const answered = performance.now();
  while (sandbox.subscriptions.size < MAILBOXES) await pause(100);
  const seconds = (from: number): string => ((performance.now() - from) / 1_000).toFixed(1);
  const made = sandbox.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/subscriptions"));
  const refused = sandbox.requests.filter(({ status }) => status === 429).length;
  process.stdout.write(
    `onboarding of ${MAILBOXES} mailboxes: answered after ${((answered - begun) / 1_000).toFixed(1)} s, all watched after ` +
      `${seconds(begun)} s, at most ${densest(made.map(({ at }) => at.getTime()))} subscriptions in 20 s, ${refused} refusals\n`,
  );
}

const mail = (index: number): Buffer =>
  Buffer.from(
    [
      `From: ${address(index % SENDERS)}`,
      "To: x@out.example",
      `Subject: mail ${index}`,
      `Message-ID: <bench-${index}@corp.example>`,
      `Date: ${new Date().toUTCString()}`,
      "",
      `Nothing to see here, ${index}.`,
      "",
    ].join("\r\n"),
  );

async function verdicts(service: ServiceProcess): Promise<number> {
  const { body } = await service.api.request("GET", "/api/v1/ledger");
  return body.verdicts as number;
}

async function catchUp(sandbox: MicrosoftSandbox, service: ServiceProcess): Promise<void> {
  await connect(sandbox, service, { mode: "observe" });
  while (sandbox.subscriptions.size < SENDERS) await pause(100);
  const begun = performance.now();
  for (let index = 0; index < MAILS; index += 1) {
    await sandbox.send(address(index % SENDERS), mail(index));
    if (index % 50 === 0) while (index - (await verdicts(service)) > IN_FLIGHT) await pause(20);
  }
  while ((await verdicts(service)) < MAILS) await pause(50);
  const live = performance.now() - begun;
  await service.terminate();
  sandbox.notifications.on = false;
  for (let index = MAILS; index < 2 * MAILS; index += 1) await sandbox.send(address(index % SENDERS), mail(index));
  sandbox.notifications.on = true;
  await service.start();
  const back = performance.now();
  while ((await verdicts(service)) < 2 * MAILS) await pause(50);
  const late = performance.now() - back;
  const { body } = await service.api.request("GET", "/api/v1/ledger");
  process.stdout.write(
    `${MAILS} mails: live ${(live / 1_000).toFixed(1)} s, caught up after an outage in ${(late / 1_000).toFixed(1)} s ` +
      `(${(late / live).toFixed(2)} times); ledger ${JSON.stringify(body)}\n`,
  );
}

if (MAILBOXES > 0) await withTenant(MAILBOXES, onboarding);
if (MAILS > 0) await withTenant(SENDERS, catchUp);
