import { describe, expect, it } from "vitest";
import type { ActionState } from "../../../src/core/action.ts";
import type { StoredAction } from "../../../src/core/records.ts";
import { afterHold, isCoveredBySent } from "../../../src/pipeline/unsent.ts";

const action = (kind: StoredAction["kind"], change: Partial<StoredAction> = {}): StoredAction => ({
  id: kind,
  messageId: "one",
  kind,
  target: "ann@corp.example",
  state: "planned",
  reason: null,
  attempts: 0,
  at: new Date(0),
  copies: [],
  step: 0,
  input: {},
  ...change,
});
const following = (state: ActionState, reason: string | null, then: StoredAction) =>
  afterHold(then, [action("hold", { state, reason }), then]);

describe("what follows a hold", () => {
  it("returns only what is held", () => {
    const back = action("return-to-sender");
    expect(following("planned", null, back)).toBe("wait");
    expect(following("done", null, back)).toBeNull();
    expect(following("planned", null, action("send-allowed"))).toBe("wait");
    expect(following("failed", "already-sent", action("send-allowed"))).toMatchObject({ reason: "already-sent" });
    expect(following("failed", "already-sent", back)).toEqual({ state: "failed", reason: "already-sent" });
    expect(following("failed", "not-found", back)).toEqual({ state: "failed", reason: "not-found" });
  });

  it("leaves telling to the sent copy's record, where there is one", () => {
    const covered = action("notify", { input: { unlessSent: true } });
    expect(following("failed", "already-sent", covered)).toEqual({ state: "not-possible", reason: "already-sent" });
    expect(following("done", null, covered)).toBeNull();
    expect(following("failed", "already-sent", action("notify"))).toBeNull();
  });
});

describe("an unsent item that is no draft any more", () => {
  const ref = { provider: "microsoft", tenantId: "t", mailbox: "ann@corp.example", messageId: "m" } as const;
  it.each([
    ["outbox", false, ["sent", "outbox"], true],
    ["draft", false, ["sent", "draft"], true],
    ["outbox", true, ["sent", "outbox"], false],
    ["outbox", false, ["outbox"], false],
    ["sent", false, ["sent"], false],
  ] as const)("at %s, draft %s, stages %j: covered by its sent copy is %s", (stage, isDraft, stages, covered) => {
    expect(isCoveredBySent({ ref, stage, trigger: "notification" }, isDraft, { stages })).toBe(covered);
  });
});
