import { afterEach, describe, expect, it } from "vitest";
import type { TenantMode } from "../../../src/core/tenant.ts";
import { openSandboxTenant, type SandboxTenant } from "./sandbox-tenant.ts";

const never = new AbortController().signal;
const GMAIL = "https://www.googleapis.com/auth/gmail";

let tenant: SandboxTenant;
afterEach(() => tenant.close());

const failing = async (mode: TenantMode) =>
  (await tenant.connector.check(mode, never))
    .filter(({ ok }) => !ok)
    .map(({ name, missing, grant }) => ({ name, missing, grant }));

describe("the check of a tenant", () => {
  it("names a scope that is missing from the delegation, and where to add it", async () => {
    tenant = await openSandboxTenant();
    for (const scope of ["modify", "send"]) tenant.sandbox.delegation.delete(`${GMAIL}.${scope}`);
    const found = await failing("respond");
    expect(found.map(({ name, missing }) => [name, missing])).toEqual([
      ["modify-message", `${GMAIL}.modify`],
      ["send-notice", `${GMAIL}.send`],
    ]);
    for (const { grant } of found) expect(grant).toContain("Manage domain-wide delegation");
  });

  it("asks for no right to change anything in observe mode", async () => {
    tenant = await openSandboxTenant(() => ({ mode: "observe" }));
    tenant.sandbox.delegation.clear();
    for (const scope of [
      `${GMAIL}.metadata`,
      `${GMAIL}.readonly`,
      "https://www.googleapis.com/auth/admin.directory.user.readonly",
      "https://www.googleapis.com/auth/admin.directory.domain.readonly",
      "https://www.googleapis.com/auth/admin.directory.group.readonly",
    ]) {
      tenant.sandbox.delegation.add(scope);
    }
    expect(await failing("observe")).toEqual([]);
    const asked = new Set(tenant.sandbox.requests.flatMap(({ scopes }) => scopes));
    expect([...asked].filter((scope) => /modify|send|labels|mail\.google/.test(scope))).toEqual([]);
  });

  it("tells a topic without Gmail as its publisher, a wrong key and a user without Gmail apart", async () => {
    tenant = await openSandboxTenant((sandbox) => ({
      pubsub: { ...sandbox.pubsub, topic: "nobody-publishes-here", delivery: "pull" },
    }));
    expect(await failing("observe")).toMatchObject([
      {
        name: "watch",
        missing: "roles/pubsub.publisher on the topic",
        grant: expect.stringContaining("gmail-api-push@"),
      },
    ]);
    await tenant.close();

    tenant = await openSandboxTenant(({ serviceAccount }) => ({
      credential: { kind: "service-account-key", key: { ...serviceAccount, private_key: "not a key" } },
    }));
    expect((await failing("observe")).every(({ missing }) => missing === "private key")).toBe(true);
    await tenant.close();

    tenant = await openSandboxTenant(() => ({ mailboxes: ["bob@corp.example"] }));
    tenant.sandbox.updateUser("bob@corp.example", { isMailboxSetup: false });
    expect((await failing("observe")).map(({ name }) => name)).toContain("mailbox");
  });

  it("creates the subscription that is missing", async () => {
    tenant = await openSandboxTenant();
    tenant.sandbox.notifications.expireSubscription();
    expect(await failing("observe")).toEqual([]);
    expect(tenant.sandbox.meters.calls("pubsub.projects.subscriptions.create")).toBeLessThanOrEqual(1);
  });

  it("says when Pub/Sub will delete the subscription that is not used, and how to keep it", async () => {
    tenant = await openSandboxTenant();
    const { pubsub, subscriptionName, topicName } = tenant.sandbox;
    const noteOf = async () =>
      (await tenant.connector.check("observe", never)).find(({ name }) => name === "subscription")?.note;
    expect(await noteOf()).toBeUndefined();
    tenant.sandbox.faults.add({
      match: { operation: "pubsub.projects.subscriptions.get" },
      times: 1,
      effect: {
        kind: "status",
        status: 200,
        body: { name: subscriptionName, topic: topicName, expirationPolicy: { ttl: "2678400s" } },
      },
    });
    expect(await noteOf()).toContain(`31 days without use: gcloud pubsub subscriptions update ${pubsub.subscription}`);
  });

  it("keeps no notification that it came across", async () => {
    tenant = await openSandboxTenant();
    await tenant.connector.check("observe", never);
    expect((await tenant.connector.pull?.(never))?.hints).toEqual([
      { kind: "mailbox", mailbox: tenant.sandbox.adminEmail },
    ]);
  });
});

describe("the directory", () => {
  it("expands nested groups, keeps outside members, and knows aliases and managers", async () => {
    tenant = await openSandboxTenant();
    tenant.sandbox.addGroup({ address: "inner@corp.example", members: ["bob@corp.example", "out@other.example"] });
    tenant.sandbox.addGroup({ address: "outer@corp.example", members: ["inner@corp.example", "mia@corp.example"] });
    const directory = await tenant.connector.directory(never);
    expect(directory.domains).toEqual(["corp.example"]);
    const outer = directory.groups.find(({ address }) => address === "outer@corp.example");
    expect(new Set(outer?.members)).toEqual(new Set(["bob@corp.example", "out@other.example", "mia@corp.example"]));
    const bob = directory.mailboxes.find(({ address }) => address === "bob@corp.example");
    expect(bob).toMatchObject({ aliases: ["robert@corp.example"], usable: true });
  });

  it("says which users have no mailbox to watch", async () => {
    tenant = await openSandboxTenant();
    tenant.sandbox.updateUser("bob@corp.example", { suspended: true });
    const { mailboxes } = await tenant.connector.directory(never);
    expect(mailboxes.filter(({ usable }) => !usable).map(({ address }) => address)).toEqual(["bob@corp.example"]);
  });

  it("does without groups that may not be read", async () => {
    tenant = await openSandboxTenant();
    tenant.sandbox.delegation.delete("https://www.googleapis.com/auth/admin.directory.group.readonly");
    const { groups, mailboxes } = await tenant.connector.directory(never);
    expect(groups).toEqual([]);
    expect(mailboxes.length).toBeGreaterThan(3);
  });
});
