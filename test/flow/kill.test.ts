import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MicrosoftSandbox } from "../../connectors/sandbox/microsoft/sandbox.ts";
import { microsoftEnvironment, microsoftSettings, startPeopledMicrosoft } from "../support/microsoft-service.ts";
import { type ServiceProcess, serviceProcess } from "../support/process-service.ts";
import { until } from "../support/until.ts";
import { ann, boss, CARD, mail, policyWith } from "./mail.ts";
import { closedLedger, connect, finishedOne, notices, PATIENCE_MS, START_MS } from "./watching.ts";

/** Where `kill -9` lands, seen from the provider's side. `reach` resolves there, or the test fails. */
interface KillPoint {
  readonly name: string;
  /** Arranges the point before the mail is sent. Returns what waits until it is reached. */
  readonly arrange: (
    sandbox: MicrosoftSandbox,
    subject: string,
  ) => { reach(): Promise<void>; readonly lift: () => void };
}

const atFault =
  (rule: Parameters<MicrosoftSandbox["faults"]["add"]>[0]): KillPoint["arrange"] =>
  (sandbox) => {
    const fault = sandbox.faults.add(rule);
    return { reach: () => fault.arrived(), lift: () => {} };
  };

const POINTS: readonly KillPoint[] = [
  {
    name: "as soon as the web hook was answered",
    arrange: (sandbox) => {
      const before = sandbox.notifications.sent.length;
      return {
        reach: async () => {
          await until("an accepted notification", () =>
            sandbox.notifications.sent.slice(before).some(({ status }) => status === 202),
          );
        },
        lift: () => {},
      };
    },
  },
  {
    name: "while the message is fetched",
    arrange: atFault({ method: "GET", path: "*/messages/*", mailbox: ann, effect: { hold: "before" } }),
  },
  {
    name: "with half of the MIME delivered",
    arrange: atFault({ method: "GET", path: "*/$value", mailbox: ann, effect: { drip: { bytes: 64, everyMs: 100 } } }),
  },
  {
    name: "while the content is read",
    arrange: (sandbox) => {
      const before = sandbox.requests.length;
      return {
        reach: async () => {
          await until("a complete MIME", () =>
            sandbox.requests.slice(before).some(({ path, status }) => path.endsWith("/$value") && status === 200),
          );
        },
        lift: () => {},
      };
    },
  },
  {
    name: "before the move took effect",
    arrange: atFault({ method: "POST", path: "*/move", mailbox: ann, effect: { hold: "before" } }),
  },
  {
    name: "after the move took effect, its answer withheld",
    arrange: atFault({ method: "POST", path: "*/move", mailbox: ann, effect: { hold: "after" } }),
  },
  {
    name: "after a notice was sent, its answer withheld",
    arrange: atFault({ method: "POST", path: "*/sendMail", effect: { hold: "after" } }),
  },
];

describe("kill -9 of the embedded service", { timeout: 3 * PATIENCE_MS }, () => {
  let sandbox: MicrosoftSandbox;
  let service: ServiceProcess;
  let sent = 0;
  beforeAll(async () => {
    sandbox = await startPeopledMicrosoft();
    service = await serviceProcess({ ...microsoftEnvironment(sandbox), POSTERN_CATCH_UP_SECONDS: "2" });
    await service.start();
    await connect(service.api, microsoftSettings(sandbox), policyWith());
    await until("subscriptions", () => sandbox.subscriptions.size >= 6, PATIENCE_MS);
  }, START_MS);
  afterAll(async () => {
    await service.close();
    await sandbox.close();
  });

  it.each(POINTS.map((point, index) => ({ ...point, subject: `killed-${index}` })))(
    "loses and doubles nothing when killed $name",
    async ({ arrange, subject }) => {
      const bystander = `${subject}-bystander`;
      const { reach, lift } = arrange(sandbox, subject);
      await sandbox.send(ann, mail(subject, { text: `${CARD} ${"lorem ipsum dolor ".repeat(20_000)}` }));
      await sandbox.send(boss, mail(bystander, { from: boss }));
      sent += 2;
      await reach();
      await service.kill();
      lift();
      await service.start();

      const record = await finishedOne(service.api, subject, 2 * PATIENCE_MS);
      expect(record).toMatchObject({ verdict: "block", status: "complete" });
      expect((await finishedOne(service.api, bystander)).verdict).toBe("allow");
      const view = await closedLedger(service.api, sent, 2 * PATIENCE_MS);
      expect({ dead: view.dead, missing: view.missing }).toEqual({ dead: 0, missing: 0 });
      const copies = sandbox.messages(ann).filter((message) => message.subject === subject);
      expect(copies).toHaveLength(1);
      expect(copies[0]?.folder).not.toBe("sentitems");
      const effective = sandbox.requests.filter(
        ({ path, body, status }) => path.endsWith("/move") && body.length > 0 && status === 201,
      );
      expect(new Set(effective.map(({ path }) => path)).size).toBe(effective.length);
      for (const person of [ann, boss]) {
        const told = notices(sandbox.messages(person), record.id).length;
        const action = record.actions.find(({ kind, target }) => kind === "notify" && target === person);
        // A notice whose fate cannot be known is shown as such, and not repeated.
        if (action?.state === "done") expect(told, `notices to ${person}`).toBe(1);
        else expect({ reason: action?.reason, told: told <= 1 }).toEqual({ reason: "outcome-unknown", told: true });
      }
      const items = (await service.api.quarantine()).filter(({ incident }) => incident === record.id);
      expect(items).toHaveLength(1);
    },
  );
});
