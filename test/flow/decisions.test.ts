import PostalMime from "postal-mime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_TOKEN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { ann, boss, CARD, carl, mail } from "./mail.ts";
import { finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

const POLICY = {
  rules: [{ id: "cards", when: { detectors: [{ detector: "credit-card" }] }, action: "quarantine" }],
  scopes: { global: { rules: ["cards"], settings: { "dlp.managers": [carl, "manager-of-sender"] } } },
};

describe("the link to decide about a held message", () => {
  let flow: MicrosoftFlow;
  let url: string;
  let cookie: string;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    url = flow.service.url ?? "";
    expect((await flow.api.request("PUT", "/api/v1/policy", POLICY)).status).toBe(200);
    expect((await flow.api.request("POST", "/api/v1/tenants", flow.settings())).status).toBe(201);
  }, START_MS);
  afterAll(() => flow.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, url), { headers, redirect: "manual" });
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(new URL(path, url), { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
  /** Path of the link in the notice about an incident, in what a person received. */
  const linkFor = async (person: string, incident: string): Promise<string | undefined> => {
    const notice = flow.sandbox.messages(person, "inbox").find(({ subject }) => subject.includes(incident));
    expect(notice).toBeDefined();
    const { html } = await PostalMime.parse(notice?.mime ?? "");
    return /href="http[^"]+(\/decisions\/[^"]+)"/.exec(html ?? "")?.[1];
  };
  const held = async (subject: string, to?: string): Promise<string> => {
    await flow.sandbox.send(
      ann,
      mail(subject, { text: CARD, ...(to === undefined ? {} : { to: `${to}, x@out.example` }) }),
    );
    return (await finishedOne(flow.api, subject)).id;
  };
  const stateOf = async (incident: string) =>
    (await flow.api.quarantine()).find((item) => item.incident === incident)?.state;

  it("says nothing, does nothing, and asks for sign-in and a click", { timeout: 2 * PATIENCE_MS }, async () => {
    const incident = await held("held-one");
    const link = (await linkFor(carl, incident)) ?? "";
    for (let scans = 0; scans < 3; scans++) {
      const page = await get(link);
      expect(page.status).toBe(200);
      expect([page.headers.get("referrer-policy"), page.headers.get("cache-control")]).toEqual([
        "no-referrer",
        "no-store",
      ]);
      const html = await page.text();
      expect(html).not.toMatch(/held-one|1111|<form|<script|refresh/);
      expect(html).toContain(`href="${link}/review"`);
    }
    const asked = await get(`${link}/review`);
    expect(asked.status).toBe(303);
    const signIn = asked.headers.get("location") ?? "";
    expect(await (await get(signIn)).text()).toContain(`name="next" value="${link}/review"`);
    expect((await post(link, { decision: "release" })).status).toBe(403);
    expect(await stateOf(incident)).toBe("held");

    const entered = await post("/sign-in", { token: ADMIN_TOKEN, next: `${link}/review` });
    expect(entered.headers.get("location")).toBe(`${link}/review`);
    cookie = (entered.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
    const review = await (await get(`${link}/review`, { cookie })).text();
    expect(review).toContain("held-one");
    expect(review).not.toMatch(/4111[\s.-]*1111/);
    expect((await post(link, { decision: "release" }, { cookie })).status).toBe(403);
    expect(await stateOf(incident)).toBe("held");

    const formToken = /name="form-token" value="([^"]+)"/.exec(review)?.[1] ?? "";
    const fields = { decision: "release", reason: "checked", "form-token": formToken };
    expect((await post(link, fields, { cookie })).status).toBe(303);
    const item = (await flow.api.quarantine()).find((each) => each.incident === incident);
    expect(item?.history.at(-1)).toMatchObject({
      state: "released",
      by: `administrator, link of ${carl}`,
      reason: "checked",
    });
    expect((await post(link, { ...fields, decision: "delete" }, { cookie })).status).toBe(409);
    expect(await (await get(`${link}/review`, { cookie })).text()).toContain("It was released already");
  });

  it("is not given to a manager who received the message himself", { timeout: 2 * PATIENCE_MS }, async () => {
    const incident = await held("held-own", carl);
    expect(await linkFor(carl, incident)).toBeUndefined();
    expect(await linkFor(boss, incident)).toMatch(/^\/decisions\//);
  });

  it("answers wrong ones alike, and too many of them with 429", async () => {
    const answers = await Promise.all(
      ["a", "a.b.c", `${"0".repeat(8)}.${"x".repeat(80)}.${"y".repeat(43)}`].map(async (token) => {
        const answer = await get(`/decisions/${token}`);
        return `${answer.status} ${await answer.text()}`;
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^404 /);
    let last = 404;
    for (let guesses = 0; guesses < 20 && last === 404; guesses++) last = (await get(`/decisions/g${guesses}`)).status;
    expect(last).toBe(429);
  });
});
