import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../connectors/sandbox/google/sandbox.ts";
import { googleEnvironment, googleSettings, startPeopledGoogle } from "../support/google-service.ts";
import { type ServiceProcess, serviceProcess } from "../support/process-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, boss, CARD, carl, dora, IBAN, idOf, mail, policyWith } from "./mail.ts";
import { allRecords, closedLedger, connect, finishedOne, notices, PATIENCE_MS, START_MS } from "./watching.ts";

/** Where `kill -9` lands: the request of the service that is under way then. */
const POINTS = [
  { name: "while a message is fetched", operation: "gmail.users.messages.get", effect: { kind: "hold" } },
  { name: "after a copy was taken", operation: "gmail.users.messages.trash", effect: { kind: "withhold" } },
  { name: "after a notice was sent", operation: "gmail.users.messages.send", effect: { kind: "withhold" } },
] as const;

describe("kill -9 of the embedded service beside Gmail", { timeout: 3 * PATIENCE_MS }, () => {
  let sandbox: GoogleSandbox;
  let service: ServiceProcess;
  let sent = 0;
  beforeAll(async () => {
    sandbox = await startPeopledGoogle();
    service = await serviceProcess({ ...googleEnvironment(sandbox), POSTERN_CATCH_UP_SECONDS: "2" });
    await service.start();
    await connect(service.api, googleSettings(sandbox), policyWith());
    await until("watches", () => [ann, bob, carl, dora].every((address) => sandbox.watchOf(address)), PATIENCE_MS);
  }, START_MS);
  afterAll(async () => {
    await service.close();
    await sandbox.close();
  });

  const send = async (from: string, subject: string, text: string, to?: string) => {
    await sandbox.send(from, mail(subject, { from, text, ...(to === undefined ? {} : { to }) }));
    sent += 1;
  };
  const copiesOf = (address: string, subject: string) =>
    sandbox.messages(address).filter(({ internetMessageId }) => internetMessageId === idOf(subject));
  const isTaken = (address: string, subject: string) =>
    copiesOf(address, subject).map(({ labels }) => labels.includes("TRASH"));

  it.each(POINTS.map((point, index) => ({ ...point, round: `round-${index}` })))(
    "misses and doubles nothing when killed $name",
    async ({ operation, effect, round }) => {
      await send(carl, `${round}-before`, IBAN, dora);
      await finishedOne(service.api, `${round}-before`);
      const fault = sandbox.faults.add({ match: { operation }, effect });
      await send(ann, `${round}-under-way`, CARD);
      await fault.arrived();
      await service.kill();
      fault.remove();
      await send(bob, `${round}-meanwhile`, CARD);
      await send(dora, `${round}-meanwhile-clean`, "hello");
      await service.start();
      await send(ann, `${round}-after`, CARD);

      const record = await finishedOne(service.api, `${round}-under-way`);
      const others = await Promise.all(
        ["before", "meanwhile", "meanwhile-clean", "after"].map((name) => finishedOne(service.api, `${round}-${name}`)),
      );
      expect([record, ...others].map(({ verdict }) => verdict)).toEqual([
        "block",
        "quarantine",
        "block",
        "allow",
        "block",
      ]);
      expect(await closedLedger(service.api, sent)).toMatchObject({ dead: 0, missing: 0 });
      expect(await allRecords(service.api)).toHaveLength(sent);
      for (const [address, name] of [
        [carl, "before"],
        [dora, "before"],
        [ann, "under-way"],
        [bob, "meanwhile"],
        [ann, "after"],
      ] as const)
        expect(isTaken(address, `${round}-${name}`), `${name} of ${address}`).toEqual([true]);
      expect(isTaken(dora, `${round}-meanwhile-clean`)).toEqual([false]);
      for (const person of [ann, boss]) {
        const told = notices(sandbox.messages(person), record.id).length;
        const action = record.actions.find(({ kind, target }) => kind === "notify" && target === person);
        // A notice whose fate cannot be known is shown as such, and not repeated.
        if (action?.state === "done") expect(told, `notices to ${person}`).toBe(1);
        else expect({ reason: action?.reason, told: told <= 1 }).toEqual({ reason: "outcome-unknown", told: true });
      }
      const items = await service.api.quarantine();
      expect(items.filter(({ incident }) => incident === record.id)).toHaveLength(1);
    },
  );
});
