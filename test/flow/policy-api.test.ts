import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";

type Items = readonly Readonly<Record<string, unknown>>[];

describe("the policy by the administration API", () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
  });
  afterAll(() => flow.close());

  const call = (method: string, path: string, body?: unknown) => flow.api.request(method, path, body);
  const effective = async (sender: string) =>
    (await call("GET", `/api/v1/settings/effective?sender=${encodeURIComponent(sender)}`)).body as {
      readonly settings: Readonly<Record<string, { value: unknown; origin: string }>>;
      readonly rules: { readonly origin: string; readonly items: Items };
    };
  const verdictOf = async (text: string) =>
    (await call("POST", "/api/v1/scan", { from: "ann@corp.example", to: ["x@out.example"], subject: "s", text })).body
      .verdict;

  it("is set up for a keyword in three calls", async () => {
    expect(await verdictOf("this is secret")).toBe("allow");
    const rule = { when: { detectors: [{ detector: "my-first-pattern" }] }, action: "must-encrypt" };
    for (const [method, path, body] of [
      ["PUT", "/api/v1/detectors/my-first-pattern", { pattern: "confidential|secret" }],
      ["PUT", "/api/v1/rules/my-first-pattern", rule],
      ["PATCH", "/api/v1/settings", { select: ["my-first-pattern"], settings: { "dlp.enabled": true } }],
    ] as const)
      expect((await call(method, path, body)).status).toBe(200);
    expect(await verdictOf("this is secret")).toBe("must-encrypt");
  });

  it("shows detectors, groups, rules and settings, built-in ones too", async () => {
    const detectors = (await call("GET", "/api/v1/detectors?limit=500")).body.items as Items;
    expect(detectors).toContainEqual(
      expect.objectContaining({ id: "my-first-pattern", builtIn: false, usedBy: ["my-first-pattern"] }),
    );
    expect(detectors).toContainEqual(expect.objectContaining({ id: "us-npi", builtIn: true, validator: "npi" }));
    const own = (await call("GET", "/api/v1/detectors?builtIn=false")).body.items as Items;
    expect(own.map(({ id }) => id)).toEqual(["my-first-pattern"]);
    expect((await call("GET", "/api/v1/detector-groups")).body.items).toContainEqual(
      expect.objectContaining({ id: "built-in-access-keys", builtIn: true }),
    );
    expect((await call("GET", "/api/v1/rules")).body.items).toContainEqual(
      expect.objectContaining({ id: "my-first-pattern", selectedIn: ["global"], paused: null }),
    );
    expect((await call("GET", "/api/v1/settings")).body).toMatchObject({
      items: [{ scope: "global", rules: ["sensitive-data-out", "cards-and-keys-out", "my-first-pattern"] }],
      defaults: { "quarantine.expire-after-days": 5 },
    });
  });

  it("pages through detectors without repeating or skipping one", async () => {
    const seen: unknown[] = [];
    for (let cursor: unknown = ""; cursor !== null; ) {
      const query = cursor === "" ? "" : `&cursor=${String(cursor)}`;
      const { body } = await call("GET", `/api/v1/detectors?limit=20${query}`);
      seen.push(...(body.items as Items).map(({ id }) => id));
      cursor = body.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(60);
    expect((await call("GET", "/api/v1/detectors?cursor=!")).status).toBe(400);
  });

  it("gives back a rule as it can be sent again", async () => {
    const { body } = await call("GET", "/api/v1/rules/my-first-pattern");
    expect((await call("PUT", "/api/v1/rules/my-first-pattern", body)).status).toBe(200);
    expect((await call("GET", "/api/v1/rules/my-first-pattern")).body).toEqual(body);
  });

  it("answers 422 with the place of each fault, and changes nothing", async () => {
    const before = (await call("GET", "/api/v1/policy")).body;
    for (const [method, path, body] of [
      ["PUT", "/api/v1/detectors/bad", { pattern: "(a" }],
      ["PUT", "/api/v1/rules/bad", { action: "explode" }],
      ["DELETE", "/api/v1/detectors/my-first-pattern", undefined],
      ["PATCH", "/api/v1/settings", { settings: { "dlp.enabeld": true } }],
      ["PATCH", "/api/v1/settings", { scope: "corp.example", settings: {} }],
      ["PATCH", "/api/v1/settings", { rules: ["no-such-rule"] }],
    ] as const) {
      const answer = await call(method, path, body);
      expect({ path, status: answer.status, code: answer.body.code }).toEqual({
        path,
        status: 422,
        code: "POLICY_INVALID",
      });
      expect((answer.body.faults as Items)[0]).toMatchObject({ reason: expect.any(String), line: expect.any(Number) });
    }
    expect((await call("GET", "/api/v1/policy")).body).toEqual(before);
    for (const path of ["/api/v1/detectors/none", "/api/v1/detectors/credit-card", "/api/v1/rules/none"])
      expect((await call("DELETE", path)).status).toBe(404);
  });

  it("says what holds for a sender and where it comes from", async () => {
    await call("PATCH", "/api/v1/settings", { scope: "domain:lab.example", settings: { "notify.digest-after": 3 } });
    await call("PATCH", "/api/v1/settings", { scope: "user:ann@lab.example", rules: [] });
    const ann = await effective("Ann@lab.example");
    expect(ann.settings["notify.digest-after"]).toEqual({ value: 3, origin: "domain:lab.example" });
    expect(ann.settings["dlp.enabled"]).toEqual({ value: true, origin: "global" });
    expect(ann.settings["quarantine.on-error"]).toEqual({ value: false, origin: "default" });
    expect(ann.rules).toEqual({ origin: "user:ann@lab.example", items: [] });
    expect((await effective("bob@lab.example")).rules.origin).toBe("global");
    await call("PATCH", "/api/v1/settings", { scope: "user:ann@lab.example", rules: null });
    expect((await effective("ann@lab.example")).rules.origin).toBe("global");
    await call("PATCH", "/api/v1/settings", { scope: "user:ann@lab.example", deselect: ["my-first-pattern"] });
    expect((await effective("ann@lab.example")).rules.items.map(({ id }) => id)).toEqual([
      "sensitive-data-out",
      "cards-and-keys-out",
    ]);
  });

  it("takes two changes at once, and keeps both", async () => {
    const put = (id: string) => call("PUT", `/api/v1/detectors/${id}`, { words: [id] });
    const answers = await Promise.all(["one", "two", "three"].map(put));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const own = (await call("GET", "/api/v1/detectors?builtIn=false")).body.items as Items;
    expect(own.map(({ id }) => id)).toEqual(["my-first-pattern", "one", "three", "two"]);
  });

  it("keeps every version with who, when and what, and goes back with one call", async () => {
    await call("DELETE", "/api/v1/rules/my-first-pattern");
    expect(await verdictOf("this is secret")).toBe("allow");
    const { items } = (await call("GET", "/api/v1/policy/history?limit=2")).body as { items: Items };
    expect(items[0]).toMatchObject({
      by: "admin-token",
      changes: expect.arrayContaining([
        { kind: "rule", name: "my-first-pattern", change: "removed", fields: [] },
        { kind: "scope", name: "global", change: "changed", fields: ["rules"] },
      ]),
    });
    const back = await call("POST", "/api/v1/policy/rollback");
    expect(back).toMatchObject({ status: 200, body: { revision: items[1]?.revision } });
    expect(await verdictOf("this is secret")).toBe("must-encrypt");
    const named = await call("POST", "/api/v1/policy/rollback", { revision: items[0]?.revision });
    expect(named.status).toBe(200);
    expect((await call("POST", "/api/v1/policy/rollback", { revision: "nothing" })).status).toBe(404);
    expect((await fetch(`${flow.service.url}/api/v1/policy/revisions/${items[1]?.revision}`)).status).toBe(401);
    const events = await flow.service.assembly.store.events.list("installation", 0, 500);
    expect(events.at(-1)).toMatchObject({ kind: "audit", body: { change: "policy-rolled-back", by: "admin-token" } });
    expect(events.every((event) => event.kind === "audit")).toBe(true);
  });

  it("reads and replaces the skip list", async () => {
    expect((await call("GET", "/api/v1/skip-list")).body).toMatchObject({ isDefault: true });
    expect((await call("PUT", "/api/v1/skip-list", { words: ["hello", "world"] })).status).toBe(200);
    expect((await call("GET", "/api/v1/skip-list")).body).toEqual({ isDefault: false, words: ["hello", "world"] });
    expect((await call("PUT", "/api/v1/skip-list", { words: [""] })).status).toBe(422);
    await call("PUT", "/api/v1/skip-list", { words: "default" });
  });

  it("tries a pattern in a box, and says where one is wrong", async () => {
    const trial = await call("POST", "/api/v1/pattern-trials", { pattern: "secret +plan", text: "The SECRET\nplan" });
    expect(trial).toMatchObject({ status: 200, body: { count: 1, matches: [{ text: "SECRET\nplan" }] } });
    const bad = await call("POST", "/api/v1/pattern-trials", { pattern: "a(?=b)", text: "ab" });
    expect(bad).toMatchObject({ status: 400, body: { position: expect.any(Number) } });
  });
});
