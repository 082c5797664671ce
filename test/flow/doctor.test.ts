import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openApiClient } from "../../src/cli/api-client.ts";
import { type DoctorOptions, doctorOverApi, runDoctor } from "../../src/cli/doctor.ts";
import type { FlowService } from "../support/flow-service.ts";
import { type GoogleFlow, startGoogleFlow } from "../support/google-service.ts";
import { ADMIN_TOKEN, DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob } from "./mail.ts";
import { allRecords, ledger, PATIENCE_MS, START_MS } from "./watching.ts";

const dlp = `dlp@${DOMAIN}`;

async function runOn(flow: FlowService, options: Partial<DoctorOptions> = {}, id?: string) {
  const printed: string[] = [];
  const source = doctorOverApi(openApiClient(flow.service.url ?? "", ADMIN_TOKEN));
  const print = (line: string): number => printed.push(line);
  const status = await runDoctor(id, { send: true, ...options }, source, print, () => undefined);
  return {
    status,
    text: printed.join("\n"),
    live: printed.filter((line) => /^ {2}\w+ +\S+ +(-|[\d.]+ s) {2}/.test(line)),
  };
}

/** Resolves when every chosen mailbox has its registration: from then on notifications come. */
async function connectAndWatch(flow: FlowService, settings: unknown): Promise<string> {
  const { status, body } = await flow.api.request("POST", "/api/v1/tenants", settings);
  expect(status).toBe(201);
  const wanted = (settings as { mailboxes: "all" | string[] }).mailboxes;
  await until(
    "registrations",
    async () => {
      const { body: list } = await flow.api.request("GET", `/api/v1/mailboxes?tenant=${body.id}`);
      const mailboxes = list.items as { address: string; watchedUntil: string | null }[];
      const watched = mailboxes.filter(({ address }) => wanted === "all" || wanted.includes(address));
      return watched.length > 0 && watched.every(({ watchedUntil }) => watchedUntil !== null);
    },
    PATIENCE_MS,
  );
  return body.id as string;
}

async function disconnectAll(flow: FlowService): Promise<void> {
  const { body } = await flow.api.request("GET", "/api/v1/tenants");
  for (const { id } of body.items as { id: string }[]) await flow.api.request("DELETE", `/api/v1/tenants/${id}`);
}

/** State and name of each line of the live check. */
const stepsOf = (live: readonly string[]) => live.map((line) => line.trim().split(/ +/).slice(0, 2).join(" "));

const ALL_WELL = ["ok send", "ok sent-copy", "ok read", "ok catch-up", "ok ledger", "ok clean-up"];

describe("the doctor on a Microsoft 365 tenant", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
  }, START_MS);
  afterEach(() => disconnectAll(flow));
  afterAll(() => flow.close());

  const sendings = () => flow.sandbox.requests.filter(({ path }) => path.endsWith("/sendMail")).length;

  it("sends a mail from the service mailbox to itself, sees it in the ledger and nowhere else, and takes it away", async () => {
    await connectAndWatch(flow, flow.settings());
    const skipped = (await ledger(flow.api)).skipped;
    const { status, text, live } = await runOn(flow);
    expect(stepsOf(live)).toEqual(ALL_WELL);
    expect(status).toBe(0);
    expect(text).toContain("by notification");
    expect(text).toMatch(new RegExp(`consent: \\S+/${flow.sandbox.tenantId}/v2.0/adminconsent\\?client_id=`));
    expect(text).toContain("application permissions: Mail.Read,");
    expect((await ledger(flow.api)).skipped).toBe(skipped + 1);
    expect(await allRecords(flow.api)).toEqual([]);
    expect(flow.sandbox.messages(dlp).map(({ folder }) => folder)).toEqual(["deleteditems", "deleteditems"]);
    expect(flow.sandbox.outside).toEqual([]);
  });

  it("sends nothing when it is told not to, and says where to grant consent all the same", async () => {
    await connectAndWatch(flow, flow.settings());
    const before = sendings();
    const { status, text, live } = await runOn(flow, { send: false });
    expect({ status, live }).toEqual({ status: 0, live: [] });
    expect(text).toContain("adminconsent");
    expect(sendings()).toBe(before);
  });

  it("says that a mailbox which is not watched proves nothing about the service, and takes another by name", async () => {
    const id = await connectAndWatch(flow, flow.settings({ mailboxes: [ann] }));
    const unwatched = await runOn(flow, {}, id);
    expect(stepsOf(unwatched.live)).toEqual(ALL_WELL.map((step) => (step === "ok ledger" ? "warning ledger" : step)));
    expect(unwatched.text).toContain(`not proved: ${dlp} is not watched`);
    expect(unwatched.status).toBe(0);
    const named = await runOn(flow, { mailbox: ann }, id);
    expect(stepsOf(named.live)).toEqual(ALL_WELL);
    await expect(runOn(flow, { mailbox: bob }, id)).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    expect(await allRecords(flow.api)).toEqual([]);
  });

  it("never sends in observe mode: a warning, and no fault", async () => {
    await connectAndWatch(flow, flow.settings({ mode: "observe" }));
    const before = sendings();
    const { status, text, live } = await runOn(flow);
    expect({ status, steps: stepsOf(live) }).toEqual({ status: 0, steps: ["warning send"] });
    expect(text).toContain("not possible: needs Mail.Send");
    expect(sendings()).toBe(before);
  });

  it("names the right to send that is missing, and exits 1 for it", async () => {
    flow.sandbox.application.roles.delete("Mail.Send");
    flow.sandbox.revokeTokens();
    await connectAndWatch(flow, flow.settings());
    const { status, text, live } = await runOn(flow);
    flow.sandbox.application.roles.add("Mail.Send");
    flow.sandbox.revokeTokens();
    expect({ status, steps: stepsOf(live) }).toEqual({ status: 1, steps: ["warning send"] });
    expect(text).toMatch(/missing send: Mail\.Send/);
  });

  it("reports the mail that does not appear, with the provider's error", async () => {
    await connectAndWatch(flow, flow.settings());
    const fault = flow.sandbox.faults.add({
      method: "POST",
      path: "*/sendMail",
      effect: { answer: { status: 503, code: "ServiceUnavailable" } },
    });
    const { status, live } = await runOn(flow);
    fault.remove();
    expect({ status, steps: stepsOf(live) }).toEqual({ status: 1, steps: ["failed send", "ok clean-up"] });
    expect(live[0]).toContain("PROVIDER_UNAVAILABLE");
  });
});

describe("the doctor on a Google Workspace customer", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: GoogleFlow;
  beforeAll(async () => {
    flow = await startGoogleFlow();
  }, START_MS);
  afterEach(() => disconnectAll(flow));
  afterAll(() => flow.close());

  it("sends a mail to itself, sees it in the ledger and nowhere else, and takes it away", async () => {
    await connectAndWatch(flow, flow.settings());
    const { status, text, live } = await runOn(flow);
    expect(stepsOf(live)).toEqual(ALL_WELL);
    expect(status).toBe(0);
    const { client_id } = flow.sandbox.serviceAccount;
    expect(text).toContain(`https://admin.google.com/ac/owl/domainwidedelegation?clientIdToAdd=${client_id}`);
    expect(text).toContain(`client id: ${client_id}`);
    expect(text).toMatch(/scopes: https:\/\/www\.googleapis\.com\/auth\/gmail\.metadata,\S+gmail\.send$/m);
    expect(await allRecords(flow.api)).toEqual([]);
    const [copy] = flow.sandbox.messages(flow.sandbox.adminEmail);
    expect(copy?.labels).toContain("TRASH");
  });

  it("tells how to find the client id when the key does not hold it", async () => {
    const { client_email, private_key } = flow.sandbox.serviceAccount;
    const key = { client_email, private_key };
    await connectAndWatch(flow, flow.settings({ credential: { kind: "service-account-key", key } }));
    const { text } = await runOn(flow, { send: false });
    expect(text).toContain(`gcloud iam service-accounts describe ${client_email}`);
  });

  it("never sends in observe mode: a warning, and no fault", async () => {
    await connectAndWatch(flow, flow.settings({ mode: "observe" }));
    const before = flow.sandbox.meters.calls("gmail.users.messages.send");
    const { status, text, live } = await runOn(flow);
    expect({ status, steps: stepsOf(live) }).toEqual({ status: 0, steps: ["warning send"] });
    expect(text).toContain("needs https://www.googleapis.com/auth/gmail.send");
    expect(flow.sandbox.meters.calls("gmail.users.messages.send")).toBe(before);
  });
});
