import { afterEach, beforeEach, expect, test } from "vitest";
import { mimeOf, type Rig, startRig } from "./graph-client.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

test("the message trace has a line for each recipient, also of mail that was never saved", async () => {
  await rig.sandbox.send("ann@corp.example", mimeOf({ to: "bob@corp.example, x@out.example" }), {
    saveToSentItems: false,
  });
  const filter = encodeURIComponent("senderAddress eq 'ann@corp.example'");
  const { json } = await rig.call("GET", `/admin/exchange/tracing/messageTraces?$filter=${filter}`);
  expect(
    json.value.map((trace: { messageId: string; recipientAddress: string }) => [
      trace.messageId,
      trace.recipientAddress,
    ]),
  ).toEqual([
    ["<m1@corp.example>", "bob@corp.example"],
    ["<m1@corp.example>", "x@out.example"],
  ]);
});

async function remediate(action: string, recipientEmailAddress: string): Promise<number> {
  const [trace] = rig.sandbox.traces;
  const email = { networkMessageId: trace?.networkMessageId, recipientEmailAddress };
  const body = {
    displayName: "d",
    description: "d",
    severity: "high",
    action,
    remediateSendersCopy: false,
    analyzedEmails: [email],
  };
  return (await rig.call("POST", "/security/collaboration/analyzedEmails/remediate", { body })).status;
}

test("remediation needs its own role", async () => {
  await rig.sandbox.send("ann@corp.example", mimeOf());
  expect(await remediate("hardDelete", "bob@corp.example")).toBe(403);
});

test.each([
  ["softDelete", ["recoverableitemsdeletions"]],
  ["hardDelete", []],
])("%s takes the recipient's copy and leaves the sender's", async (action, folders) => {
  rig.sandbox.application.roles.add("SecurityAnalyzedMessage.ReadWrite.All");
  rig.sandbox.revokeTokens();
  await rig.call("GET", "/users");
  await rig.sandbox.send("ann@corp.example", mimeOf());
  expect(await remediate(action, "bob@corp.example")).toBe(202);
  await expect.poll(() => rig.sandbox.messages("bob@corp.example").map((one) => one.folder)).toEqual(folders);
  expect(rig.sandbox.messages("ann@corp.example", "sentitems")).toHaveLength(1);
});

test("other clouds have no message trace", async () => {
  rig.sandbox.quirks.globalCloud = false;
  expect((await rig.call("GET", "/admin/exchange/tracing/messageTraces")).status).toBe(404);
});
