import { inflateSync } from "node:zlib";
import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import { type DerNode, readDer } from "./der.ts";

/** Content types of CMS (RFC 5652, RFC 3274, RFC 5544), in hexadecimal as they are encoded. */
const SIGNED = "2a864886f70d010702";
const ENVELOPED = "2a864886f70d010703";
const ENCRYPTED = "2a864886f70d010706";
const AUTH_ENVELOPED = "2a864886f70d0109100117";
const COMPRESSED = "2a864886f70d0109100109";
const TIMESTAMPED = "2a864886f70d010910011f";
const DATA = "2a864886f70d010701";

/** S/MIME: what is signed or compressed is read, what is encrypted is a problem. */
export async function readPkcs7(reading: Reading): Promise<void> {
  const bytes = reading.mediaType.endsWith("+pem") ? fromPem(reading.file.bytes) : reading.file.bytes;
  const info = readDer(bytes, 0);
  const type = info?.children[0]?.content.toString("hex") ?? "";
  const content = info?.children[1]?.children[0];
  if (type === ENVELOPED || type === ENCRYPTED || type === AUTH_ENVELOPED) throw new Unreadable("encrypted", "S/MIME");
  if (type === DATA) {
    await readContent(reading, octets(content));
    return;
  }
  if (content === undefined) throw new Unreadable("corrupt", "a broken CMS structure");
  if (type === SIGNED) {
    // SignedData: version, digests, encapsulated content, ...; a detached signature has no content.
    await readContent(reading, octets(content.children[2]?.children[1]?.children[0]));
  } else if (type === TIMESTAMPED) {
    const inner = content.children.find((child) => (child.tag & 0x1f) === 0x04);
    await readContent(reading, octets(inner));
  } else if (type === COMPRESSED) {
    const packed = octets(content.children[2]?.children[1]?.children[0]);
    if (packed === null) return;
    const clear = inflateSync(packed, { maxOutputLength: Math.max(1, reading.budget.outputLimit(packed.length)) });
    reading.budget.expand(clear.length);
    await readContent(reading, clear);
  } else throw new Unreadable("unsupported", "a CMS structure of another kind");
}

async function readContent(reading: Reading, content: Buffer | null): Promise<void> {
  if (content === null || content.length === 0) return;
  // Signed content is a MIME entity, which may have no more than a Content-Type.
  const isEntity =
    /^content-[a-z-]+:/i.test(content.toString("latin1", 0, 64)) || /^[\w-]+: /.test(content.toString("latin1", 0, 64));
  if (isEntity) await reading.again("message/rfc822", content);
  else
    await reading.member({
      name: (reading.file.name ?? "content").replace(/\.(p7m|p7s|p7c|p7z|tsd)$/i, ""),
      open: () => content,
    });
}

/** An OCTET STRING, put together when it comes in pieces. */
function octets(node: DerNode | undefined): Buffer | null {
  if (node === undefined) return null;
  if (node.children.length === 0) return node.content;
  return Buffer.concat(node.children.map((child) => octets(child) ?? Buffer.alloc(0)));
}

function fromPem(bytes: Buffer): Buffer {
  const body = /-----BEGIN [^-]+-----([\s\S]*?)-----END/.exec(bytes.toString("latin1"))?.[1] ?? "";
  return Buffer.from(body, "base64");
}
