import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNotifications } from "../../../connectors/microsoft365/receive.ts";

const TENANT = "11111111-1111-4111-8111-111111111111";
const read = (body: unknown) =>
  readNotifications({
    headers: {},
    body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
  });
const notice = (change: object = {}) => ({
  subscriptionId: "sub-1",
  clientState: "right",
  changeType: "created",
  tenantId: TENANT,
  resource: "https://evil.example/users/u1/messages/other",
  resourceData: { "@odata.type": "#Microsoft.Graph.Message", id: "AAMk-1_=" },
  ...change,
});

describe("change notifications", () => {
  it("become hints that carry ids only", () => {
    expect(read({ value: [notice()] })).toEqual({
      ok: true,
      hints: [{ kind: "message", watchId: "sub-1", secret: "right", tenant: TENANT, messageId: "AAMk-1_=" }],
    });
  });

  it("are judged one by one: a bad neighbour spoils nothing", () => {
    const value = [
      notice({ resourceData: { id: "OK1" } }),
      null,
      7,
      notice({ subscriptionId: 3 }),
      notice({ resourceData: { id: "../../users" } }),
      notice({ resourceData: { id: "https://evil.example" } }),
      notice({ resourceData: null }),
      notice({ resourceData: { id: "OK2" } }),
    ];
    const result = read({ value });
    expect(result).toMatchObject({ ok: true, hints: [{ messageId: "OK1" }, { messageId: "OK2" }] });
  });

  it("keep a missing client state as one that never fits", () => {
    for (const change of [{ clientState: null }, { clientState: undefined }]) {
      expect(read({ value: [notice(change)] })).toMatchObject({ hints: [{ secret: "" }] });
    }
  });

  it("of a message that left are of no interest", () => {
    expect(read({ value: [notice({ changeType: "deleted" })] })).toEqual({ ok: true, hints: [] });
  });

  it("about the subscription are told apart by their event, in any casing", () => {
    const events = ["reauthorizationRequired", "subscriptionRemoved", "missed", "Missed", "constructor"];
    const value = events.map((lifecycleEvent) => notice({ lifecycleEvent, resourceData: undefined }));
    const result = read({ value });
    expect(result.ok && result.hints.map((hint) => hint.kind === "lifecycle" && hint.event)).toEqual([
      "reauthorization-required",
      "removed",
      "missed",
      "missed",
    ]);
  });

  it("that are no notifications at all are refused", () => {
    expect(read("{")).toEqual({ ok: false, reason: "not-json" });
    expect(read("")).toEqual({ ok: false, reason: "not-json" });
    for (const body of [[], {}, { value: 1 }, null, "text"]) expect(read(JSON.stringify(body)).ok).toBe(false);
    expect(readNotifications({ headers: {}, body: Uint8Array.of(0xff, 0xfe) }).ok).toBe(false);
  });

  it("never throw and never yield an id that could leave its place in a path", () => {
    const field = fc.oneof(fc.string(), fc.constant("sub-1"), fc.jsonValue());
    const item = fc.record(
      {
        subscriptionId: field,
        clientState: field,
        tenantId: field,
        changeType: field,
        resourceData: fc.record({ id: field }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ value: fc.array(item) })), (body) => {
        const result = read(JSON.stringify(body));
        for (const hint of result.ok ? result.hints : []) {
          expect(hint.kind === "mailbox" ? "" : hint.watchId).toMatch(/^[\w.-]+$/);
          if (hint.kind === "message") expect(hint.messageId).toMatch(/^[\w=+~-][\w=+~.-]*$/);
        }
      }),
    );
  });
});
