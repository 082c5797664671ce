import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";
import fc from "fast-check";
import parseSyslog from "nsyslog-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDestination } from "../../../connectors/destinations/open.ts";
import { syslogFrame } from "../../../connectors/destinations/syslog.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { batch, soon } from "./batch.ts";

/** Reads octet-counted frames (RFC 5425 4.3); whatever does not fit is an error. */
function readFrames(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString("ascii", at, space));
    if (space < 0 || !Number.isInteger(length) || space + 1 + length > bytes.length) throw new Error("broken frame");
    frames.push(bytes.toString("utf8", space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return frames;
}

describe("a syslog destination", () => {
  let server: Server;
  let ca: string;
  let received = Buffer.alloc(0);
  let hangsUp = false;
  beforeAll(async () => {
    const certificate = makeCertificate();
    ca = certificate.cert;
    server = createServer({ ...certificate }, (socket) => {
      socket.on("error", () => undefined);
      if (hangsUp) socket.destroy();
      socket.on("data", (piece) => {
        received = Buffer.concat([received, piece]);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => void server.close());
  const open = (trusted: boolean) =>
    openDestination(`syslog+tls://localhost:${(server.address() as AddressInfo).port}`, {
      network: { allowPrivate: true, extraPorts: [], ...(trusted ? { ca } : {}) },
      folder: "/nowhere",
    });

  it("frames by octets, also texts of 64 kB and with line breaks, and counts when the receiver closed in order", async () => {
    received = Buffer.alloc(0);
    const long = "é".repeat(32_768);
    expect(await open(true).send(batch(['{"a":1}', long, "two\nlines"]), soon())).toEqual({ outcome: "accepted" });
    const frames = readFrames(received);
    expect(frames.map((frame) => frame.split("\u{feff}")[1])).toEqual(['{"a":1}', long, "two lines"]);
    expect(frames[0]).toMatch(/^<107>1 2026-11-30T21:45:00\.123Z \S+ postern - event - \u{feff}\{/u);
    expect(parseSyslog(frames[0] ?? "")).toMatchObject({ type: "RFC5424", appName: "postern" });
  });

  it("is tried again when the receiver hangs up, or is not who it should be", async () => {
    expect(await open(false).send(batch(["x"]), soon())).toMatchObject({ outcome: "retry" });
    hangsUp = true;
    expect(await open(true).send(batch(["x".repeat(1_000_000)]), soon())).toMatchObject({ outcome: "retry" });
    hangsUp = false;
  });

  it("frames any text so that a reader of octet counts finds each message whole", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }), (texts) => {
        const frames = readFrames(Buffer.concat(batch(texts).records.map((record) => syslogFrame(record, 13))));
        expect(frames).toHaveLength(texts.length);
      }),
    );
  });
});
