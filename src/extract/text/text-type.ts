import { decodeBytes } from "./charset.ts";

/** Bytes that are enough to tell kinds of text apart. */
const SAMPLE = 16 * 1024;

/** Fields that begin real messages; two of them within the first lines make a message. */
const MAIL_FIELD =
  /^(return-path|received|from|to|cc|subject|date|message-id|mime-version|content-type|content-transfer-encoding|delivered-to|reply-to|sender|x-[a-z0-9-]+|dkim-signature):/i;

/** Kind of a text file: from its content, and for tables and source code from its name or declared type too. */
export function textType(bytes: Buffer, name: string | null, declared: string | null): string {
  const sample = decodeBytes(bytes.subarray(0, SAMPLE), null).text;
  const start = sample.trimStart();
  if (/^From [^\n]*\d\d:\d\d/.test(start) && mailFields(start.slice(start.indexOf("\n") + 1)) >= 2)
    return "application/mbox";
  if (/^\d+ *\r?\n/.test(start) && mailFields(start.slice(start.indexOf("\n") + 1)) >= 2) return "message/rfc822+emlx";
  if (mailFields(start) >= 2) return "message/rfc822";
  if (/^-----BEGIN (PKCS7|CMS)-----/.test(start)) return "application/pkcs7-mime+pem";
  if (start.startsWith("-----BEGIN PGP MESSAGE-----")) return "application/pgp-encrypted";
  if (start.startsWith("BEGIN:VCARD")) return "text/vcard";
  if (start.startsWith("BEGIN:VCALENDAR")) return "text/calendar";
  if (start.startsWith("<")) return markupType(start);
  if (/^(begin [0-7]{3,4} |begin-base64 |=ybegin )/m.test(start)) return "text/x-uuencode";
  if (declared === "text/html" || /<(html|body|table|div|p)[\s>]/i.test(start.slice(0, 2048))) return "text/html";
  if (/^[[{]/.test(start) && /^[[{]\s*("|[[{\]}]|-?\d|true|false|null)/.test(start)) return "application/json";
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name ?? "")?.[1]?.toLowerCase();
  if (extension === "csv" || extension === "tsv" || extension === "tab" || declared === "text/csv") return "text/csv";
  if (declared === "text/tab-separated-values") return "text/csv";
  return "text/plain";
}

function markupType(start: string): string {
  const head = start.slice(0, 4096);
  if (/<html[\s>]|<!doctype html/i.test(head)) return "text/html";
  if (/^<\?xml|^<!DOCTYPE|^<[\w.-]+:[\w.-]+[\s>]|xmlns/.test(head)) {
    if (/<(?:\w+:)?svg[\s>]/.test(head)) return "image/svg+xml";
    return "application/xml";
  }
  return /^<(!--|head|body|table|div|p|span|meta|style|script|a|b|i|font|center|br|h[1-6])[\s>/]/i.test(head)
    ? "text/html"
    : "application/xml";
}

function mailFields(text: string): number {
  let count = 0;
  for (const line of text.slice(0, 8192).split(/\r\n|\n|\r/)) {
    if (line === "") break;
    if (/^[ \t]/.test(line)) continue;
    if (MAIL_FIELD.test(line)) count += 1;
    else if (!/^[!-9;-~]+:/.test(line)) return 0;
  }
  return count;
}
