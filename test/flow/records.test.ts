import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, CARD, IBAN, mail, OUTSIDER, policyWith } from "./mail.ts";
import { actionLines, connect, finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

const MONITOR = `  - id: watched-word
    when: { detectors: [{ detector: code-names }], recipients: { are: any } }
    action: block
    monitor: true
`;
/** Two words that only the monitoring rule sees: it goes to nobody outside. */
const policy = policyWith("", MONITOR, ", watched-word");
const corpus = process.env.POSTERN_CORPUS;
const sealedArchive = corpus === undefined ? undefined : join(corpus, "bugs", "29-zip-password.eml");

describe("what a record says", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    await connect(flow.api, flow.settings(), policy);
    await until("subscriptions", () => flow.sandbox.subscriptions.size >= 6, PATIENCE_MS);
  }, START_MS);
  afterAll(() => flow.close());

  const multipart = (part: string, end = "\r\n--b--\r\n") => ({
    extra: ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"'],
    text: `--b\r\nContent-Type: text/plain\r\n\r\nsee ${CARD}\r\n--b\r\n${part}${end}`,
  });
  const zip = (bytes: Buffer) =>
    `Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="a.zip"\r\n\r\n${bytes.toString("base64")}`;

  it.each([
    ["no-final-boundary", "corrupt", multipart("Content-Type: text/plain\r\n\r\ncut off", "\r\n")],
    [
      "unknown-charset",
      "corrupt",
      {
        extra: ["Content-Type: text/plain; charset=x-no-such", "Content-Transfer-Encoding: 8bit"],
        text: `${CARD} \u00ff`,
      },
    ],
    ["broken-zip", "corrupt", multipart(zip(Buffer.from("PK\u0003\u0004 this is the end of it")))],
    ["sealed-zip", "encrypted", multipart(zip(sealedZip()))],
  ])("%s: the findings of what could be read, and the problem %s", async (subject, code, given) => {
    await flow.sandbox.send(ann, mail(subject, given));
    const record = await finishedOne(flow.api, subject);
    expect(record).toMatchObject({ status: "partial", verdict: "block", trigger: "notification" });
    expect(record.problems.map((problem) => problem.code)).toContain(code);
    expect(record.findings.map(({ detector }) => detector)).toContain("credit-card");
  });

  it.skipIf(sealedArchive === undefined || !existsSync(sealedArchive))(
    "calls a real encrypted archive encrypted (needs POSTERN_CORPUS)",
    async () => {
      const before = (await flow.api.messages()).length;
      await flow.sandbox.send(ann, readFileSync(sealedArchive ?? ""));
      await until("its record", async () => (await flow.api.messages()).length > before, PATIENCE_MS);
      const [record] = await flow.api.messages("?limit=1");
      expect(record).toMatchObject({ status: "partial" });
      expect(record?.problems.map(({ code }) => code)).toContain("encrypted");
    },
  );

  it("notes what a monitoring rule would have done, and opens no incident for it alone", async () => {
    await flow.sandbox.send(ann, mail("monitored", { to: bob, text: "project osprey" }));
    const record = await finishedOne(flow.api, "monitored");
    expect(record).toMatchObject({
      verdict: "allow",
      actions: [],
      monitored: [{ rule: "watched-word", verdict: "block" }],
    });
    expect((await flow.api.incidents("?limit=500")).map(({ id }) => id)).not.toContain(record.id);
  });

  it("holds copies of Bcc recipients to their own verdict", async () => {
    await flow.sandbox.send(ann, mail("blind", { to: bob, text: CARD }), { bcc: [OUTSIDER] });
    const record = await finishedOne(flow.api, "blind");
    expect(record.recipients.map(({ address, verdict }) => [address, verdict])).toEqual([
      [bob, "allow"],
      [OUTSIDER, "block"],
    ]);
    expect(record.actions.map(({ target, kind }) => `${kind} ${target}`)).toContain(`recall ${OUTSIDER}`);
  });

  it("destroys every copy when a manager deletes, and keeps the record", async () => {
    await flow.sandbox.send(ann, mail("deleted", { to: bob, text: IBAN }));
    const record = await finishedOne(flow.api, "deleted");
    const [item] = (await flow.api.quarantine()).filter(({ incident }) => incident === record.id);
    const answer = await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/delete`, { reason: "not needed" });
    expect(answer).toMatchObject({ status: 200, body: { state: "deleted" } });
    const ended = await finishedOne(flow.api, "deleted");
    expect(actionLines(ended).filter((line) => line.includes("failed"))).toEqual([]);
    for (const person of [ann, bob])
      expect(flow.sandbox.messages(person).filter((message) => message.subject === "deleted")).toEqual([]);
    const again = await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/release`);
    expect(again.status).toBe(409);
    const history = (
      (await flow.api.request("GET", `/api/v1/quarantine?state=deleted`)).body.items as {
        id: string;
        history: unknown[];
      }[]
    ).find(({ id }) => id === item?.id)?.history;
    expect(history).toHaveLength(2);
  });

  it("lets exactly one of two managers decide", async () => {
    await flow.sandbox.send(ann, mail("raced", { to: bob, text: IBAN }));
    const record = await finishedOne(flow.api, "raced");
    const [item] = (await flow.api.quarantine()).filter(({ incident }) => incident === record.id);
    const path = `/api/v1/quarantine/${item?.id}`;
    const answers = await Promise.all(
      ["release", "delete", "release", "delete"].map((verb) => flow.api.request("POST", `${path}/${verb}`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    await finishedOne(flow.api, "raced");
  });

  it("expires at the next run when nothing is kept for a day", async () => {
    const short = policyWith(", quarantine.expire-after-days: 0");
    expect((await flow.api.request("PUT", "/api/v1/policy", short, "application/yaml")).status).toBe(200);
    await flow.sandbox.send(ann, mail("expiring", { to: bob, text: IBAN }));
    const record = await finishedOne(flow.api, "expiring");
    await flow.restart();
    await until(
      "an expired item",
      async () => (await flow.api.quarantine("?state=expired")).some(({ incident }) => incident === record.id),
      PATIENCE_MS,
    );
    await until(
      "no copy left",
      () => [ann, bob].every((who) => flow.sandbox.messages(who).every(({ subject }) => subject !== "expiring")),
      PATIENCE_MS,
    );
  });
});

/** One stored member with the flag of encryption (APPNOTE 4.4.4, bit 0), its content twelve bytes of noise longer. */
function sealedZip(): Buffer {
  const name = Buffer.from("secret.txt");
  const content = Buffer.from("0123456789abcdefghijklmn");
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(1, 2);
  common.writeUInt32LE(0x1234_5678, 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length - 12, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), common, name, content]);
  const central = Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
