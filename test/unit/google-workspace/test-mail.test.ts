import { afterEach, describe, expect, it } from "vitest";
import { consentPage } from "../../../connectors/google-workspace/consent.ts";
import { ANN, BOB, openSandboxTenant, type SandboxTenant, mail as userMail } from "./sandbox-tenant.ts";

const { signal } = new AbortController();
const mail = {
  mailbox: ANN,
  internetMessageId: "<postern-test-1@corp.example>",
  subject: "[Postern test 0123456789ab] This mail tests the connection",
  text: "A test.",
  mark: ["x-postern-notice", "t1.1.2.3"],
} as const;

let tenant: SandboxTenant;
afterEach(() => tenant?.close());

const routeOf = ({ connector }: SandboxTenant) => connector.testMail ?? expect.fail("the connector sends no test mail");

describe("the test mail of the live check", () => {
  it("goes from a mailbox to itself, marked, is found among the sent mail and put into the trash", async () => {
    tenant = await openSandboxTenant();
    const route = routeOf(tenant);
    await tenant.sandbox.send(ANN, userMail(ANN, [ANN], "<mine@client.example>"));
    expect(await route.findSent(mail, signal)).toBeUndefined();
    await route.send(mail, signal);
    const sent = await route.findSent(mail, signal);
    const [copy] = tenant.sandbox.messages(ANN).filter(({ subject }) => subject === mail.subject);
    expect(sent).toMatchObject({
      ref: { mailbox: ANN, messageId: copy?.id },
      internetMessageId: mail.internetMessageId,
    });
    expect(Buffer.from(copy?.mime ?? []).toString()).toMatch(/^x-postern-notice: t1\.1\.2\.3$/im);
    expect(await route.remove(mail, sent, signal)).toBe(1);
    const inTrash = tenant.sandbox.messages(ANN).filter(({ labels }) => labels.includes("TRASH"));
    expect(inTrash.map(({ subject }) => subject)).toEqual([mail.subject]);
  });

  it("is found by its mark when Gmail sent it under another Message-ID", async () => {
    tenant = await openSandboxTenant();
    const route = routeOf(tenant);
    const other = "<other@mail.gmail.example>";
    await route.send({ ...mail, internetMessageId: other }, signal);
    expect((await route.findSent(mail, signal))?.internetMessageId).toBe(other);
  });

  it("is taken away without its sent copy being known", async () => {
    tenant = await openSandboxTenant();
    const route = routeOf(tenant);
    await route.send(mail, signal);
    expect(await route.remove(mail, undefined, signal)).toBe(1);
    expect(await route.remove(mail, undefined, signal)).toBe(0);
  });

  it("is sent neither where the tenant is only observed nor from a mailbox outside its list", async () => {
    tenant = await openSandboxTenant(() => ({ mode: "observe" }));
    await expect(routeOf(tenant).send(mail, signal)).rejects.toMatchObject({ code: "PROVIDER_FORBIDDEN" });
    await tenant.close();
    tenant = await openSandboxTenant(() => ({ mailboxes: [BOB] }));
    await expect(routeOf(tenant).send(mail, signal)).rejects.toMatchObject({ details: { reason: "out-of-scope" } });
    expect(tenant.sandbox.meters.calls("gmail.users.messages.send")).toBe(0);
  });
});

describe("the page for consent", () => {
  const key = { client_email: "postern@p.iam.gserviceaccount.com", private_key: "" };

  it("is filled in with client id and the scopes of the mode", () => {
    const credential = { kind: "service-account-key", key: { ...key, client_id: "108234567890123456789" } } as const;
    const observe = consentPage({ credential, mode: "observe" });
    const respond = consentPage({ credential, mode: "respond" });
    const query = new URL(observe.address).searchParams;
    expect(query.get("clientIdToAdd")).toBe("108234567890123456789");
    expect(query.get("clientScopeToAdd")).not.toMatch(/modify|send|labels/);
    expect(new URL(respond.address).searchParams.get("clientScopeToAdd")).toMatch(/gmail\.modify.*gmail\.send/);
  });

  it.each(["108 or so", "javascript:alert(1)", ""])("keeps the client id %j out of the address", (client_id) => {
    const credential = { kind: "service-account-key", key: { ...key, client_id } } as const;
    expect(consentPage({ credential, mode: "observe" })).toMatchObject({
      address: "https://admin.google.com/ac/owl/domainwidedelegation",
      clientId: null,
      serviceAccount: key.client_email,
    });
  });
});
