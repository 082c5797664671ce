import { afterEach, beforeEach, expect, test } from "vitest";
import { type Rig, startRig } from "./graph-client.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ domains: ["corp.example", "corp.test"] });
});
afterEach(() => rig.close());

async function everything(path: string): Promise<{
  readonly value: { readonly id: string; readonly [name: string]: unknown }[];
  readonly deltaLink: string;
}> {
  const value = [];
  for (let next = path; ; ) {
    const { status, json } = await rig.call("GET", next);
    expect(status).toBe(200);
    value.push(...json.value);
    if (!json["@odata.nextLink"]) return { value, deltaLink: json["@odata.deltaLink"] };
    next = json["@odata.nextLink"];
  }
}

test("users come in pages with what $select and $expand name", async () => {
  rig.sandbox.quirks.maxPageSize = 2;
  const { value } = await everything("/users?$select=mail,proxyAddresses&$expand=manager&$top=999");
  expect(value.map((user) => user.mail)).toEqual(["ann@corp.example", "bob@corp.example", "eve@corp.example"]);
  expect(value[0]?.manager).toMatchObject({ mail: "bob@corp.example" });
  expect(value[1]?.proxyAddresses).toEqual(["SMTP:bob@corp.example", "smtp:robert@corp.example"]);
});

test("a user is found by address in any case, not by alias, and by proxyAddresses filter", async () => {
  expect((await rig.call("GET", "/users/BOB@corp.example")).json.userPrincipalName).toBe("bob@corp.example");
  expect((await rig.call("GET", "/users/robert@corp.example")).status).toBe(404);
  const filter = encodeURIComponent("proxyAddresses/any(p:p eq 'smtp:robert@corp.example')");
  expect((await everything(`/users?$filter=${filter}`)).value).toHaveLength(1);
});

test("the manager is another call, and 404 where there is none", async () => {
  expect((await rig.call("GET", "/users/ann@corp.example/manager")).json.mail).toBe("bob@corp.example");
  expect((await rig.call("GET", "/users/bob@corp.example/manager")).json.error.code).toBe("Request_ResourceNotFound");
});

test("users/delta tells who came, changed and went", async () => {
  rig.sandbox.quirks.maxPageSize = 2;
  const first = await everything("/users/delta?$select=displayName");
  expect(first.value).toHaveLength(3);
  rig.sandbox.addUser({ address: "new@corp.example", displayName: "New" });
  rig.sandbox.addUser({ address: "eve@corp.example", displayName: "Eve Renamed" });
  rig.sandbox.removeUser("bob@corp.example");
  const second = await everything(first.deltaLink);
  expect(second.value.map((user) => user.displayName ?? user["@removed"])).toEqual([
    "New",
    "Eve Renamed",
    { reason: "changed" },
  ]);
  expect((await everything(second.deltaLink)).value).toEqual([]);
});

test("domains tell verified mail domains from others", async () => {
  const { value } = await everything("/domains");
  const verified = value.filter(
    (domain) => domain.isVerified && (domain.supportedServices as string[]).includes("Email"),
  );
  expect(verified.map((domain) => domain.id)).toEqual(["corp.example", "corp.test"]);
  expect(value.length).toBeGreaterThan(verified.length);
});

test("transitive members are users, contacts outside, and each one once", async () => {
  rig.sandbox.addGroup({ address: "a@corp.example", members: ["ann@corp.example", "b@corp.example"] });
  rig.sandbox.addGroup({ address: "b@corp.example", members: ["ann@corp.example", "x@out.example", "a@corp.example"] });
  const [group] = (await everything(`/groups?$filter=${encodeURIComponent("mail eq 'a@corp.example'")}`)).value;
  const { value } = await everything(`/groups/${group?.id}/transitiveMembers?$select=id,mail`);
  expect(value.map((one) => [one["@odata.type"], one.mail])).toEqual([
    ["#microsoft.graph.user", "ann@corp.example"],
    ["#microsoft.graph.orgContact", "x@out.example"],
  ]);
  const tips = await rig.call("POST", "/users/ann@corp.example/getMailTips", {
    body: {
      EmailAddresses: ["a@corp.example", "y@out.example"],
      MailTipsOptions: "externalMemberCount, recipientScope",
    },
  });
  expect(tips.json.value).toMatchObject([
    { externalMemberCount: 1, totalMemberCount: 2, recipientScope: "internal" },
    { recipientScope: "external" },
  ]);
});

test("an account without a mailbox is in the directory and answers 404 for mail", async () => {
  rig.sandbox.addUser({ address: "none@corp.example", displayName: "None", usable: false });
  expect((await rig.call("GET", "/users/none@corp.example")).status).toBe(200);
  expect((await rig.call("GET", "/users/none@corp.example/messages")).json.error.code).toBe(
    "MailboxNotEnabledForRESTAPI",
  );
});

test("a shared mailbox says so in its settings", async () => {
  rig.sandbox.addUser({ address: "info@corp.example", displayName: "Info", purpose: "shared" });
  expect((await rig.call("GET", "/users/info@corp.example/mailboxSettings")).json.userPurpose).toBe("shared");
});

test("categories have a name of their own and a colour that can change", async () => {
  const path = "/users/ann@corp.example/outlook/masterCategories";
  const made = await rig.call("POST", path, { body: { displayName: "Blocked", color: "preset0" } });
  expect(made.status).toBe(201);
  expect((await rig.call("POST", path, { body: { displayName: "blocked", color: "preset1" } })).status).toBe(409);
  await rig.call("PATCH", `${path}/${made.json.id}`, { body: { color: "preset3" } });
  expect((await everything(path)).value).toEqual([{ id: made.json.id, displayName: "Blocked", color: "preset3" }]);
  expect((await rig.call("DELETE", `${path}/${made.json.id}`)).status).toBe(204);
});
