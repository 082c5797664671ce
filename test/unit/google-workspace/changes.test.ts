import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { ChangesRequest } from "../../../src/core/ports.ts";
import {
  type Answers,
  type GoogleStub,
  googleError,
  NOT_FOUND,
  never,
  openAgainst,
  startStub,
} from "./google-answers.ts";

const PREFIX = "/gmail/v1/users/me";

let stub: GoogleStub;
afterEach(() => stub.close());

async function changesWith(answers: Answers, request: Partial<ChangesRequest> = {}, now?: () => Date) {
  stub = await startStub(answers);
  const { connector } = openAgainst(stub.url, {}, now === undefined ? {} : { now });
  const read = (cursor: string | undefined) =>
    connector.changes(
      { mailbox: "ann@corp.example", stage: "sent", cursor, since: new Date("2026-11-30T10:00:00Z"), ...request },
      never,
    );
  return { read, first: await read(request.cursor) };
}

const added = (id: string, labelIds?: readonly string[]) => ({
  messagesAdded: [{ message: { id, threadId: id, ...(labelIds === undefined ? {} : { labelIds }) } }],
});
const idsOf = (changes: { readonly messages: readonly { readonly messageId: string }[] }) =>
  changes.messages.map(({ messageId }) => messageId);

describe("changes after a cursor", () => {
  it("reads every page, an empty one with a token too, and takes the cursor from the last", async () => {
    const { first } = await changesWith(
      ({ path, query }) => {
        if (path !== `${PREFIX}/history`) return undefined;
        expect(query.get("startHistoryId")).toBe("100");
        expect(query.getAll("historyTypes")).toEqual(["messageAdded", "labelAdded"]);
        if (!query.has("pageToken")) {
          return { json: { history: [{ id: "110", ...added("m1", ["SENT"]) }], nextPageToken: "a", historyId: "900" } };
        }
        if (query.get("pageToken") === "a") return { json: { nextPageToken: "b", historyId: "900" } };
        return { json: { history: [{ id: "120", ...added("m2", ["SENT"]) }], historyId: "900" } };
      },
      { cursor: "100" },
    );
    expect(idsOf(first)).toEqual(["m1", "m2"]);
    expect(first.cursor).toBe("900");
  });

  it("keeps sent mail only: no drafts, no received mail, each message once", async () => {
    const history = [
      ...["d1", "d2", "d3", "d4", "d5"].map((id) => added(id, ["DRAFT"])),
      { messagesDeleted: [{ message: { id: "d5" } }] },
      added("in1", ["INBOX", "UNREAD"]),
      added("s1", ["SENT"]),
      { labelsAdded: [{ message: { id: "s1", labelIds: ["SENT"] }, labelIds: ["SENT"] }] },
      { labelsAdded: [{ message: { id: "s2", labelIds: ["SENT"] }, labelIds: ["SENT"] }] },
      { labelsAdded: [{ message: { id: "s3", labelIds: ["SENT", "Label_1"] }, labelIds: ["Label_1"] }] },
    ];
    const { first } = await changesWith(
      ({ path }) => (path === `${PREFIX}/history` ? { json: { history, historyId: "200" } } : undefined),
      { cursor: "100" },
    );
    expect(idsOf(first)).toEqual(["s1", "s2"]);
    expect(stub.asked.filter(({ path }) => path.startsWith(`${PREFIX}/messages`))).toEqual([]);
  });

  it("looks up messages whose record has no labels, and leaves out those that are gone", async () => {
    const { first } = await changesWith(
      ({ path }) => {
        if (path === `${PREFIX}/history`) {
          return { json: { history: [added("s1"), added("d1"), added("gone")], historyId: 200 } };
        }
        if (path === `${PREFIX}/messages/s1`) return { json: { id: "s1", labelIds: ["SENT"] } };
        if (path === `${PREFIX}/messages/d1`) return { json: { id: "d1", labelIds: ["DRAFT"] } };
        return undefined;
      },
      { cursor: "100" },
    );
    expect(idsOf(first)).toEqual(["s1"]);
    expect(first.cursor).toBe("200");
  });

  it("stays at its cursor while the history is empty, until the index has had time to catch up", async () => {
    let now = new Date("2026-11-30T12:00:00Z");
    const indexed = new Set<string>();
    const { read, first } = await changesWith(
      ({ path, query }) => {
        if (path !== `${PREFIX}/history`) return undefined;
        if (!indexed.has(query.get("startHistoryId") ?? "")) return { json: { historyId: "203" } };
        return { json: { history: [added("m1", ["SENT"])], historyId: "203" } };
      },
      { cursor: "200" },
      () => now,
    );
    expect(first).toEqual({ messages: [], cursor: "200" });
    indexed.add("200");
    expect(await read("200")).toMatchObject({ messages: [{ messageId: "m1" }], cursor: "203" });
    indexed.clear();
    expect((await read("200")).cursor).toBe("200");
    now = new Date(now.getTime() + 121_000);
    expect((await read("200")).cursor).toBe("203");
  });

  it("never moves the cursor back, also beyond the exact range of numbers", async () => {
    const { first } = await changesWith(
      ({ path }) =>
        path === `${PREFIX}/history`
          ? { json: { history: [added("m1", ["SENT"])], historyId: "18446744073709551610" } }
          : undefined,
      { cursor: "18446744073709551611" },
    );
    expect(first.cursor).toBe("18446744073709551611");
  });

  it("says CURSOR_EXPIRED when the history is not known any more", async () => {
    stub = await startStub(({ path }) => (path === `${PREFIX}/history` ? { status: 404, json: NOT_FOUND } : undefined));
    const { connector } = openAgainst(stub.url);
    const request = { mailbox: "ann@corp.example", stage: "sent", cursor: "100", since: new Date() } as const;
    await expect(connector.changes(request, never)).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
  });

  it("rides over one failing page without losing the others", async () => {
    let failed = false;
    const { first } = await changesWith(
      ({ path, query }) => {
        if (path !== `${PREFIX}/history`) return undefined;
        if (!query.has("pageToken")) return { json: { history: [added("m1", ["SENT"])], nextPageToken: "b" } };
        if (!failed) {
          failed = true;
          return { status: 500, json: googleError(500, "backendError", "Backend Error") };
        }
        return { json: { history: [added("m2", ["SENT"])], historyId: "900" } };
      },
      { cursor: "100" },
    );
    expect(idsOf(first)).toEqual(["m1", "m2"]);
  });
});

describe("changes without a cursor", () => {
  it("takes the cursor first, then what was sent since the given time, to the millisecond", async () => {
    const { first } = await changesWith(({ path, query }) => {
      if (path === `${PREFIX}/profile`) return { json: { emailAddress: "ann@corp.example", historyId: 5010 } };
      if (path === `${PREFIX}/messages`) {
        expect(query.get("q")).toBe(`after:${Date.parse("2026-11-30T10:00:00Z") / 1_000 - 1}`);
        expect(query.getAll("labelIds")).toEqual(["SENT"]);
        const first = { messages: [{ id: "new" }, { id: "old" }], nextPageToken: "2" };
        return { json: query.has("pageToken") ? { messages: [{ id: "gone" }, { id: "draft" }] } : first };
      }
      const at = { new: "2026-11-30T10:00:00.000Z", old: "2026-11-30T09:59:59.999Z", draft: "2026-11-30T11:00:00Z" };
      for (const [id, date] of Object.entries(at)) {
        const labelIds = id === "draft" ? ["DRAFT", "SENT"] : ["SENT"];
        if (path === `${PREFIX}/messages/${id}`) return { json: { id, labelIds, internalDate: `${Date.parse(date)}` } };
      }
      return undefined;
    });
    expect(idsOf(first)).toEqual(["new"]);
    expect(first.cursor).toBe("5010");
    const gmail = stub.asked.filter(({ path }) => path.startsWith(PREFIX));
    expect(gmail[0]?.path).toBe(`${PREFIX}/profile`);
  });

  it("finds nothing at a stage that Gmail does not have", async () => {
    const { first } = await changesWith(() => undefined, { stage: "outbox" });
    expect(first.messages).toEqual([]);
    expect(stub.asked).toEqual([]);
  });
});

describe("any history", () => {
  it("gives each sent message once, whatever the pages and their order", async () => {
    const labels = fc.subarray(["SENT", "DRAFT", "INBOX", "Label_1"]);
    const record = fc.record({ id: fc.integer({ min: 1, max: 9 }).map(String), labels, isLabelled: fc.boolean() });
    const pages = fc.array(fc.array(record, { maxLength: 5 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(pages, async (sequence) => {
        stub = await startStub(({ path, query }) => {
          if (path !== `${PREFIX}/history`) return undefined;
          const at = Number(query.get("pageToken") ?? 0);
          const history = (sequence[at] ?? []).map(({ id, labels: labelIds, isLabelled }) => ({
            id: "150",
            [isLabelled ? "labelsAdded" : "messagesAdded"]: [{ message: { id, labelIds }, labelIds }],
          }));
          const next = at + 1 < sequence.length ? { nextPageToken: String(at + 1) } : {};
          return { json: { history, historyId: "150", ...next } };
        });
        const { connector } = openAgainst(stub.url);
        const request = { mailbox: "ann@corp.example", stage: "sent", cursor: "150", since: new Date() } as const;
        const found = idsOf(await connector.changes(request, never));
        await stub.close();
        const sent = sequence.flat().filter((one) => one.labels.includes("SENT") && !one.labels.includes("DRAFT"));
        expect(new Set(found)).toEqual(new Set(sent.map(({ id }) => id)));
        expect(new Set(found).size).toBe(found.length);
      }),
      { numRuns: 30 },
    );
  });
});
