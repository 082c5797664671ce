import { afterEach, beforeEach, expect, test } from "vitest";
import { mimeOf, type Rig, startRig } from "./graph-client.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const ann = "/users/ann@corp.example";
const bobsInbox = () => rig.sandbox.messages("bob@corp.example", "inbox");
const to = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));

test("mail reaches every recipient once: by alias, through nested groups, and outside", async () => {
  rig.sandbox.addGroup({
    address: "team@corp.example",
    members: ["bob@corp.example", "all@corp.example", "guest@out.example"],
  });
  rig.sandbox.addGroup({ address: "all@corp.example", members: ["eve@corp.example", "team@corp.example"] });
  const mime = mimeOf({ to: "robert@corp.example, team@corp.example", cc: "x@out.example", bcc: "eve@corp.example" });
  await rig.sandbox.send("ann@corp.example", mime, { bcc: ["y@out.example"] });
  expect(bobsInbox()).toHaveLength(1);
  expect(rig.sandbox.messages("eve@corp.example", "inbox")).toHaveLength(1);
  expect(rig.sandbox.outside.map((mail) => mail.to).sort()).toEqual([
    "guest@out.example",
    "x@out.example",
    "y@out.example",
  ]);
  expect(rig.sandbox.traces).toHaveLength(5);
});

test("blind copies stay in the sender's copy and nowhere else", async () => {
  const mime = mimeOf({ bcc: "x@out.example" });
  const { messageId } = await rig.sandbox.send("ann@corp.example", mime, { bcc: ["eve@corp.example"] });
  const { json } = await rig.call("GET", `${ann}/messages/${messageId}?$select=bccRecipients`);
  const addresses = json.bccRecipients.map((one: { emailAddress: { address: string } }) => one.emailAddress.address);
  expect(addresses).toEqual(["x@out.example", "eve@corp.example"]);
  expect(bobsInbox()[0]?.mime.toString()).not.toMatch(/bcc|x@out/i);
  expect(rig.sandbox.outside[0]?.mime.toString()).not.toMatch(/bcc/i);
});

test("mail that is not saved leaves no trace in Sent Items and is delivered", async () => {
  const { messageId } = await rig.sandbox.send("ann@corp.example", mimeOf(), { saveToSentItems: false });
  expect(messageId).toBeNull();
  expect(rig.sandbox.messages("ann@corp.example")).toEqual([]);
  expect(bobsInbox()).toHaveLength(1);
});

test("a sent draft has another immutable id, unless the client keeps it", async () => {
  const draft = rig.sandbox.saveDraft("ann@corp.example", mimeOf()).messageId;
  expect((await rig.call("POST", `${ann}/messages/${draft}/send`)).status).toBe(202);
  expect((await rig.call("GET", `${ann}/messages/${draft}`)).status).toBe(404);
  rig.sandbox.quirks.sentKeepsDraftId = true;
  const second = rig.sandbox.saveDraft("ann@corp.example", mimeOf()).messageId;
  await rig.call("POST", `${ann}/messages/${second}/send`);
  expect((await rig.call("GET", `${ann}/messages/${second}?$select=isDraft`)).json.isDraft).toBe(false);
  expect(rig.sandbox.messages("ann@corp.example", "sentitems")).toHaveLength(2);
});

test("sendMail takes JSON, sends it as the mailbox, and keeps no copy when told so", async () => {
  const message = {
    subject: "Notice",
    body: { contentType: "html", content: "<b>blocked</b>" },
    toRecipients: to("bob@corp.example"),
    internetMessageHeaders: [{ name: "x-dlp-notice", value: "1" }],
  };
  const { status } = await rig.call("POST", `${ann}/sendMail`, { body: { message, saveToSentItems: false } });
  expect(status).toBe(202);
  expect(rig.sandbox.messages("ann@corp.example")).toEqual([]);
  expect(bobsInbox()[0]?.mime.toString()).toMatch(/^x-dlp-notice: 1\r$/im);
  expect(bobsInbox()[0]?.mime.toString()).toMatch(/^From: ann@corp.example\r$/m);
});

test("sendMail takes MIME as base64 and delivers the same bytes", async () => {
  const mime = mimeOf({ headers: ["X-Own: 1"] });
  expect((await rig.call("POST", `${ann}/sendMail`, { body: mime.toString("base64") })).status).toBe(202);
  expect(bobsInbox()[0]?.mime.subarray(-mime.length).equals(mime)).toBe(true);
  const { status } = await rig.call("POST", `${ann}/sendMail`, { body: "not base64!", unchecked: true });
  expect(status).toBe(400);
});

test.each([
  ["no custom headers in a list", { internetMessageHeaders: [] }],
  [
    "six custom headers",
    { internetMessageHeaders: Array.from({ length: 6 }, (_, n) => ({ name: `x-${n}`, value: "1" })) },
  ],
  [
    "a header that does not start with x-",
    { internetMessageHeaders: [{ name: "Auto-Submitted", value: "auto-generated" }] },
  ],
  ["no recipient", { toRecipients: [] }],
  ["an attachment without its type", { attachments: [{ name: "a", contentBytes: "YQ==" }] }],
])("sendMail refuses %s and sends nothing", async (_, change) => {
  const message = { subject: "x", toRecipients: to("bob@corp.example"), ...change };
  const { status } = await rig.call("POST", `${ann}/sendMail`, { body: { message }, unchecked: true });
  expect(status).toBe(400);
  expect(bobsInbox()).toEqual([]);
});

test("a draft can be made from JSON or MIME, given an attachment, and sent", async () => {
  const json = await rig.call("POST", `${ann}/messages`, {
    body: { subject: "a", toRecipients: to("bob@corp.example") },
  });
  expect([json.status, json.json.isDraft]).toEqual([201, true]);
  expect((await rig.call("POST", `${ann}/messages`, { body: mimeOf().toString("base64") })).status).toBe(201);
  const attachment = {
    "@odata.type": "#microsoft.graph.fileAttachment",
    name: "a.txt",
    contentType: "text/plain",
    contentBytes: Buffer.from("inside").toString("base64"),
  };
  const added = await rig.call("POST", `${ann}/messages/${json.json.id}/attachments`, { body: attachment });
  expect([added.status, added.json.name]).toEqual([201, "a.txt"]);
  await rig.call("POST", `${ann}/messages/${json.json.id}/send`);
  expect(bobsInbox()[0]?.mime.toString()).toMatch(/filename=a\.txt/);
});

test("a deferred draft waits in Drafts, and deleting it cancels the sending", async () => {
  const defer = { id: "SystemTime 0x3FEF", value: new Date(Date.now() + 3_600_000).toISOString() };
  const body = { subject: "later", toRecipients: to("bob@corp.example"), singleValueExtendedProperties: [defer] };
  const { json } = await rig.call("POST", `${ann}/messages`, { body });
  expect((await rig.call("POST", `${ann}/messages/${json.id}/send`)).status).toBe(202);
  expect(rig.sandbox.messages("ann@corp.example").map((one) => one.folder)).toEqual(["drafts"]);
  expect(bobsInbox()).toEqual([]);
});

test("a draft whose deferred time is past goes out at once", async () => {
  const defer = { id: "SystemTime 0x3FEF", value: "2020-01-01T00:00:00Z" };
  const body = { subject: "now", toRecipients: to("bob@corp.example"), singleValueExtendedProperties: [defer] };
  const { json } = await rig.call("POST", `${ann}/messages`, { body });
  await rig.call("POST", `${ann}/messages/${json.id}/send`);
  expect(bobsInbox()).toHaveLength(1);
});

async function recall(messageId: string | null) {
  return await rig.call("POST", `${ann}/mailFolders/sentitems/messages/${messageId}/recall`, { version: "beta" });
}

const reports = () => rig.sandbox.messages("ann@corp.example", "inbox").map((one) => one.mime.toString());

test("recall takes internal copies back from any folder, leaves outside ones, and reports by mail", async () => {
  const { messageId } = await rig.sandbox.send("ann@corp.example", mimeOf({ to: "bob@corp.example, x@out.example" }));
  const [copy] = bobsInbox();
  rig.sandbox.move("bob@corp.example", copy?.id ?? "", "archive");
  expect((await recall(messageId)).status).toBe(202);
  await expect.poll(() => reports().length).toBe(1);
  expect(rig.sandbox.messages("bob@corp.example")).toEqual([]);
  expect(rig.sandbox.messages("ann@corp.example", "sentitems")).toHaveLength(1);
  expect(reports()[0]).toMatch(/bob@corp.example: recalled\r\nx@out.example: failed/);
});

test("recall spares read mail where the administrator said so", async () => {
  rig.sandbox.quirks.recallReadMessages = false;
  const { messageId } = await rig.sandbox.send("ann@corp.example", mimeOf());
  rig.sandbox.setRead("bob@corp.example", bobsInbox()[0]?.id ?? "", true);
  await recall(messageId);
  await expect.poll(() => reports().length).toBe(1);
  expect(bobsInbox()).toHaveLength(1);
});

test("recall exists in beta only and for Sent Items only", async () => {
  const { messageId } = await rig.sandbox.send("ann@corp.example", mimeOf());
  const path = `${ann}/mailFolders/sentitems/messages/${messageId}/recall`;
  expect((await rig.call("POST", path, { unchecked: true })).status).toBe(400);
  rig.sandbox.move("ann@corp.example", messageId ?? "", "archive");
  expect((await recall(messageId)).status).toBe(404);
});

test("a message restored after deletion is another item with the same Message-ID", async () => {
  const { messageId } = await rig.sandbox.send("ann@corp.example", mimeOf());
  const restored = rig.sandbox.deleteAndRestore("ann@corp.example", messageId ?? "").messageId;
  expect(restored).not.toBe(messageId);
  expect(rig.sandbox.messages("ann@corp.example", "sentitems")[0]?.internetMessageId).toBe("<m1@corp.example>");
});
