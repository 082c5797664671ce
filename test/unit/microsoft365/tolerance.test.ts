import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMicrosoftConnector } from "../../../connectors/microsoft365/connector.ts";
import type { MailConnector } from "../../../src/core/ports.ts";
import { perform, refTo } from "./support/acting.ts";
import { PEOPLE } from "./support/tenant.ts";

const { signal } = new AbortController();

/** A service that says as little as it may: bare fields, no page size, links under its other name, ids that change. */
async function startTerseGraph() {
  const seen: string[] = [];
  let copy = { id: "M1", parentFolderId: "SENT" };
  const answer = (request: IncomingMessage, body: string): [number, unknown] => {
    const { method = "GET", url = "" } = request;
    const path = decodeURIComponent(url);
    seen.push(`${method} ${path.split("?")[0]}`);
    const links = `http://localhost:${port}/v1.0/users/u1/mailFolders/sentitems/messages/delta`;
    if (path.includes("/oauth2/")) return [200, { access_token: "opaque", expires_in: 60, token_type: "Bearer" }];
    if (path.includes("/delta?$skiptoken=2"))
      return [200, { value: [{ id: "M1" }], "@odata.deltaLink": `${links}?$deltatoken=3` }];
    if (path.includes("/delta")) return [200, { "@odata.nextLink": `${links}?$skiptoken=2`, value: [] }];
    if (path.endsWith("/$value")) return [200, "Subject: x\r\n\r\nbody"];
    if (path.endsWith("/move")) {
      copy = { id: `M${Number(copy.id.slice(1)) + 1}`, parentFolderId: JSON.parse(body).destinationId };
      return [201, { id: copy.id }];
    }
    if (method === "POST" && path.endsWith("/mailFolders")) return [201, { id: "F1" }];
    if (path.includes("/mailFolders?")) return [200, { value: [] }];
    if (path.includes("internetMessageId eq")) {
      const inFolder = /mailFolders\/([^/]+)\/messages/.exec(path)?.[1];
      return [200, { value: inFolder === undefined || inFolder === copy.parentFolderId ? [copy] : [] }];
    }
    if (path.includes(`/messages/${copy.id}?`)) return [200, { id: copy.id, parentFolderId: copy.parentFolderId }];
    if (path.startsWith("/v1.0/users?"))
      return path.includes("$expand") ? [501, {}] : [200, { value: [{ id: "u1", userPrincipalName: PEOPLE.sender }] }];
    if (path.startsWith("/v1.0/domains")) return [200, { value: [{ id: "Contoso.example" }] }];
    if (path.startsWith("/v1.0/groups")) return [404, "no such thing"];
    if (method === "POST" && path === "/v1.0/subscriptions") return [201, { id: "s1" }];
    return [404, {}];
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [status, body] = answer(request, Buffer.concat(chunks).toString());
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server on a port has no other kind of address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    where: () => copy,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("a service that says little", () => {
  let graph: Awaited<ReturnType<typeof startTerseGraph>>;
  let connector: MailConnector & { close(): void };

  beforeEach(async () => {
    graph = await startTerseGraph();
    connector = openMicrosoftConnector(
      {
        provider: "microsoft",
        name: "Terse",
        tenantId: "t1",
        clientId: "c1",
        cloud: "global",
        credential: { kind: "secret", value: "s" },
        mailboxes: "all",
        stages: ["sent"],
        mode: "respond",
      },
      {
        tenantId: "tenant-1",
        endpoints: { graphUrl: `${graph.url}/`, loginUrl: graph.url },
        clock: { now: () => new Date() },
        logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
        metrics: { count: () => {}, observe: () => {} },
        lookup: async (address) => ({
          address,
          userId: "u1",
          aliases: [],
          displayName: "",
          manager: null,
          usable: true,
        }),
      },
    );
  });
  afterEach(async () => {
    connector.close();
    await graph.close();
  });

  it("is read: people without mail, domains without services, no groups, no managers", async () => {
    expect(await connector.directory(signal)).toEqual({
      domains: ["contoso.example"],
      mailboxes: [
        { address: PEOPLE.sender, userId: "u1", aliases: [], displayName: PEOPLE.sender, manager: null, usable: true },
      ],
      groups: [],
    });
  });

  it("is followed through links under the loopback's other name, to messages without times", async () => {
    const request = { mailbox: PEOPLE.sender, stage: "sent", cursor: undefined, since: new Date() } as const;
    const { messages, cursor } = await connector.changes(request, signal);
    expect(messages).toEqual([refTo("M1")]);
    expect(cursor).toContain("$deltatoken=3");
    const fetched = await connector.fetch(refTo("M1"), signal);
    expect(fetched).toMatchObject({ recipients: [], isDraft: false, at: null });
    expect(Buffer.from(fetched.mime).toString()).toBe("Subject: x\r\n\r\nbody");
  });

  it("may leave the expiry of a subscription out", async () => {
    const watch = await connector.watch(
      {
        mailbox: PEOPLE.sender,
        stage: "sent",
        current: undefined,
        notificationUrl: "https://p.example/n",
        lifecycleUrl: "https://p.example/l",
        clientState: "x",
      },
      signal,
    );
    expect(watch).toMatchObject({ id: "s1", created: true });
    expect(watch.expiresAt.getTime()).toBeGreaterThan(Date.now());
  });

  it("may change ids at each move: quarantine, again, restore", async () => {
    const tenant = { connector };
    const taken = await perform(tenant, refTo("M1"), { kind: "quarantine" });
    expect(taken).toEqual({
      state: "done",
      reason: null,
      copies: [{ mailbox: PEOPLE.sender, messageId: "M2", origin: "SENT" }],
    });
    const again = await perform(tenant, refTo("M1"), { kind: "quarantine", attempts: 1 });
    expect(again).toMatchObject({ state: "done", copies: [{ messageId: "M2" }] });
    expect(graph.seen.filter((line) => line.endsWith("/move"))).toHaveLength(1);
    expect(await perform(tenant, refTo("M1"), { kind: "restore", copies: taken.copies ?? [] })).toMatchObject({
      state: "done",
    });
    expect(graph.where()).toEqual({ id: "M3", parentFolderId: "SENT" });
    expect(
      await perform(tenant, refTo("M1"), { kind: "restore", copies: taken.copies ?? [], attempts: 1 }),
    ).toMatchObject({ state: "done" });
    expect(graph.where().id).toBe("M3");
  });
});
