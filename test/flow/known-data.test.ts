import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";

const CSV = `Customer No;Name;Born;Note
KD-4711-X;Ann Beispiel;1970-01-31;vip
KD-4712-Y;Jörg Muster;1981-12-24;
12;too short;;`;
const CLAUSES = Array.from({ length: 40 }, (_, at) => `Clause ${at} binds the ${at * 7} parties of plan ${at * 13}.`);
const POLICY = {
  version: 1,
  internalDomains: ["corp.example"],
  detectors: [
    { id: "customer", exactData: "customers" },
    { id: "contract-copy", fingerprint: "contracts" },
  ],
  rules: [
    {
      id: "known",
      when: {
        detectors: [
          { detector: "customer", confidence: "high" },
          { detector: "contract-copy", confidence: "medium" },
        ],
      },
      action: "block",
    },
  ],
  scopes: { global: { rules: ["known"] } },
};

describe("exact data and document fingerprints, from the file to the verdict", () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
  });
  afterAll(() => flow.close());

  const call = (method: string, path: string, body?: unknown, type?: string) =>
    flow.api.request(method, path, body, type);
  const load = (query: string, csv = CSV) => call("PUT", `/api/v1/exact-data/customers?${query}`, csv, "text/csv");
  const scan = async (text: string) =>
    (await call("POST", "/api/v1/scan", { from: "ann@corp.example", to: ["x@out.example"], subject: "s", text })).body;

  it("lets a policy name what is not loaded yet, and finds nothing until then", async () => {
    expect((await call("PUT", "/api/v1/policy", POLICY)).status).toBe(200);
    expect(await scan("KD-4711-X is Ann Beispiel, card 4111 1111 1111 1111")).toMatchObject({
      verdict: "allow",
      findings: [{ detector: "credit-card" }],
    });
  });

  it("says what is wrong with a table, without a piece of it", async () => {
    const unknown = await load("primary=Number");
    expect(unknown.status).toBe(400);
    expect(unknown.body.detail).toBe("there is no column Number in the first line");
    const broken = await load("primary=a", 'a,b\n1,"KD-4711');
    expect(broken.status).toBe(400);
    expect(JSON.stringify(broken.body)).not.toContain("KD-4711");
    expect((await load("primary=Name", "Name\nx\n")).status).toBe(400);
  });

  it("blocks a value of the table with a value of its row near, however it is written", async () => {
    const loaded = await load("primary=Customer%20No&supporting=Name,Born");
    expect(loaded.body).toMatchObject({ name: "customers", rows: 2, leftOut: 1 });
    await expect
      .poll(async () => (await scan("Customer kd 4711 x is ann beispiel.")).verdict, { timeout: 20_000 })
      .toBe("block");
    const { findings } = await scan("Customer kd 4711 x is ann beispiel.");
    expect(findings).toEqual([
      expect.objectContaining({ detector: "customer", count: 1, confidence: "high", masked: ["****711*x"] }),
    ]);
    expect(await scan("KD-4711-X alone")).toMatchObject({ verdict: "allow", findings: [{ confidence: "low" }] });
  });

  it("blocks a copy of a document, and keeps neither document nor table in clear", async () => {
    const body = { document: "frame.docx", text: CLAUSES.join(" "), threshold: 60 };
    expect((await call("PUT", "/api/v1/fingerprints/contracts", body)).status).toBe(200);
    await expect
      .poll(async () => (await scan(CLAUSES.slice(0, 32).join("\n"))).verdict, { timeout: 20_000 })
      .toBe("block");
    expect((await scan(CLAUSES.slice(0, 10).join("\n"))).verdict).toBe("allow");
    const listed = [await call("GET", "/api/v1/exact-data"), await call("GET", "/api/v1/fingerprints")];
    expect(listed.map(({ body: { items } }) => items)).toMatchObject([
      [{ name: "customers", rows: 2 }],
      [{ name: "contracts", document: "frame.docx" }],
    ]);
    expect(JSON.stringify(listed)).not.toMatch(/4711|Clause/);
  });

  it("refuses to remove what the running policy names", async () => {
    expect((await call("DELETE", "/api/v1/exact-data/customers")).status).toBe(409);
    expect((await call("DELETE", "/api/v1/exact-data/nobody")).status).toBe(404);
    expect((await call("DELETE", "/api/v1/fingerprints/contracts?document=frame.docx")).status).toBe(204);
    await call("PUT", "/api/v1/policy", { version: 1 });
    expect((await call("DELETE", "/api/v1/exact-data/customers")).status).toBe(204);
  });
});
