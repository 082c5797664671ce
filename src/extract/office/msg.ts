import type { MessageHead, Recipient } from "../../core/message.ts";
import { readHead } from "../mime/head.ts";
import { readHeaderBlock } from "../mime/header-block.ts";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { type CfbEntry, findEntry } from "./cfb.ts";
import { emitItem, MAPI, type MapiProperties } from "./mapi.ts";

/** Outlook items (MS-OXMSG): mails, contacts, tasks, notes, with recipients, attachments and attached items. */
export async function readMsg(reading: Reading, root: CfbEntry): Promise<MessageHead> {
  const item = readProperties(root);
  await emitItem(reading, item);
  const recipients = readRecipients(reading, root);
  let ordinal = 0;
  for (const storage of root.children) {
    if (!storage.name.startsWith("__attach_version1.0_")) continue;
    ordinal += 1;
    await readAttachment(reading, storage, ordinal);
  }
  return headOf(item, recipients);
}

async function readAttachment(reading: Reading, storage: CfbEntry, ordinal: number): Promise<void> {
  const facts = readProperties(storage);
  const name =
    facts.texts.get(MAPI.attachLongName) ?? facts.texts.get(MAPI.attachName) ?? facts.texts.get(MAPI.displayName);
  const data = facts.binaries.get(MAPI.attachData);
  const embedded = findEntry(storage, "__substg1.0_3701000D");
  if (embedded?.kind === "storage") {
    if (findEntry(embedded, "__properties_version1.0") !== undefined) await readMsg(reading, embedded);
    else
      for (const stream of embedded.children) {
        if (stream.kind === "stream") await reading.member({ name: stream.name, open: () => stream.read() });
      }
    return;
  }
  if (data !== undefined) {
    await reading.member({
      name: name ?? `attachment-${ordinal}`,
      declaredType: facts.texts.get(MAPI.attachMime) ?? null,
      open: () => data,
    });
    return;
  }
  // Links to files and cloud storage (methods 2 to 4 and 7) have no data.
  if ((facts.numbers.get(MAPI.attachMethod) ?? 1) !== 1) {
    reading.problem("unreachable", "an attachment is kept elsewhere", `attachment:${name ?? `attachment-${ordinal}`}`);
  }
}

const STREAM = /^__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})(?:-[0-9A-F]{8})?$/i;

function readProperties(storage: CfbEntry): MapiProperties {
  const texts = new Map<number, string>();
  const binaries = new Map<number, Buffer>();
  const numbers = readFixed(findEntry(storage, "__properties_version1.0")?.read() ?? Buffer.alloc(0));
  const page = numbers.get(MAPI.codePage) ?? numbers.get(MAPI.internetCodePage);
  for (const child of storage.children) {
    const match = STREAM.exec(child.name);
    if (match === null || child.kind !== "stream") continue;
    const id = Number.parseInt(match[1] ?? "0", 16);
    const type = Number.parseInt(match[2] ?? "0", 16);
    if (type === 0x001f || type === 0x101f) texts.set(id, joined(texts, id, child.read().toString("utf16le")));
    else if (type === 0x001e || type === 0x101e) {
      const text = decodeBytes(child.read(), page === undefined || page === 1200 ? null : `cp${page}`).text;
      texts.set(id, joined(texts, id, text));
    } else if (type === 0x0102) binaries.set(id, child.read());
  }
  return { texts, binaries, numbers };
}

function joined(texts: ReadonlyMap<number, string>, id: number, text: string): string {
  const clean = text.replace(/\0+$/, "");
  const before = texts.get(id);
  return before === undefined ? clean : `${before}\n${clean}`;
}

/** Fixed values: entries of 16 bytes behind a header whose size depends on the kind of storage (2.4). */
function readFixed(bytes: Buffer): Map<number, number> {
  const numbers = new Map<number, number>();
  for (let at = bytes.length % 16; at + 16 <= bytes.length; at += 16) {
    const type = bytes.readUInt16LE(at);
    if (type === 3 || type === 2 || type === 0x0b) numbers.set(bytes.readUInt16LE(at + 2), bytes.readInt32LE(at + 8));
  }
  return numbers;
}

const FIELDS = { 1: "to", 2: "cc", 3: "bcc" } as const;

function readRecipients(reading: Reading, root: CfbEntry): Recipient[] {
  const recipients: Recipient[] = [];
  const names: string[] = [];
  for (const storage of root.children) {
    if (!storage.name.startsWith("__recip_version1.0_")) continue;
    const facts = readProperties(storage);
    const address = [facts.texts.get(MAPI.smtpAddress), facts.texts.get(MAPI.address)].find(
      (text) => text?.includes("@") === true,
    );
    const display = facts.texts.get(MAPI.displayName);
    if (display !== undefined && !display.includes("@")) names.push(display);
    const type = facts.numbers.get(MAPI.recipientType) ?? 1;
    const field = type === 2 || type === 3 ? FIELDS[type] : FIELDS[1];
    if (address !== undefined) recipients.push({ address: address.toLowerCase(), field });
  }
  if (names.length > 0) reading.text(names.join("\n"), { at: "header:to", origin: "header" });
  return recipients;
}

function headOf(item: MapiProperties, recipients: readonly Recipient[]): MessageHead {
  const raw = Buffer.from(item.texts.get(MAPI.headers) ?? "", "utf8");
  const fields = raw.length === 0 ? [] : readHeaderBlock(raw, 0, raw.length, raw.length).fields;
  const transport = readHead(fields);
  const sender = [item.texts.get(MAPI.senderSmtp), item.texts.get(MAPI.senderAddress)].find(
    (text) => text?.includes("@") === true,
  );
  return {
    internetMessageId: transport.internetMessageId ?? item.texts.get(MAPI.messageId) ?? null,
    subject: item.texts.get(MAPI.subject) ?? transport.subject,
    from: transport.from ?? sender?.toLowerCase() ?? null,
    recipients: recipients.length > 0 ? recipients : transport.recipients,
    date: transport.date,
    headers: transport.headers,
  };
}
