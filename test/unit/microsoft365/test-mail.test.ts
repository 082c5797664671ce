import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { consentPage } from "../../../connectors/microsoft365/consent.ts";
import type { TestMailRoute } from "../../../src/core/test-mail.ts";
import { PEOPLE, SERVICE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();
const mail = {
  mailbox: SERVICE,
  internetMessageId: "<postern-test-1@contoso.example>",
  subject: "[Postern test 0123456789ab] This mail tests the connection",
  text: "A test.",
  mark: ["x-postern-notice", "t1.1.2.3"],
} as const;

describe("the test mail of the live check", () => {
  let tenant: TestTenant;
  let route: TestMailRoute;
  beforeEach(async () => {
    tenant = await startTestTenant();
    route = tenant.connector.testMail ?? expect.fail("the connector sends no test mail");
  });
  afterEach(() => tenant.close());

  const folders = () =>
    tenant.sandbox
      .messages(SERVICE)
      .map(({ folder }) => folder)
      .sort();

  it("goes from a mailbox to itself, marked, and is found among the sent mail", async () => {
    expect(await route.findSent(mail, signal)).toBeUndefined();
    await route.send(mail, signal);
    const sent = await route.findSent(mail, signal);
    const kept = tenant.sandbox.messages(SERVICE, "sentitems");
    expect(sent).toMatchObject({ ref: { mailbox: SERVICE, messageId: kept[0]?.id }, ...pick(mail) });
    expect(kept.map(({ mime }) => mime.toString())).toEqual([
      expect.stringMatching(/^x-postern-notice: t1\.1\.2\.3$/im),
    ]);
    expect(folders()).toEqual(["inbox", "sentitems"]);
  });

  it("is found by its subject when the service sent it under another Message-ID", async () => {
    const other = "<other@prod.outlook.example>";
    await route.send({ ...mail, internetMessageId: other }, signal);
    const sent = await route.findSent(mail, signal);
    expect(sent?.internetMessageId).toBe(other);
    expect(await route.remove(mail, sent, signal)).toBe(2);
  });

  it("is put into the trash with all of its copies, once, and nothing else is touched", async () => {
    await tenant.sandbox.send(
      SERVICE,
      Buffer.from(`From: ${SERVICE}\r\nTo: ${SERVICE}\r\nSubject: mine\r\n\r\nkeep\r\n`),
    );
    await route.send(mail, signal);
    const sent = await route.findSent(mail, signal);
    expect(await route.remove(mail, sent, signal)).toBe(2);
    expect(await route.remove(mail, sent, signal)).toBe(0);
    expect(folders()).toEqual(["deleteditems", "deleteditems", "inbox", "sentitems"]);
  });

  it("is not sent where the tenant is only observed", async () => {
    const observing = tenant.open({ mode: "observe" }).testMail;
    await expect(observing?.send(mail, signal)).rejects.toMatchObject({ code: "PROVIDER_FORBIDDEN" });
    expect(folders()).toEqual([]);
  });

  it("says that a mailbox is not there", async () => {
    const missing = { ...mail, mailbox: PEOPLE.outsider };
    await expect(route.send(missing, signal)).rejects.toMatchObject({ code: "MAILBOX_UNAVAILABLE" });
  });
});

it("the consent address asks for what each mode needs", () => {
  const back = { redirectUri: "https://postern.example/oauth/microsoft/callback", state: "s" };
  const page = (mode: "observe" | "respond") =>
    consentPage({ cloud: "us-gov-high", tenantId: "t", clientId: "c", mode }, back);
  expect(page("observe")).toMatchObject({
    address: expect.stringMatching(/^https:\/\/login\.microsoftonline\.us\/t\/v2\.0\/adminconsent\?client_id=c&/),
    permissions: ["Mail.Read", "User.Read.All", "Domain.Read.All", "GroupMember.Read.All"],
  });
  expect(page("respond")).toMatchObject({ permissions: expect.arrayContaining(["Mail.ReadWrite", "Mail.Send"]) });
});

function pick({ internetMessageId }: typeof mail) {
  return { internetMessageId };
}
