import { afterEach, describe, expect, it } from "vitest";
import {
  type Answers,
  type GoogleStub,
  googleError,
  NOT_FOUND,
  never,
  openAgainst,
  startStub,
} from "./google-answers.ts";
import { ANN, mail, OTTO, openSandboxTenant } from "./sandbox-tenant.ts";

const SUBSCRIPTION = "/v1/projects/p/subscriptions/postern";

let stub: GoogleStub | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

async function pullFrom(answers: Answers, mailboxes: "all" | readonly string[] = "all") {
  stub = await startStub(answers);
  const { connector, counts } = openAgainst(stub.url, { mailboxes });
  const pull = () => connector.pull?.(never) ?? Promise.reject(new Error("not polled"));
  return { pull, counts, asked: (path: string) => (stub?.asked ?? []).filter((one) => one.path === path) };
}

const event = (ackId: string, content: unknown, encoding: "base64" | "base64url" = "base64") => ({
  ackId,
  message: { data: Buffer.from(JSON.stringify(content)).toString(encoding), messageId: ackId },
});

describe("pulling notifications", () => {
  it("gives one hint for a mailbox however many messages there are, and acknowledges when told to", async () => {
    const received = [
      event("a", { emailAddress: "Ann@corp.example", historyId: 203 }),
      event("b", { emailAddress: "ann@corp.example", historyId: "201" }, "base64url"),
      event("c", { emailAddress: "bob@corp.example" }),
    ];
    const { pull, asked } = await pullFrom(({ path }) => {
      if (path === `${SUBSCRIPTION}:pull`) return { json: { receivedMessages: received } };
      return path === `${SUBSCRIPTION}:acknowledge` ? {} : undefined;
    });
    const pulled = await pull();
    expect(pulled.hints).toEqual([
      { kind: "mailbox", mailbox: "ann@corp.example" },
      { kind: "mailbox", mailbox: "bob@corp.example" },
    ]);
    expect(asked(`${SUBSCRIPTION}:acknowledge`)).toEqual([]);
    await pulled.acknowledge();
    expect(asked(`${SUBSCRIPTION}:acknowledge`).map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { ackIds: ["a", "b", "c"] },
    ]);
  });

  it("is done by the service account itself, without delegation", async () => {
    const { pull, asked } = await pullFrom(({ path }) => (path === `${SUBSCRIPTION}:pull` ? {} : undefined));
    await pull();
    expect(asked(`${SUBSCRIPTION}:pull`)).toMatchObject([
      { subject: "", scope: "https://www.googleapis.com/auth/pubsub" },
    ]);
  });

  it("acknowledges at once and counts what is unreadable or about nobody under watch", async () => {
    const received = [
      { ackId: "a", message: { data: "%%%" } },
      { ackId: "b", message: {} },
      { ackId: "c" },
      event("d", { emailAddress: 1 }),
      event("e", { emailAddress: "zoe@corp.example" }),
    ];
    const { pull, counts, asked } = await pullFrom(
      ({ path }) => {
        if (path === `${SUBSCRIPTION}:pull`) return { json: { receivedMessages: received } };
        return path === `${SUBSCRIPTION}:acknowledge` ? {} : undefined;
      },
      ["ann@corp.example"],
    );
    expect((await pull()).hints).toEqual([]);
    expect(JSON.parse(asked(`${SUBSCRIPTION}:acknowledge`)[0]?.body ?? "")).toEqual({
      ackIds: ["a", "b", "c", "d", "e"],
    });
    const refused = counts.filter((one) => one.startsWith("postern_notifications_refused_total"));
    expect(refused.filter((one) => one.endsWith("malformed"))).toHaveLength(4);
    expect(refused.filter((one) => one.endsWith("unknown-mailbox"))).toHaveLength(1);
  });

  it("creates a missing subscription that never expires", async () => {
    const { pull, asked } = await pullFrom(({ path, method }) => {
      if (path === `${SUBSCRIPTION}:pull`) return { status: 404, json: NOT_FOUND };
      return path === SUBSCRIPTION && method === "PUT" ? {} : undefined;
    });
    expect((await pull()).hints).toEqual([]);
    expect(JSON.parse(asked(SUBSCRIPTION)[0]?.body ?? "")).toMatchObject({
      topic: "projects/p/topics/postern",
      expirationPolicy: {},
    });
  });

  it("says what is missing when it may neither pull nor create", async () => {
    const { pull } = await pullFrom(({ path }) => {
      if (path === `${SUBSCRIPTION}:pull`) return { status: 404, json: NOT_FOUND };
      return path === SUBSCRIPTION ? { status: 403, json: googleError(403, "forbidden", "denied") } : undefined;
    });
    await expect(pull()).rejects.toMatchObject({ code: "PROVIDER_FORBIDDEN" });
  });

  it("is left to Google where the tenant has push delivery", () => {
    const pubsub = { project: "p", topic: "t", subscription: "s", delivery: "push" } as const;
    expect(openAgainst("http://127.0.0.1:1", { pubsub }).connector.pull).toBeUndefined();
  });

  it("hears of a mail, ends the wait when told to, and hears again what was not acknowledged", async () => {
    const { sandbox, connector, close } = await openSandboxTenant();
    try {
      await connector.watch(
        { mailbox: ANN, stage: "sent", current: undefined, notificationUrl: "", lifecycleUrl: "", clientState: "" },
        never,
      );
      await sandbox.send(ANN, mail(ANN, [OTTO], "<p@client.example>"));
      const pulled = await connector.pull?.(never);
      expect(pulled?.hints).toEqual([{ kind: "mailbox", mailbox: ANN }]);
      expect(sandbox.notifications.backlog().outstanding).toBeGreaterThan(0);
      await pulled?.acknowledge();
      expect(sandbox.notifications.backlog()).toEqual({ waiting: 0, outstanding: 0 });

      const stop = new AbortController();
      const waiting = connector.pull?.(stop.signal);
      stop.abort(new Error("stopped"));
      await expect(waiting).rejects.toThrow("stopped");

      sandbox.notifications.expireSubscription();
      expect((await connector.pull?.(never))?.hints).toEqual([]);
      await sandbox.send(ANN, mail(ANN, [OTTO], "<q@client.example>"));
      expect((await connector.pull?.(never))?.hints).toEqual([{ kind: "mailbox", mailbox: ANN }]);
    } finally {
      await close();
    }
  });
});
