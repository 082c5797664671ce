import { bodyStart, type HeaderField, headerValue, readHeaders } from "./headers.ts";

/** One node of a message's MIME tree, as Gmail's `format=full` shows it. */
export interface MailPart {
  /** Empty for the whole message, then `0`, `1`, `1.0` and so on. */
  readonly partId: string;
  readonly mimeType: string;
  readonly filename: string;
  readonly headers: readonly HeaderField[];
  /** Transfer-decoded; empty for containers. */
  readonly content: Buffer;
  readonly parts: readonly MailPart[];
}

/** Deeper nesting is shown as one opaque part: the sandbox must survive hostile mail. */
const MAX_DEPTH = 50;

/** Splits a message into its parts. Malformed multiparts become whatever text there is, never an error. */
export function readParts(raw: Buffer, partId = "", depth = 0): MailPart {
  const headers = readHeaders(raw);
  const type = readParameters(headerValue(headers, "content-type") ?? "text/plain");
  const disposition = readParameters(headerValue(headers, "content-disposition") ?? "");
  const body = raw.subarray(bodyStart(raw));
  const common = {
    partId,
    mimeType: type.value === "" ? "text/plain" : type.value,
    filename: disposition.parameters.get("filename") ?? type.parameters.get("name") ?? "",
    headers,
  };
  const boundary = type.parameters.get("boundary");
  if (type.value.startsWith("multipart/") && boundary !== undefined && depth < MAX_DEPTH) {
    const parts = splitMultipart(body, boundary).map((child, index) =>
      readParts(child, partId === "" ? `${index}` : `${partId}.${index}`, depth + 1),
    );
    return { ...common, content: Buffer.alloc(0), parts };
  }
  return { ...common, content: decodeTransfer(body, headerValue(headers, "content-transfer-encoding")), parts: [] };
}

/** Every leaf of the tree, in order. */
export function leaves(part: MailPart): readonly MailPart[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leaves);
}

function splitMultipart(body: Buffer, boundary: string): readonly Buffer[] {
  const marks: { readonly start: number; readonly end: number; readonly last: boolean }[] = [];
  const delimiter = `--${boundary}`;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== 10) continue;
    const newline = body.indexOf(10, at);
    const end = newline < 0 ? body.length : newline + 1;
    const rest = body.toString("latin1", at + delimiter.length, end).trim();
    if (rest === "" || rest === "--") marks.push({ start: at, end, last: rest === "--" });
    if (rest === "--") break;
  }
  return marks.flatMap((mark, index) => {
    if (mark.last) return [];
    const next = marks[index + 1]?.start ?? body.length;
    // The line end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).
    const trimmed = body[next - 1] === 10 ? (body[next - 2] === 13 ? next - 2 : next - 1) : next;
    return [body.subarray(mark.end, Math.max(mark.end, trimmed))];
  });
}

function decodeTransfer(body: Buffer, encoding: string | null): Buffer {
  switch (encoding?.trim().toLowerCase()) {
    case "base64":
      return Buffer.from(body.toString("latin1"), "base64");
    case "quoted-printable":
      return decodeQuotedPrintable(body.toString("latin1"));
    default:
      return body;
  }
}

function decodeQuotedPrintable(text: string): Buffer {
  const joined = text.replace(/[ \t]+(?=\r?\n)/g, "").replace(/=\r?\n/g, "");
  const decoded = joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, "latin1");
}

interface Parameterised {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function readParameters(text: string): Parameterised {
  const parameters = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/;\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g)) {
    parameters.set(
      name.toLowerCase(),
      value
        .trim()
        .replace(/^"(.*)"$/s, "$1")
        .replace(/\\(.)/g, "$1"),
    );
  }
  return { value: (text.split(";", 1)[0] ?? "").trim().toLowerCase(), parameters };
}
