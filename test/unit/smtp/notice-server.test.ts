import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import PostalMime from "postal-mime";
import type { SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import { openNoticeServer } from "../../../connectors/smtp/notice-server.ts";
import type { PlannedAction } from "../../../src/core/action.ts";
import { startMailServer } from "../../support/mail-server.ts";

const clock = { now: () => new Date("2026-12-01T09:00:00Z") };
const never = new AbortController().signal;
const action = (change: Partial<PlannedAction> = {}): PlannedAction => ({
  id: "n1",
  kind: "notify",
  ref: { provider: "microsoft", tenantId: "t", mailbox: "ann@corp.example", messageId: "m" },
  stage: "sent",
  internetMessageId: null,
  target: "carl@corp.example",
  attempts: 0,
  notice: {
    to: "carl@corp.example",
    subject: "Geblokkeerd: één",
    text: "A mail was blocked.",
    html: "<p>A mail was blocked.</p>",
    headers: { "x-postern-notice": "mark" },
  },
  ...change,
});

describe("a mail server that sends notices", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function receiver(options: SMTPServerOptions = {}) {
    const server = await startMailServer(options);
    closers.push(() => void server.close());
    return server;
  }
  const client = (port: number, login = "") =>
    openNoticeServer({ url: `smtp://${login}127.0.0.1:${port}`, from: "dlp@corp.example" }, clock);

  it("gets the notice in text and HTML, with our mark, for one person", async () => {
    const { received, port } = await receiver();
    expect(await client(port).send(action(), never)).toEqual({ state: "done", reason: null });
    const [mail] = received;
    expect([received.length, mail?.from, mail?.to]).toEqual([1, "dlp@corp.example", ["carl@corp.example"]]);
    const parsed = await PostalMime.parse(mail?.mime ?? "");
    expect([parsed.subject, parsed.text?.trim(), parsed.html?.trim()]).toEqual([
      "Geblokkeerd: één",
      "A mail was blocked.",
      "<p>A mail was blocked.</p>",
    ]);
    const headers = new Map(parsed.headers.map(({ key, value }) => [key, value]));
    expect([headers.get("x-postern-notice"), headers.get("auto-submitted")]).toEqual(["mark", "auto-generated"]);
  });

  it("is signed in to when the address says so, and wrong words are told from trouble", async () => {
    const { received, port } = await receiver({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, callback) =>
        username === "po st" && password === "s:cret"
          ? callback(null, { user: "postern" })
          : callback(new Error("no such user")),
    });
    expect(await client(port, "po%20st:s%3Acret@").send(action(), never)).toMatchObject({ state: "done" });
    await expect(client(port, "postern:wrong@").send(action(), never)).rejects.toMatchObject({
      code: "PROVIDER_UNAUTHORIZED",
    });
    expect(received).toHaveLength(1);
  });

  it("may refuse for now, and is asked again", async () => {
    let refusals = 1;
    const { received, port } = await receiver({
      onRcptTo: (_address, _session, callback) =>
        refusals-- > 0 ? callback(Object.assign(new Error("greylisted carl@"), { responseCode: 451 })) : callback(),
    });
    const server = client(port);
    const refused = server.send(action(), never);
    await expect(refused).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE", details: { status: 451 } });
    await expect(refused).rejects.not.toThrow(/carl/);
    expect(await server.send(action({ attempts: 1 }), never)).toMatchObject({ state: "done" });
    expect(received).toHaveLength(1);
  });

  it("may refuse for good", async () => {
    const { port } = await receiver({
      onData: (stream, _session, callback) => {
        stream.resume();
        stream.on("end", () => callback(Object.assign(new Error("spam"), { responseCode: 554 })));
      },
    });
    await expect(client(port).send(action(), never)).rejects.toMatchObject({ code: "PROVIDER_REFUSED" });
  });

  it("is not given a notice twice whose fate is unknown", async () => {
    const { received, port } = await receiver();
    const front = await hangingUp(port);
    expect(await client(front).send(action(), never)).toEqual({ state: "failed", reason: "outcome-unknown" });
    expect(received).toHaveLength(1);
    // As after a crash: nobody remembers how the attempt before ended.
    expect(await client(port).send(action({ attempts: 1 }), never)).toMatchObject({ reason: "outcome-unknown" });
    expect(received).toHaveLength(1);
  });

  it("that is away is asked again", async () => {
    const { port } = await receiver();
    for (const close of closers.splice(0)) close();
    const server = client(port);
    await expect(server.send(action(), never)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    await expect(server.send(action({ attempts: 1 }), never)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  });

  it("is let go of when the work is taken away", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    closers.push(() => silent.close());
    const controller = new AbortController();
    silent.once("connection", () => controller.abort(new Error("lease lost")));
    const { port } = silent.address() as { readonly port: number };
    await expect(client(port).send(action(), controller.signal)).rejects.toThrow("lease lost");
  });

  /** Passes bytes on and swallows the server's answer to the mail itself. */
  async function hangingUp(port: number): Promise<number> {
    const front = createServer((inner: Socket) => {
      const outer = connect(port, "127.0.0.1");
      inner.on("error", () => undefined);
      outer.on("error", () => undefined);
      let mailBegan = false;
      inner.pipe(outer);
      outer.on("data", (chunk: Buffer) => {
        if (mailBegan) {
          inner.destroy();
          outer.end();
          return;
        }
        mailBegan = /^354/m.test(chunk.toString("latin1"));
        inner.write(chunk);
      });
    }).listen(0, "127.0.0.1");
    await once(front, "listening");
    closers.push(() => front.close());
    return (front.address() as { readonly port: number }).port;
  }
});
