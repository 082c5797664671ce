import { crc32, deflateRawSync } from "node:zlib";

/** Builders of small documents for tests, byte by byte, so that no foreign file is needed. */

export interface ZipMember {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Compressed unless `stored`. */
  readonly stored?: boolean;
  /** What the headers claim, when that is not the truth. */
  readonly claimedSize?: number;
  readonly claimedCrc?: number;
  readonly flags?: number;
}

/** A zip archive (APPNOTE 4.3) without extra fields. */
export function zip(members: readonly ZipMember[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name, "utf8");
    const content = Buffer.from(member.content as string);
    const data = member.stored === true ? content : deflateRawSync(content);
    const fields = Buffer.alloc(22);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(member.flags ?? 0x800, 2);
    fields.writeUInt16LE(member.stored === true ? 0 : 8, 4);
    fields.writeUInt32LE(member.claimedCrc ?? crc32(content), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(member.claimedSize ?? content.length, 18);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(name.length, 0);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fields, lengths, name, data]);
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE(offset, 12);
    directory.push(
      Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, lengths.subarray(0, 2), tail, name]),
    );
    pieces.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, central, end]);
}

const CONTENT_TYPES = {
  name: "[Content_Types].xml",
  content: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
};
const RELATIONSHIPS = {
  name: "_rels/.rels",
  content: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
};
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** A Word document with the given XML as its body, and more parts by name. */
export function docx(body: string, parts: readonly ZipMember[] = []): Buffer {
  const content = `<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`;
  return zip([CONTENT_TYPES, RELATIONSHIPS, { name: "word/document.xml", content }, ...parts]);
}

/** A paragraph whose text is cut into the given runs. */
export function paragraph(...runs: readonly string[]): string {
  return `<w:p>${runs.map((run) => `<w:r><w:t xml:space="preserve">${run}</w:t></w:r>`).join("")}</w:p>`;
}

/** A workbook: XML of rows by the name of their sheet, and number formats for the cell styles from 1. */
export function xlsx(sheets: Readonly<Record<string, string>>, formats: readonly string[] = []): Buffer {
  const names = Object.keys(sheets);
  const list = names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" state="visible"/>`).join("");
  const custom = formats.map((format, index) => `<numFmt numFmtId="${170 + index}" formatCode="${format}"/>`).join("");
  const styles = formats.map((_, index) => `<xf numFmtId="${170 + index}"/>`).join("");
  return zip([
    CONTENT_TYPES,
    RELATIONSHIPS,
    { name: "xl/workbook.xml", content: `<workbook ${S}><sheets>${list}</sheets></workbook>` },
    {
      name: "xl/styles.xml",
      content: `<styleSheet ${S}><numFmts>${custom}</numFmts><cellXfs><xf numFmtId="0"/>${styles}</cellXfs></styleSheet>`,
    },
    ...names.map((name, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      content: `<worksheet ${S}><sheetData>${sheets[name]}</sheetData></worksheet>`,
    })),
  ]);
}

/** A PDF of one page with a line of text in Helvetica, and its cross-reference table. */
export function pdf(text: string): Buffer {
  const stream = `BT /F1 12 Tf 72 700 Td (${text.replace(/[()\\]/g, "\\$&")}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    "latin1",
  );
}

/** A tar archive (ustar) of regular files. */
export function tar(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).map(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100, "utf8");
    header.write("0000644\0", 100, "latin1");
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
    header.write("ustar\x0000", 257, "latin1");
    header.write("0", 156, "latin1");
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    const data = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    data.write(content, "latin1");
    return Buffer.concat([header, data]);
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export interface MailPart {
  readonly headers: readonly string[];
  readonly body: string;
}

/** A multipart message with CRLF line ends. */
export function mail(headers: readonly string[], parts: readonly MailPart[], boundary = "cut-here"): Buffer {
  const lines = [...headers, "MIME-Version: 1.0", `Content-Type: multipart/mixed; boundary="${boundary}"`, ""];
  for (const part of parts) lines.push(`--${boundary}`, ...part.headers, "", part.body);
  lines.push(`--${boundary}--`, "");
  return Buffer.from(lines.join("\r\n"), "utf8");
}

/** An attachment part in base64. */
export function attachment(name: string, content: Uint8Array): MailPart {
  const encoded = Buffer.from(content).toString("base64").replace(/.{76}/g, "$&\r\n");
  return {
    headers: [
      "Content-Type: application/octet-stream",
      "Content-Transfer-Encoding: base64",
      `Content-Disposition: attachment; filename="${name}"`,
    ],
    body: encoded,
  };
}
