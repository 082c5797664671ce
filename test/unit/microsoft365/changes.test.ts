import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleMail } from "../../contract/connector-harness.ts";
import { meet, PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();

describe("changes of a folder", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  const send = async (number: number) => {
    const mime = sampleMail(PEOPLE.sender, [PEOPLE.outsider], `<changes-${number}@x.example>`);
    return (await tenant.sandbox.send(PEOPLE.sender, mime)).messageId ?? "";
  };
  const read = (cursor?: string, since = new Date(0), stage: "sent" | "draft" = "sent") =>
    tenant.connector.changes({ mailbox: PEOPLE.sender, stage, cursor, since }, signal);
  const idsOf = (messages: readonly { readonly messageId: string }[]) =>
    messages.map((message) => message.messageId).sort((one, other) => one.localeCompare(other));

  it("come complete in small pages, with an empty one among them", async () => {
    tenant.sandbox.quirks.maxPageSize = 2;
    tenant.sandbox.quirks.emptyFirstDeltaPage = true;
    const sent: string[] = [];
    for (let number = 0; number < 7; number += 1) sent.push(await send(number));
    const { messages } = await read();
    expect(idsOf(messages)).toEqual(sent.sort((one, other) => one.localeCompare(other)));
  });

  it("take in what was sent in the very second of connecting", async () => {
    const second = Math.floor(Date.now() / 1_000) * 1_000;
    const id = await send(1);
    const { messages } = await read(undefined, new Date(second + 999));
    expect(idsOf(messages)).toEqual([id]);
  });

  it("end with CURSOR_EXPIRED when the service forgets its token half-way", async () => {
    const { cursor } = await read();
    tenant.sandbox.quirks.maxPageSize = 2;
    for (let number = 0; number < 5; number += 1) await send(number);
    const answer = { status: 410, code: "SyncStateNotFound", message: "generation=149;[highest=157]" };
    meet(tenant.sandbox, { path: "*/delta*", nth: 2 }, { answer });
    await expect(read(cursor)).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
    tenant.sandbox.expireDeltaTokens();
    await expect(read(cursor)).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
    expect((await read()).messages).toHaveLength(5);
  });

  it("name each message once, whatever the answer repeats, and none for what was removed", async () => {
    const line = { id: "M1", sentDateTime: "2026-11-30T10:00:00Z" };
    const gone = { id: "M2", "@removed": { reason: "deleted" } };
    const link = `${tenant.sandbox.graphUrl}/v1.0/users/x/mailFolders/sentitems/messages/delta?$deltatoken=t`;
    const body = { "@odata.deltaLink": link, value: [line, gone, line, { id: "M3" }] };
    meet(tenant.sandbox, { path: "*/delta*" }, { answer: { status: 200, body } });
    expect(idsOf((await read()).messages)).toEqual(["M1", "M3"]);
  });

  it("are refused when a page links to itself for ever", async () => {
    const link = `${tenant.sandbox.graphUrl}/v1.0/users/x/mailFolders/sentitems/messages/delta?$skiptoken=t`;
    const body = { "@odata.nextLink": link, value: [] };
    meet(tenant.sandbox, { path: "*/delta*", count: 5 }, { answer: { status: 200, body } });
    await expect(read()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE", details: { call: "delta" } });
  });

  it("bring a draft again each time it was saved", async () => {
    const { cursor } = await read(undefined, new Date(0), "draft");
    const mime = sampleMail(PEOPLE.sender, [PEOPLE.outsider], "<draft-1@x.example>");
    const { messageId } = tenant.sandbox.saveDraft(PEOPLE.sender, mime);
    const first = await read(cursor, new Date(0), "draft");
    tenant.sandbox.saveDraft(PEOPLE.sender, mime, messageId);
    const second = await read(first.cursor, new Date(0), "draft");
    expect([idsOf(first.messages), idsOf(second.messages)]).toEqual([[messageId], [messageId]]);
    const ref = first.messages[0];
    if (ref === undefined) throw new Error("no draft");
    expect(await tenant.connector.fetch(ref, signal)).toMatchObject({ isDraft: true });
  });

  it("of a mailbox that is not there say so", async () => {
    tenant.sandbox.addUser({ address: "new@contoso.example", displayName: "New", usable: false });
    const request = { mailbox: "new@contoso.example", stage: "sent", cursor: undefined, since: new Date() } as const;
    await expect(tenant.connector.changes(request, signal)).rejects.toMatchObject({ code: "MAILBOX_UNAVAILABLE" });
  });
});

describe("a fetched message", () => {
  it("names the recipients that its text hides", async () => {
    const tenant = await startTestTenant();
    const mime = sampleMail(PEOPLE.sender, [PEOPLE.outsider], "<bcc-1@x.example>");
    const { messageId } = await tenant.sandbox.send(PEOPLE.sender, mime, { bcc: ["Secret@Out.Example"] });
    const ref = { provider: "microsoft", tenantId: "t", mailbox: PEOPLE.sender, messageId: messageId ?? "" } as const;
    const { recipients, at } = await tenant.connector.fetch(ref, signal);
    expect(recipients).toEqual([
      { address: PEOPLE.outsider, field: "to" },
      { address: "secret@out.example", field: "bcc" },
    ]);
    expect(at).toBeInstanceOf(Date);
    await tenant.close();
  });
});
