import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isPosternError } from "../../src/core/errors.ts";
import type { MessageRef } from "../../src/core/message.ts";
import { type ConnectorHarness, type MakeHarness, sampleMail } from "./connector-harness.ts";
import { runActionSuite } from "./connector-suite-actions.ts";

/** What every mail connector promises (src/core/ports.ts), tried against a provider that behaves like the real one. */
export function runConnectorSuite(name: string, makeHarness: MakeHarness): void {
  describe(name, () => {
    let harness: ConnectorHarness;
    const signal = new AbortController().signal;
    const id = "<contract-1@client.example>";

    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      await harness.close();
    });

    const refTo = (messageId: string): MessageRef => ({
      provider: harness.connector.provider,
      tenantId: harness.tenantId,
      mailbox: harness.people.sender,
      messageId,
    });
    const changes = (cursor: string | undefined, since: Date) =>
      harness.connector.changes({ mailbox: harness.people.sender, stage: "sent", cursor, since }, signal);

    it("finds every right in place for both modes", async () => {
      for (const mode of ["observe", "respond"] as const) {
        const checks = await harness.connector.check(mode, signal);
        expect(checks.length).toBeGreaterThan(2);
        expect(checks.filter((check) => !check.ok)).toEqual([]);
      }
    });

    it("reads people, managers and verified domains", async () => {
      const { people } = harness;
      const directory = await harness.connector.directory(signal);
      expect(directory.domains).toContain(harness.domain);
      const sender = directory.mailboxes.find((mailbox) => mailbox.address === people.sender);
      expect(sender).toMatchObject({ manager: people.manager, usable: true });
      const addresses = directory.mailboxes.map((mailbox) => mailbox.address);
      expect(addresses).toContain(people.colleague);
      expect(addresses).not.toContain(people.outsider);
    });

    it("reports nothing that is older than `since` on the first round, and the new mail on the next", async () => {
      const { sender, outsider } = harness.people;
      await harness.send(sender, sampleMail(sender, [outsider], "<old@client.example>"));
      const first = await changes(undefined, new Date(Date.now() + 60_000));
      expect(first.messages).toEqual([]);

      const sent = await harness.send(sender, sampleMail(sender, [outsider], id));
      const second = await changes(first.cursor, new Date());
      expect(second.messages).toEqual([refTo(sent.messageId)]);
      expect((await changes(second.cursor, new Date())).messages).toEqual([]);
    });

    it("reports the same changes again for the same cursor", async () => {
      const { sender, outsider } = harness.people;
      const first = await changes(undefined, new Date());
      await harness.send(sender, sampleMail(sender, [outsider], id));
      const once = await changes(first.cursor, new Date());
      expect((await changes(first.cursor, new Date())).messages).toEqual(once.messages);
    });

    it("takes in what was sent since the given time when it has no cursor", async () => {
      const { sender, outsider } = harness.people;
      const since = new Date(Date.now() - 60_000);
      const sent = await harness.send(sender, sampleMail(sender, [outsider], id));
      expect((await changes(undefined, since)).messages).toEqual([refTo(sent.messageId)]);
    });

    it("says CURSOR_EXPIRED for a cursor that the provider does not know", async () => {
      const { cursor } = await changes(undefined, new Date());
      const broken = /^\d+$/.test(cursor) ? "1" : cursor.replace(/(deltatoken=)[^&]*/i, "$1forgotten");
      await expect(changes(broken, new Date())).rejects.toSatisfy((error) => isPosternError(error, "CURSOR_EXPIRED"));
    });

    it("fetches the bytes that were sent", async () => {
      const { sender, outsider } = harness.people;
      const mime = sampleMail(sender, [outsider], id);
      const sent = await harness.send(sender, mime);
      const fetched = await harness.connector.fetch(refTo(sent.messageId), signal);
      const text = new TextDecoder("latin1").decode(fetched.mime);
      expect(text).toContain(`Message-ID: ${id}`);
      expect(text).toContain("Nothing to see here.");
      expect(fetched.isDraft).toBe(false);
    });

    it("says MESSAGE_NOT_FOUND for an id that nothing has, worth another try", async () => {
      const fetching = harness.connector.fetch(refTo("AAMk0000000000000000"), signal);
      await expect(fetching).rejects.toMatchObject({
        code: "MESSAGE_NOT_FOUND",
        retry: { afterMs: expect.any(Number) },
      });
    });

    it("lists past mail of a window", async () => {
      const { sender, outsider } = harness.people;
      const sent = await harness.send(sender, sampleMail(sender, [outsider], id));
      const around = { since: new Date(Date.now() - 3_600_000), until: new Date(Date.now() + 3_600_000) };
      const before = { since: new Date(Date.now() - 7_200_000), until: new Date(Date.now() - 3_600_000) };
      const listed = async (window: typeof around) => {
        const refs: MessageRef[] = [];
        for await (const ref of harness.connector.list(sender, window, signal)) refs.push(ref);
        return refs;
      };
      expect(await listed(around)).toEqual([refTo(sent.messageId)]);
      expect(await listed(before)).toEqual([]);
    });

    it("creates a watch, renews it, and ends it even twice", async () => {
      const { connector, notificationUrl, lifecycleUrl } = harness;
      const mailbox = harness.people.sender;
      const request = {
        mailbox,
        stage: "sent",
        notificationUrl,
        lifecycleUrl,
        clientState: "contract-secret",
      } as const;
      const first = await connector.watch({ ...request, current: undefined }, signal);
      expect(first.created).toBe(true);
      expect(first.expiresAt.getTime()).toBeGreaterThan(Date.now() + 24 * 3_600_000);
      const renewed = await connector.watch({ ...request, current: first }, signal);
      expect(renewed.id).toBe(first.id);
      await connector.unwatch(mailbox, renewed, signal);
      await connector.unwatch(mailbox, renewed, signal);
    });

    it("stops at once when it is told to", async () => {
      const { sender, outsider } = harness.people;
      const sent = await harness.send(sender, sampleMail(sender, [outsider], id));
      await expect(harness.connector.fetch(refTo(sent.messageId), AbortSignal.abort())).rejects.toThrow();
    });

    it("rides over a short throttling by itself", async (context) => {
      const { throttleOnce } = harness;
      if (throttleOnce === undefined) return context.skip("this provider's sandbox cannot throttle on demand");
      const { sender, outsider } = harness.people;
      const sent = await harness.send(sender, sampleMail(sender, [outsider], id));
      throttleOnce();
      expect((await harness.connector.fetch(refTo(sent.messageId), signal)).mime.length).toBeGreaterThan(0);
    });

    runActionSuite(() => harness, refTo);
  });
}
