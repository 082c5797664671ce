import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import { ANN, BOB, type Caller, gmailAs, type Json, mail, scope, startWithPeople, text } from "./client.ts";

/** Reads all pages after an id. */
async function replay(gmail: Caller, start: string, pageSize: number): Promise<{ records: Json[]; cursor: string }> {
  const records: Json[] = [];
  for (let token = ""; ; ) {
    const { body } = await gmail("GET", `/history?startHistoryId=${start}&maxResults=${pageSize}${token}`);
    records.push(...(body.history ?? []));
    if (body.nextPageToken === undefined) return { records, cursor: text(body.historyId) };
    token = `&pageToken=${body.nextPageToken}`;
  }
}

const textsOf = (list: Json | undefined): Set<string> => new Set([...(list ?? [])].map(text));

/** What a client that only reads history believes to be in the mailbox. */
function apply(state: Map<string, Set<string>>, records: readonly Json[]): void {
  for (const record of records) {
    for (const { message } of record.messagesAdded ?? []) state.set(text(message?.id), textsOf(message?.labelIds));
    for (const { message } of record.messagesDeleted ?? []) state.delete(text(message?.id));
    for (const { message, labelIds } of record.labelsAdded ?? []) {
      for (const label of textsOf(labelIds)) state.get(text(message?.id))?.add(label);
    }
    for (const { message, labelIds } of record.labelsRemoved ?? []) {
      for (const label of textsOf(labelIds)) state.get(text(message?.id))?.delete(label);
    }
  }
}

const plain = (state: ReadonlyMap<string, ReadonlySet<string>>): object =>
  Object.fromEntries(
    [...state].map(([id, labels]) => [id, Object.fromEntries([...labels].map((label) => [label, true]))]),
  );

function actual(sandbox: GoogleSandbox): object {
  return plain(new Map(sandbox.messages(ANN).map(({ id, labels }) => [id, new Set(labels)])));
}

describe("history.list", () => {
  let sandbox: GoogleSandbox;
  let gmail: Caller;
  beforeAll(async () => {
    sandbox = await startWithPeople();
    sandbox.delegation.add(scope("full"));
    gmail = await gmailAs(sandbox, ANN, "full");
  });
  afterAll(() => sandbox.close());

  const operation = fc.record({
    kind: fc.constantFrom(
      "send",
      "receive",
      "draft",
      "redraft",
      "label",
      "unlabel",
      "trash",
      "untrash",
      "delete",
      "sendDraft",
    ),
    pick: fc.nat(50),
  });

  async function perform({ kind, pick }: { readonly kind: string; readonly pick: number }): Promise<void> {
    const present = sandbox.messages(ANN).filter(({ labels }) => !labels.includes("DRAFT"));
    const id = present[pick % Math.max(1, present.length)]?.id ?? "none";
    const { body } = await gmail("GET", "/drafts");
    const draftId = body.drafts?.[0]?.id === undefined ? undefined : text(body.drafts[0]?.id);
    if (kind === "send") await sandbox.send(ANN, mail({ To: pick % 2 === 0 ? BOB : ANN }));
    else if (kind === "receive") await sandbox.send(BOB, mail({ From: BOB, To: ANN }));
    else if (kind === "draft") sandbox.saveDraft(ANN, mail());
    else if (kind === "redraft" && draftId !== undefined) sandbox.saveDraft(ANN, mail(), { draftId });
    else if (kind === "sendDraft" && draftId !== undefined) await gmail("POST", "/drafts/send", { id: draftId });
    else if (kind === "label") await gmail("POST", `/messages/${id}/modify`, { addLabelIds: ["STARRED", "IMPORTANT"] });
    else if (kind === "unlabel")
      await gmail("POST", `/messages/${id}/modify`, { removeLabelIds: ["STARRED", "UNREAD"] });
    else if (kind === "delete") await gmail("DELETE", `/messages/${id}`);
    else if (kind.endsWith("trash")) await gmail("POST", `/messages/${id}/${kind}`);
  }

  it("replayed from any cursor, in pages of any size, equals the mailbox", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { maxLength: 12 }),
        fc.array(operation, { maxLength: 12 }),
        fc.integer({ min: 1, max: 7 }),
        async (before, after, pageSize) => {
          for (const step of before) await perform(step);
          const state = new Map(sandbox.messages(ANN).map(({ id, labels }) => [id, new Set(labels)]));
          const start = sandbox.historyId(ANN);
          for (const step of after) await perform(step);
          const { records, cursor } = await replay(gmail, start, pageSize);
          apply(state, records);
          expect(plain(state)).toEqual(actual(sandbox));
          expect(cursor).toBe(sandbox.historyId(ANN));
          const ids = records.map(({ id }) => BigInt(text(id)));
          expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0n))).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("answers 404 for an id that is too old or was never issued", async () => {
    const start = sandbox.historyId(ANN);
    await sandbox.send(ANN, mail());
    sandbox.expireHistory(ANN);
    const tooOld = await gmail("GET", `/history?startHistoryId=${start}`);
    expect(tooOld.body.error).toMatchObject({ code: 404, status: "NOT_FOUND", errors: [{ reason: "notFound" }] });
    expect((await gmail("GET", "/history?startHistoryId=99999999999")).status).toBe(404);
    expect((await gmail("GET", `/history?startHistoryId=${sandbox.historyId(ANN)}`)).status).toBe(200);
  });

  it("answers 400 without a start id or with one that is no number", async () => {
    expect((await gmail("GET", "/history")).status).toBe(400);
    expect((await gmail("GET", "/history?startHistoryId=abc")).status).toBe(400);
  });

  it("filters by kind and label, and may then give an empty page that has a next one", async () => {
    const start = sandbox.historyId(ANN);
    await sandbox.send(BOB, mail({ From: BOB, To: ANN }));
    const { id } = await sandbox.send(ANN, mail());
    const filter = "historyTypes=messageAdded&labelId=SENT&maxResults=1";
    const first = await gmail("GET", `/history?startHistoryId=${start}&${filter}`);
    expect(first.body.history).toBeUndefined();
    expect(first.body.nextPageToken).toBeTypeOf("string");
    const second = await gmail(
      "GET",
      `/history?startHistoryId=${start}&${filter}&pageToken=${text(first.body.nextPageToken)}`,
    );
    expect(second.body.history?.[0]?.messagesAdded?.[0]?.message).toEqual({ id, threadId: id, labelIds: ["SENT"] });
    expect(second.body.nextPageToken).toBeUndefined();
  });

  it("shows a sent mail as a draft that was relabelled when asked to", async () => {
    const start = sandbox.historyId(ANN);
    const { id } = await sandbox.send(ANN, mail(), { appears: "relabelled" });
    const { records } = await replay(gmail, start, 100);
    expect(records.map((record) => Object.keys(record)[2])).toEqual(["messagesAdded", "labelsAdded", "labelsRemoved"]);
    expect(records[1]?.labelsAdded?.[0]).toMatchObject({ labelIds: ["SENT"], message: { id } });
  });

  it("hides fresh changes while the index lags, and shows them afterwards", async () => {
    const start = sandbox.historyId(ANN);
    sandbox.lag.begin("history", { calls: 2 });
    await sandbox.send(ANN, mail());
    for (let call = 0; call < 2; call += 1) {
      const { body } = await gmail("GET", `/history?startHistoryId=${start}`);
      expect(body).toEqual({ historyId: start });
    }
    expect((await gmail("GET", `/history?startHistoryId=${start}`)).body.history).toHaveLength(1);
  });

  it("can lag and yet claim the newest id, as public bug reports tell", async () => {
    const start = sandbox.historyId(ANN);
    sandbox.lag.begin("history", { cursor: "head" });
    await sandbox.send(ANN, mail());
    const { body } = await gmail("GET", `/history?startHistoryId=${start}`);
    expect(body).toEqual({ historyId: sandbox.historyId(ANN) });
    sandbox.lag.end("history");
  });
});
