import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDestination } from "../../connectors/destinations/open.ts";
import type { OutRecord } from "../../src/core/export.ts";
import { outputOptionsSchema } from "../../src/export/output-options.ts";
import { openRenderer } from "../../src/export/render.ts";
import { makeCertificate } from "../support/certificate.ts";
import { type Rsyslog, startRsyslog } from "../support/rsyslog.ts";
import { findServer } from "../support/servers.ts";
import { until } from "../support/until.ts";
import { batch, soon } from "../unit/destinations/batch.ts";
import { ALL_KINDS, verdict } from "../unit/export/sample-events.ts";

const missing = findServer("rsyslogd") === undefined || findServer("lmnsd_ossl.so") === undefined;
const DATASETS = ["email_dlp_findings", "email_dlp_actions", "quarantine_events", "audit_logs"] as const;

describe.skipIf(missing)(
  `rsyslog from Debian over TLS${missing ? " (skipped: rsyslog-openssl is not installed)" : ""}`,
  () => {
    const certificate = makeCertificate();
    let server: Rsyslog;
    beforeAll(async () => {
      server = await startRsyslog(certificate);
    });
    afterAll(() => server.stop());

    /** Sends records and waits until the server wrote them; what it understood of each. */
    async function send(records: readonly OutRecord[]): Promise<ReturnType<Rsyslog["messages"]>> {
      const before = server.messages().length;
      const destination = openDestination(`syslog+tls://localhost:${server.port}?facility=13`, {
        network: { allowPrivate: true, extraPorts: [], ca: certificate.cert },
        folder: "/nowhere",
      });
      expect(await destination.send({ ...batch([]), records }, soon())).toEqual({ outcome: "accepted" });
      await destination.close();
      return until("all are written", () => {
        const messages = server.messages().slice(before);
        return messages.length >= records.length && messages;
      });
    }
    const records = (type: string): OutRecord[] => {
      const output = outputOptionsSchema.parse({ output_type: type });
      const renderers = DATASETS.map((dataset) =>
        openRenderer({ dataset, output, filter: null }, { version: "1.2.3" }, new Uint8Array(32)),
      );
      return ALL_KINDS.flatMap((event) => renderers.flatMap((render) => render(event)));
    };

    it("takes every kind of event as one message, with its severity, and gives the text back whole", async () => {
      const sent = records("ndjson");
      const got = await send(sent);
      expect(got.map(({ msg }) => msg)).toEqual(sent.map(({ text }) => text.trim()));
      expect(new Set(got.map(({ app, msgid, facility }) => `${app} ${msgid} ${facility}`))).toEqual(
        new Set(["postern event 13"]),
      );
      expect(got.map(({ severity }) => severity)).toContain("err");
    });

    it("takes a message of 64 kB whole, and one with line breaks as one", async () => {
      const long = "é".repeat(32_000);
      const [first, second] = await send(batch([long, "two\nlines"]).records);
      expect(first?.msg === long, `${first?.msg.length} characters`).toBe(true);
      expect(second?.msg).toBe("two lines");
    });

    it("reads CEF with its own parser: header, keys and values as they were meant", async () => {
      const subject = "a|b c=d act=allowed \\ line";
      const output = outputOptionsSchema.parse({ output_type: "cef" });
      const render = openRenderer(
        { dataset: "email_dlp_findings", output, filter: null },
        { version: "1|2" },
        new Uint8Array(32),
      );
      const [hostile] = await send(render(verdict({ subject, sender: "x|y=z" })));
      expect(hostile?.cef?.f).toMatchObject({
        DeviceVendor: "Postern",
        SignatureID: "email.dlp.finding",
        Severity: "8",
        Extensions: { act: "block", suser: "x|y=z", msg: subject, cat: "DLP" },
      });
      const all = await send(records("cef"));
      expect(all.filter(({ cef }) => cef?.f.DeviceVendor !== "Postern")).toEqual([]);
    });
  },
);
