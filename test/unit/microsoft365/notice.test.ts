import PostalMime from "postal-mime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMicrosoftConnector } from "../../../connectors/microsoft365/connector.ts";
import { perform, sendMail } from "./support/acting.ts";
import { meet, PEOPLE, SERVICE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const noticeTo = (to: string) => ({
  to,
  subject: "A mail was blocked",
  text: "A mail was blocked.",
  html: "<p>A mail was blocked.</p>",
  headers: { "x-postern-notice": "n-1" },
});

describe("notices", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  const notify = async (to: string, attempts: number, id = "notify-1") =>
    await perform(tenant, await sendMail(tenant, [PEOPLE.outsider]), {
      kind: "notify",
      id,
      target: to,
      notice: noticeTo(to),
      attempts,
    });
  const notices = (address: string) =>
    tenant.sandbox.messages(address).filter((message) => message.subject === "A mail was blocked");

  it("come from the service mailbox in text and HTML, marked as written by a machine", async () => {
    await notify(PEOPLE.manager, 0);
    const mail = await PostalMime.parse(notices(PEOPLE.manager)[0]?.mime ?? "");
    expect(mail.from?.address).toBe(SERVICE);
    expect(mail.text?.trim()).toBe("A mail was blocked.");
    expect(mail.html?.trim()).toBe("<p>A mail was blocked.</p>");
    const headers = new Map(mail.headers.map(({ key, value }) => [key, value]));
    expect(headers.get("x-postern-notice")).toBe("n-1");
    expect(headers.get("auto-submitted")).toBe("auto-generated");
    expect(headers.get("content-type")).toMatch(/^multipart\/alternative/);
  });

  it("are found again by their header where the Message-ID was replaced", async () => {
    await notify(PEOPLE.manager, 0);
    const withoutIds = tenant.open(
      {},
      {
        fetch: async (input, init) =>
          await fetch(
            String(input).replace(/internetMessageId%20eq%20'[^']*'/, "internetMessageId%20eq%20'%3Cother%3E'"),
            init,
          ),
      },
    );
    const again = await perform({ ...tenant, connector: withoutIds }, await sendMail(tenant), {
      kind: "notify",
      id: "notify-1",
      target: PEOPLE.manager,
      notice: noticeTo(PEOPLE.manager),
      attempts: 1,
    });
    expect(again.state).toBe("done");
    expect(notices(PEOPLE.manager)).toHaveLength(1);
  });

  it("are sent once when the answer was lost", async () => {
    meet(tenant.sandbox, { path: "*/sendMail" }, { reset: "after" });
    await expect(notify(PEOPLE.manager, 0)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(await notify(PEOPLE.manager, 1)).toMatchObject({ state: "done" });
    expect(notices(PEOPLE.manager)).toHaveLength(1);
  });

  it("to people outside are found in the service mailbox when the answer was lost", async () => {
    meet(tenant.sandbox, { path: "*/sendMail" }, { reset: "after" });
    await expect(notify(PEOPLE.outsider, 0)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(await notify(PEOPLE.outsider, 1)).toMatchObject({ state: "done" });
    expect(tenant.sandbox.outside.filter((mail) => mail.from === SERVICE)).toHaveLength(1);
  });

  it("to people outside end as unknown when the request was lost", async () => {
    meet(tenant.sandbox, { path: "*/sendMail" }, { reset: "before" });
    await expect(notify(PEOPLE.outsider, 0)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(await notify(PEOPLE.outsider, 1)).toEqual({ state: "failed", reason: "outcome-unknown" });
  });

  it("to people outside are sent again when the first try was refused for certain, and only then", async () => {
    meet(tenant.sandbox, { path: "*/sendMail" }, { answer: { status: 403, code: "ErrorAccessDenied" } });
    await expect(notify(PEOPLE.outsider, 0)).rejects.toMatchObject({ code: "PROVIDER_FORBIDDEN" });
    expect(await notify(PEOPLE.outsider, 1)).toMatchObject({ state: "done" });
    expect(tenant.sandbox.outside.filter((mail) => mail.from === SERVICE)).toHaveLength(1);
    const reopened = tenant.open();
    const unknown = await perform({ ...tenant, connector: reopened }, await sendMail(tenant), {
      kind: "notify",
      id: "notify-2",
      target: PEOPLE.outsider,
      notice: noticeTo(PEOPLE.outsider),
      attempts: 1,
    });
    expect(unknown).toEqual({ state: "failed", reason: "outcome-unknown" });
  });

  it("are not possible without a mailbox to send them", async () => {
    const { serviceMailbox: _none, ...settings } = tenant.settings;
    const bare = openMicrosoftConnector(settings, {
      tenantId: "t",
      endpoints: {},
      clock: { now: () => new Date() },
      logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      metrics: { count: () => {}, observe: () => {} },
      lookup: async () => undefined,
    });
    const outcome = await perform({ ...tenant, connector: bare }, await sendMail(tenant), {
      kind: "notify",
      notice: noticeTo(PEOPLE.manager),
    });
    expect(outcome).toEqual({ state: "not-possible", reason: "no-service-mailbox" });
    bare.close();
  });
});
