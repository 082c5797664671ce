import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiClient } from "../../src/cli/api-client.ts";
import { applyPolicy } from "../../src/cli/policy.ts";
import {
  addPattern,
  deselectRules,
  type EditTools,
  resumeRule,
  selectRules,
  setSetting,
} from "../../src/cli/policy-edit.ts";
import { fetchEffective } from "../../src/cli/policy-explain.ts";
import { printHistory, rollBack } from "../../src/cli/policy-history.ts";
import { simulatePolicy } from "../../src/cli/policy-simulate.ts";
import { printSkipList, replaceSkipList } from "../../src/cli/skip-list.ts";
import { ADMIN_TOKEN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { ann, CARD, mail } from "./mail.ts";
import { finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

describe("the policy commands", () => {
  let flow: MicrosoftFlow;
  let tools: EditTools;
  let printed: string[] = [];
  let complained: string[] = [];
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    tools = {
      client: openApiClient(flow.service.url ?? "", ADMIN_TOKEN),
      out: (line) => printed.push(line),
      err: (line) => complained.push(line),
    };
  }, START_MS);
  afterAll(() => flow.close());

  /** What a command printed, and how it ended. */
  const run = async (command: Promise<number>) => {
    printed = [];
    complained = [];
    const status = await command;
    return { status, out: printed, err: complained };
  };
  const verdictOf = async (text: string) =>
    (await flow.api.request("POST", "/api/v1/scan", { from: ann, to: ["x@out.example"], text })).body.verdict;

  it("set a keyword up in three", async () => {
    const options = { action: "must-encrypt" };
    expect((await run(addPattern("first", "confidential|secret", options, tools))).status).toBe(0);
    expect(await verdictOf("a secret")).toBe("allow");
    const selected = await run(selectRules(["first"], "global", tools));
    expect(selected.status).toBe(0);
    expect(selected.out[0]).toMatch(/^first: would have acted on 0 of 0 messages/);
    expect((await run(setSetting("dlp.enabled", "true", "global", tools))).status).toBe(0);
    expect(await verdictOf("a secret")).toBe("must-encrypt");
  });

  it("say what is wrong, and exit 2", async () => {
    const bad = await run(addPattern("bad", "(a", { action: "warn" }, tools));
    expect(bad.status).toBe(2);
    expect(bad.err[0]).toMatch(/^detectors\[\d+\]\.pattern: /);
    expect((await run(setSetting("dlp.enabled", "perhaps", "global", tools))).status).toBe(2);
    expect((await run(selectRules(["none"], "global", tools))).status).toBe(2);
    await expect(resumeRule("none", tools)).rejects.toThrow(/404/);
  });

  it("set managers as a list, and let a scope inherit again", async () => {
    const scope = "domain:corp.example";
    const managers = async () => (await fetchEffective(ann, tools.client)).settings["dlp.managers"];
    await run(setSetting("dlp.managers", "dlp@corp.example, manager-of-sender", scope, tools));
    expect(await managers()).toEqual({ value: ["dlp@corp.example", "manager-of-sender"], origin: scope });
    await run(setSetting("dlp.managers", undefined, scope, tools));
    expect(await managers()).toEqual({ value: [], origin: "default" });
  });

  it("show the history, and go back", async () => {
    await run(deselectRules(["first"], "global", tools));
    expect(await verdictOf("a secret")).toBe("allow");
    const { out } = await run(printHistory(1, tools.client, tools.out));
    expect(out[0]).toMatch(/^[0-9a-f]{16}\t\S+Z\tadmin-token$/);
    expect(out).toContain("  changed scope global: rules");
    expect((await run(rollBack(undefined, tools.client, tools.out))).status).toBe(0);
    expect(await verdictOf("a secret")).toBe("must-encrypt");
  });

  it("read, replace and restore the skip list", async () => {
    expect((await run(printSkipList(tools.client, tools.out))).out).toHaveLength(100);
    expect((await run(replaceSkipList(["confidential"], tools.client, tools.out, tools.err))).status).toBe(0);
    expect((await run(printSkipList(tools.client, tools.out))).out).toEqual(["confidential"]);
    await run(replaceSkipList("default", tools.client, tools.out, tools.err));
  });

  it("simulate a policy over past mail, with masked examples", { timeout: 2 * PATIENCE_MS }, async () => {
    expect((await flow.api.request("POST", "/api/v1/tenants", flow.settings())).status).toBe(201);
    await flow.sandbox.send(ann, mail("past", { text: CARD }));
    expect((await finishedOne(flow.api, "past")).verdict).toBe("block");
    const milder = "rules: [{ id: cards, when: { detectors: [{ detector: credit-card }] }, action: warn }]\n";
    const policy = `${milder}scopes: { global: { rules: [cards] } }\n`;
    const options = {
      since: new Date(Date.now() - 3_600_000),
      until: new Date(Date.now() + 60_000),
      json: false,
      rescan: false,
    };
    const { client, out, err } = tools;
    const { status, out: lines } = await run(simulatePolicy("p.yaml", policy, options, client, out, err));
    expect(status).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        "1 messages, 1 would be decided otherwise",
        "  block → warn: 1",
        `  ${ann}: 1 from block to warn`,
        "  out.example: 1 from block to warn",
        "  cards (warn): 1 messages",
      ]),
    );
    expect(lines.join("\n")).toContain("************1111");
    expect(lines.join("\n")).not.toContain("4111 1111");
    const applied = await run(applyPolicy("p.yaml", policy, "yaml", client, out, err));
    expect(applied).toMatchObject({ status: 0, err: [] });
    expect(applied.out[0]).toMatch(/^cards: would have acted on 1 of 1 messages of the last 7 days/);
    // It acts already: nothing new to tell.
    expect((await run(applyPolicy("p.yaml", policy, "yaml", client, out, err))).out).toHaveLength(1);
    await run(rollBack(undefined, client, out));
    const faulty = await run(simulatePolicy("p.yaml", "rules: [{ id: a }]", options, client, out, err));
    expect(faulty).toMatchObject({ status: 2, out: [] });
    expect(faulty.err[0]).toMatch(/^p\.yaml:1:\d+: /);
  });

  it("read past mail again for what kept findings cannot tell", { timeout: 2 * PATIENCE_MS }, async () => {
    await flow.sandbox.send(ann, mail("animals", { text: "a zebra" }));
    await finishedOne(flow.api, "animals");
    const policy = `detectors: [{ id: animals, words: [zebra] }]
rules: [{ id: animals-out, when: { detectors: [{ detector: animals }] }, action: quarantine }]
scopes: { global: { rules: [animals-out] } }
`;
    const since = new Date(Date.now() - 3_600_000);
    const simulateWith = (rescan: boolean) => {
      const options = { since, until: new Date(Date.now() + 60_000), json: true, rescan };
      const { client, out, err } = tools;
      return run(simulatePolicy("p.yaml", policy, options, client, out, err));
    };
    const kept = await simulateWith(false);
    expect(kept.err).toContain('animals-out: not told by kept findings: the detector "animals" is new or changed');
    expect(JSON.parse(kept.out[0] ?? "")).toMatchObject({ wouldAct: [], readAgain: 0 });
    const read = await simulateWith(true);
    expect(JSON.parse(read.out[0] ?? "")).toMatchObject({
      wouldAct: [{ rule: "animals-out", verdict: "quarantine", messages: 1 }],
      rules: expect.arrayContaining([
        expect.objectContaining({ name: "animals-out", from: "allow", to: "quarantine" }),
      ]),
      truncated: false,
    });
    expect(flow.sandbox.messages(ann, "sentitems").map(({ subject }) => subject)).toContain("animals");
  });
});
