import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  type Answers,
  aRef,
  assertionOf,
  type GoogleStub,
  googleError,
  grant,
  never,
  openAgainst,
  SERVICE_ACCOUNT,
  startStub,
} from "./google-answers.ts";

const GMAIL = "https://www.googleapis.com/auth/gmail";
const raw = { id: "m1", labelIds: ["SENT"], raw: Buffer.from("Subject: x\r\n\r\n").toString("base64url") };

let stub: GoogleStub;
afterEach(() => stub.close());

const tokenRequests = () => stub.asked.filter(({ path }) => path === "/token").map(({ body }) => assertionOf(body));
const message: Answers = ({ path }) => (path.includes("/messages/") ? { json: raw } : undefined);

describe("tokens", () => {
  it("are asked for as the service account, for one mailbox and the least scope, and kept", async () => {
    stub = await startStub(message);
    const { connector } = openAgainst(stub.url);
    for (let i = 0; i < 3; i += 1) await connector.fetch(aRef("m1"), never);
    expect(tokenRequests()).toEqual([
      expect.objectContaining({
        iss: SERVICE_ACCOUNT,
        sub: "ann@corp.example",
        scope: `${GMAIL}.readonly`,
        aud: "https://oauth2.googleapis.com/token",
      }),
    ]);
  });

  it("are asked for once however many calls wait", async () => {
    stub = await startStub(message);
    const { connector } = openAgainst(stub.url);
    await Promise.all(Array.from({ length: 16 }, () => connector.fetch(aRef("m1"), never)));
    expect(tokenRequests()).toHaveLength(1);
  });

  it("are renewed once when Google refuses one, and the right is called lost after that", async () => {
    let refusals = 1;
    stub = await startStub((asked) => {
      if (!asked.path.includes("/messages/")) return undefined;
      if (refusals <= 0) return { json: raw };
      refusals -= 1;
      return { status: 401, json: googleError(401, "authError", "Invalid Credentials", "UNAUTHENTICATED") };
    });
    const { connector } = openAgainst(stub.url);
    expect((await connector.fetch(aRef("m1"), never)).isDraft).toBe(false);
    expect(tokenRequests()).toHaveLength(2);
    refusals = 2;
    await expect(connector.fetch(aRef("m1"), never)).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED" });
  });

  it("take a wider scope where only that was granted", async () => {
    stub = await startStub((asked) => {
      if (asked.path !== "/token") return message(asked);
      if (assertionOf(asked.body).scope === `${GMAIL}.modify`) return { json: grant(asked.body) };
      return { status: 401, json: { error: "unauthorized_client", error_description: "Client is unauthorized" } };
    });
    const { connector } = openAgainst(stub.url);
    for (let i = 0; i < 2; i += 1) await connector.fetch(aRef("m1"), never);
    expect(tokenRequests().map(({ scope }) => scope)).toEqual([`${GMAIL}.readonly`, `${GMAIL}.modify`]);
  });

  it("name the scope that is missing when none was granted", async () => {
    stub = await startStub(({ path }) =>
      path === "/token" ? { status: 401, json: { error: "unauthorized_client" } } : undefined,
    );
    const { connector } = openAgainst(stub.url);
    await expect(connector.fetch(aRef("m1"), never)).rejects.toMatchObject({
      code: "PROVIDER_UNAUTHORIZED",
      details: { scope: `${GMAIL}.readonly` },
    });
  });

  it("are tried twice before the key is called invalid", async () => {
    stub = await startStub(({ path }) =>
      path === "/token"
        ? { status: 400, json: { error: "invalid_grant", error_description: "Invalid JWT Signature." } }
        : undefined,
    );
    const { connector } = openAgainst(stub.url);
    await expect(connector.fetch(aRef("m1"), never)).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED" });
    expect(tokenRequests()).toHaveLength(2);
  });

  it("are refused for a user who is unknown or suspended: that mailbox is unavailable", async () => {
    stub = await startStub(({ path }) =>
      path === "/token"
        ? { status: 400, json: { error: "invalid_grant", error_description: "Invalid email or User ID" } }
        : undefined,
    );
    const { connector } = openAgainst(stub.url);
    await expect(connector.fetch(aRef("m1"), never)).rejects.toMatchObject({ code: "MAILBOX_UNAVAILABLE" });
  });

  it("are signed by IAM where there is no key", async () => {
    const folder = await mkdtemp(join(tmpdir(), "postern-"));
    try {
      await writeFile(join(folder, "token"), "callers-token\n");
      stub = await startStub((asked) => {
        if (asked.path !== `/v1/projects/-/serviceAccounts/${encodeURIComponent(SERVICE_ACCOUNT)}:signJwt`) {
          return message(asked);
        }
        const { payload } = JSON.parse(asked.body) as { payload: string };
        return { json: { keyId: "k", signedJwt: `h.${Buffer.from(payload).toString("base64url")}.s` } };
      });
      const credential = {
        kind: "keyless",
        serviceAccount: SERVICE_ACCOUNT,
        tokenFile: join(folder, "token"),
      } as const;
      const { connector } = openAgainst(stub.url, { credential });
      await connector.fetch(aRef("m1"), never);
      expect(tokenRequests()[0]).toMatchObject({ iss: SERVICE_ACCOUNT, sub: "ann@corp.example" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("the allow-list", () => {
  it("refuses to read a mailbox outside it without any request", async () => {
    stub = await startStub(message);
    const { connector } = openAgainst(stub.url);
    const outside = connector.fetch(aRef("m1", "carl@corp.example"), never);
    await expect(outside).rejects.toMatchObject({ code: "PROVIDER_FORBIDDEN", details: { reason: "out-of-scope" } });
    await expect(
      connector.changes({ mailbox: "bob@corp.example", stage: "sent", cursor: "1", since: new Date() }, never),
    ).rejects.toMatchObject({ details: { reason: "out-of-scope" } });
    expect(stub.asked).toEqual([]);
  });

  it("lets only those be entered whom the directory puts into a chosen group, domain or unit", async () => {
    stub = await startStub(message);
    const { connector } = openAgainst(
      stub.url,
      { mailboxes: ["ou:/sales", "*@lab.corp.example", "!bob@corp.example"], mode: "observe" },
      { chosen: ["ann@corp.example", "bob@corp.example"] },
    );
    await connector.fetch(aRef("m1", "ann@corp.example"), never);
    for (const outside of ["bob@corp.example", "carl@corp.example", "ou:/sales"]) {
      const read = connector.fetch(aRef("m1", outside), never);
      await expect(read, outside).rejects.toMatchObject({ details: { reason: "out-of-scope" } });
    }
    expect(tokenRequests().map(({ sub }) => sub)).toEqual(["ann@corp.example"]);
  });

  it("lets every mailbox be read when the tenant says all", async () => {
    stub = await startStub(message);
    const { connector } = openAgainst(stub.url, { mailboxes: "all" });
    await connector.fetch(aRef("m1", "carl@corp.example"), never);
    expect(tokenRequests()[0]?.sub).toBe("carl@corp.example");
  });
});
