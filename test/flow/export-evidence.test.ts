import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compactDecrypt } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { type HttpSink, startHttpSink } from "../support/sinks.ts";
import { until } from "../support/until.ts";
import { ann, OUTSIDER } from "./mail.ts";

const CARD = "4111111111111111";
const { publicKey, privateKey } = generateKeyPairSync("x25519");
const folder = mkdtempSync(join(tmpdir(), "postern-evidence-"));
let flow: MicrosoftFlow;
let sink: HttpSink;
beforeAll(async () => {
  const file = join(folder, "evidence.pub");
  writeFileSync(file, publicKey.export({ type: "spki", format: "pem" }));
  sink = await startHttpSink();
  flow = await startMicrosoftFlow({ POSTERN_EVIDENCE_KEY_FILE: file, POSTERN_EXPORT_ALLOW_PRIVATE: "true" });
  expect((await flow.api.request("POST", "/api/v1/tenants", flow.settings({ mode: "observe" }))).status).toBe(201);
});
afterAll(async () => {
  await flow.close();
  await sink.close();
  rmSync(folder, { recursive: true, force: true });
});

it("exports found values sealed to the customer's key within seconds, and nowhere in clear", async () => {
  const job = { name: "soc", dataset: "email_dlp_findings", destination_conf: sink.url };
  expect((await flow.api.request("POST", "/api/v1/export-jobs", job)).status).toBe(201);
  const text = `From: ${ann}\r\nTo: ${OUTSIDER}\r\nSubject: offer ${CARD}\r\nMessage-ID: <1@corp.example>\r\n\r\ncard ${CARD}\r\n`;
  await flow.sandbox.send(ann, Buffer.from(text));
  const [line = ""] = await until("the verdict arrives", () => sink.lines().length > 0 && sink.lines(), 45_000);
  const record = JSON.parse(line) as { readonly Evidence: string; readonly Subject: string };
  expect(record.Subject).toBe("offer ************1111");
  expect(line).not.toContain(CARD);
  const { plaintext } = await compactDecrypt(record.Evidence, privateKey);
  const opened = JSON.parse(Buffer.from(plaintext).toString("utf8")) as { readonly findings: readonly object[] };
  expect(opened).toMatchObject({ subject: `offer ${CARD}`, truncated: false });
  expect(opened.findings).toContainEqual({ detector: "credit-card", part: "body", values: [CARD] });
  const stored = await flow.api.request("GET", "/api/v1/events?limit=500");
  expect(JSON.stringify(stored.body)).not.toContain(CARD);
});
