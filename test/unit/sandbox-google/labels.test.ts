import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import { ANN, type Caller, gmailAs, mail, startWithPeople, text } from "./client.ts";

let sandbox: GoogleSandbox;
let gmail: Caller;
beforeAll(async () => {
  sandbox = await startWithPeople();
  gmail = await gmailAs(sandbox, ANN);
});
afterAll(() => sandbox.close());

const color = { textColor: "#ffffff", backgroundColor: "#cc3a21" };

describe("labels", () => {
  it("are created with a colour of the palette, listed, put on messages and counted", async () => {
    const created = await gmail("POST", "/labels", {
      name: "Postern/Blocked",
      color,
      labelListVisibility: "labelShow",
    });
    const id = text(created.body.id);
    expect(created.body).toMatchObject({ name: "Postern/Blocked", type: "user", color });
    const listed = await gmail("GET", "/labels");
    expect([...(listed.body.labels ?? [])].map((label) => text(label.id))).toEqual(
      expect.arrayContaining(["SENT", id]),
    );
    const sent = await sandbox.send(ANN, mail());
    await gmail("POST", `/messages/${sent.id}/modify`, { addLabelIds: [id] });
    expect((await gmail("GET", `/labels/${id}`)).body).toMatchObject({ messagesTotal: 1, threadsTotal: 1 });
    expect(sandbox.labels(ANN).get(id)).toBe("Postern/Blocked");
  });

  it.each([
    ["a reserved name in any case", { name: "Inbox" }, 400],
    ["no name", {}, 400],
    ["a colour outside the palette", { name: "Odd", color: { ...color, textColor: "#123456" } }, 400],
    ["half a colour", { name: "Half", color: { textColor: "#ffffff" } }, 400],
    ["an unknown visibility", { name: "Seen", labelListVisibility: "show" }, 400],
    ["a name that is taken, in another case", { name: "postern/blocked" }, 409],
  ])("are refused with %s", async (_name, label, status) => {
    expect((await gmail("POST", "/labels", label)).status).toBe(status);
  });

  it("keep the rest when patched, and lose it when replaced", async () => {
    const { body } = await gmail("POST", "/labels", { name: "Change", color });
    const id = text(body.id);
    expect((await gmail("PATCH", `/labels/${id}`, { name: "Changed" })).body).toMatchObject({ name: "Changed", color });
    expect((await gmail("PUT", `/labels/${id}`, { id, name: "Changed" })).body.color).toBeUndefined();
  });

  it("leave their messages when deleted, which history tells; system labels stay as they are", async () => {
    const id = text((await gmail("POST", "/labels", { name: "Short" })).body.id);
    const sent = await sandbox.send(ANN, mail());
    await gmail("POST", `/messages/${sent.id}/modify`, { addLabelIds: [id] });
    const start = sandbox.historyId(ANN);
    expect((await gmail("DELETE", `/labels/${id}`)).status).toBe(204);
    const { body } = await gmail("GET", `/history?startHistoryId=${start}`);
    expect(body.history?.[0]?.labelsRemoved?.[0]).toMatchObject({ labelIds: [id], message: { id: sent.id } });
    expect((await gmail("DELETE", `/labels/${id}`)).status).toBe(404);
    expect((await gmail("PATCH", "/labels/SENT", { name: "Out" })).status).toBe(400);
  });
});

describe("send-as addresses", () => {
  it("are the primary address and the aliases", async () => {
    const { body } = await gmail("GET", "/settings/sendAs");
    expect(body.sendAs).toMatchObject([{ sendAsEmail: ANN, isPrimary: true }, { sendAsEmail: "a@corp.example" }]);
  });
});
