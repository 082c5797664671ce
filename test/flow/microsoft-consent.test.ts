import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { PATIENCE_MS, START_MS } from "./watching.ts";

const FOREIGN = "99999999-9999-4999-8999-999999999999";

/** Threats T-07 and T-08. */
describe("the way back from the admin-consent page", { timeout: PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  let id: string;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    flow.sandbox.application.disabled = true;
    const { status, body } = await flow.api.request("POST", "/api/v1/tenants", flow.settings());
    expect({ status, state: body.state }).toEqual({ status: 201, state: "failed" });
    id = body.id as string;
  }, START_MS);
  afterAll(() => flow.close());

  async function question(): Promise<string> {
    const { body } = await flow.api.request("GET", `/api/v1/tenants/${id}/consent`);
    const asked = new URL(body.address as string);
    expect(asked.searchParams.get("redirect_uri")).toBe(`${flow.service.url}/oauth/microsoft/callback`);
    return asked.searchParams.get("state") ?? "";
  }

  async function comeBack(parameters: Readonly<Record<string, string>>, method = "GET") {
    const address = `${flow.service.url}/oauth/microsoft/callback?${new URLSearchParams(parameters)}`;
    const answer = await fetch(address, { method });
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  }

  const granted = (state: string, tenant = flow.sandbox.tenantId) => ({ admin_consent: "True", tenant, state });
  const tenant = async () => (await flow.api.request("GET", `/api/v1/tenants/${id}`)).body;
  const tokenCalls = () => flow.sandbox.requests.filter(({ path }) => path.endsWith("/token")).length;

  it("changes nothing for an answer that belongs to no open question, and repeats nothing of it", async () => {
    const state = await question();
    const [body = "", signature = ""] = state.split(".");
    const before = { tenant: await tenant(), calls: tokenCalls() };
    const answers = await Promise.all([
      comeBack({ admin_consent: "True", tenant: flow.sandbox.tenantId }),
      comeBack(granted("forged")),
      comeBack(granted(`${body}.${signature.split("").reverse().join("")}`)),
      comeBack(granted(state, FOREIGN)),
      comeBack({ admin_consent: "True", state }),
      comeBack({ code: "4/0Ab-google", scope: "openid", state: "forged" }),
    ]);
    for (const { status, type, text } of answers) {
      expect({ status, type }).toEqual({ status: 400, type: "text/plain; charset=utf-8" });
      expect(text).not.toMatch(/forged|99999999|google/);
    }
    expect({ tenant: await tenant(), calls: tokenCalls() }).toEqual(before);
  });

  it("takes a refusal for one, which uses the question up", async () => {
    const state = await question();
    const refusal = { error: "access_denied", error_description: "forged", admin_consent: "True", state };
    const answer = await comeBack({ ...refusal, tenant: flow.sandbox.tenantId });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("was not granted");
    expect(answer.text).not.toContain("forged");
    expect((await comeBack(granted(state))).text).toContain("no open question");
    expect((await tenant()).state).toBe("failed");
  });

  it("believes in consent only when the tenant gives a token", async () => {
    const early = await comeBack(granted(await question()));
    expect(early).toMatchObject({ status: 200, text: expect.stringContaining("no token yet") });
    expect((await tenant()).state).toBe("failed");
    flow.sandbox.application.disabled = false;
    const state = await question();
    expect((await comeBack(granted(state), "HEAD")).status).not.toBe(200);
    const answer = await comeBack(granted(state));
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining("gave a token") });
    expect((await tenant()).state).toBe("active");
    const { body } = await flow.api.request("GET", "/api/v1/audit?limit=100");
    expect(JSON.stringify(body.items)).toContain("consent-returned");
    // Used up, by a replay or by somebody who saw the address.
    const calls = tokenCalls();
    expect(await comeBack(granted(state))).toMatchObject({ status: 400 });
    expect(tokenCalls()).toBe(calls);
  });

  it("shows what every tier would ask for before anybody agrees", async () => {
    const { body } = await flow.api.request("GET", `/api/v1/tenants/${id}/consent`);
    expect(body.permissions).toContain("Mail.ReadWrite");
    expect(body.tiers).toMatchObject([
      { name: "observe", needed: true },
      { name: "respond", needed: true },
      { name: "remediate", needed: false, adds: ["SecurityAnalyzedMessage.ReadWrite.All"] },
    ]);
  });

  it("lets nobody connect the same tenant a second time", async () => {
    const { status } = await flow.api.request("POST", "/api/v1/tenants", flow.settings({ name: "Again" }));
    expect(status).toBe(409);
  });
});
