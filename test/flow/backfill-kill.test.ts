import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../connectors/sandbox/google/sandbox.ts";
import { openApiClient } from "../../src/cli/api-client.ts";
import { backfillMail, listBackfills, turnBackfill } from "../../src/cli/backfill.ts";
import { openBackfillBar } from "../../src/cli/backfill-bar.ts";
import { ADMIN_TOKEN } from "../support/flow-service.ts";
import { googleEnvironment, googleSettings, startPeopledGoogle } from "../support/google-service.ts";
import { type ServiceProcess, serviceProcess } from "../support/process-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, CARD, mail, policyWith } from "./mail.ts";
import { allRecords, connect, PATIENCE_MS, START_MS } from "./watching.ts";

const DAY_MS = 86_400_000;
const MAILS = 24;

describe("a backfill from the command line, killed in the middle", { timeout: 3 * PATIENCE_MS }, () => {
  let sandbox: GoogleSandbox;
  let service: ServiceProcess;
  beforeAll(async () => {
    sandbox = await startPeopledGoogle();
    for (let number = 0; number < MAILS; number++) {
      const from = number % 2 === 0 ? ann : bob;
      const text = number % 3 === 0 ? CARD : "hello";
      const at = new Date(Date.now() - DAY_MS - number * 3_600_000);
      sandbox.deposit(from, mail(`past-${number}`, { from, text }), { labels: ["SENT"], at });
    }
    service = await serviceProcess({ ...googleEnvironment(sandbox), POSTERN_BACKFILL_PER_SECOND: "8" });
    await service.start();
    await connect(service.api, googleSettings(sandbox), policyWith());
  }, START_MS);
  afterAll(async () => {
    await service.close();
    await sandbox.close();
  });

  it("goes on after kill -9, counts and records each mail once, and the command tells the end", async () => {
    const client = openApiClient(service.url, ADMIN_TOKEN);
    const [out, err]: [string[], string[]] = [[], []];
    const window = { since: new Date(Date.now() - 10 * DAY_MS), act: false, again: false };
    const begun = await backfillMail(
      { ...window, tenant: "Corp", wait: false },
      client,
      openBackfillBar(),
      (line) => out.push(line),
      (line) => err.push(line),
    );
    expect(begun).toBe(0);
    const id = out[0] ?? "";
    const look = async () => (await service.api.request("GET", `/api/v1/backfills/${id}`)).body;
    const scanned = async () => ((await look()).counts as { scanned: number }).scanned;
    await until("some messages", async () => (await scanned()) >= 4, PATIENCE_MS);
    await service.kill();
    await service.start();
    expect(await scanned()).toBeLessThan(MAILS);
    await until("its end", async () => (await look()).state === "done", PATIENCE_MS);
    expect((await look()).counts).toEqual({
      ...{ listed: MAILS, scanned: MAILS, already: 0, skipped: 0, failed: 0 },
      ...{ findings: MAILS / 3, incidents: MAILS / 3 },
    });
    const records = await allRecords(service.api);
    expect(new Set(records.map(({ subject }) => subject)).size).toBe(MAILS);
    expect(records.map(({ trigger }) => trigger)).toEqual(Array(MAILS).fill("backfill"));

    out.length = 0;
    const again = await backfillMail(
      { ...window, mailboxes: [ann], wait: true },
      client,
      openBackfillBar(),
      (line) => out.push(line),
      (line) => err.push(line),
    );
    expect({ again, out }).toEqual({
      again: 0,
      out: [`${MAILS / 2} listed, 0 scanned, ${MAILS / 2} already, 0 skipped, 0 failed; 0 findings, 0 incidents`],
    });
    out.length = 0;
    await listBackfills(client, (line) => out.push(line));
    expect(out).toHaveLength(2);
    expect(out[1]).toContain(`${id}\t`);
    await expect(turnBackfill(id, "pause", client, () => undefined)).rejects.toThrow("the backfill is done");
    await expect(
      backfillMail(
        { ...window, tenant: "none", wait: true },
        client,
        openBackfillBar(),
        () => {},
        () => {},
      ),
    ).rejects.toThrow("there is no such tenant");
  });
});
