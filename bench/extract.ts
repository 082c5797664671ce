import { performance } from "node:perf_hooks";
import { extract } from "../src/extract/extract.ts";
import { DEFAULT_LIMITS } from "../src/extract/limits.ts";
import { attachment, docx, mail, paragraph, pdf, xlsx } from "../test/support/documents.ts";

/**
 * Throughput in one warm process: `npx tsx bench/extract.ts`. Each line is the median of its rounds. Peers are measured
 * when their package is installed (`npm install --no-save mailparser officeparser unpdf`), on the same bytes.
 */
const ROUNDS = 5;
const WORDS =
  "the offer for next quarter is attached please answer until friday and call me about prices account contract".split(
    " ",
  );

let state = 7;
const word = () => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return WORDS[(state >>> 16) % WORDS.length] ?? "";
};
const words = (count: number) => Array.from({ length: count }, word).join(" ");
const quoted = (text: string) => text.replace(/=/g, "=3D").replace(/(.{70})/g, "$1=\r\n");

function textMail(): Buffer {
  const text = words(2_500);
  const html = `<html><body>${Array.from({ length: 60 }, () => `<p style="margin:0">${words(40)}</p>`).join("")}</body></html>`;
  const part = (type: string, body: string) => ({
    headers: [`Content-Type: ${type}; charset=utf-8`, "Content-Transfer-Encoding: quoted-printable"],
    body: quoted(body),
  });
  return mail(
    ["Subject: offer", "From: a@b.example", "To: c@d.example"],
    [part("text/plain", text), part("text/html", html)],
  );
}

interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
  readonly as: "message" | "file";
  readonly times: number;
  readonly peers: Readonly<Record<string, (bytes: Buffer) => Promise<unknown>>>;
}

/** A function of a package that may not be installed. */
async function peer(name: string, call: (module: Record<string, unknown>, bytes: Buffer) => Promise<unknown>) {
  try {
    const module = (await import(name)) as Record<string, unknown>;
    return { [name]: (bytes: Buffer) => call(module, bytes) };
  } catch {
    return {};
  }
}

type Call = (bytes: Uint8Array, options?: object) => Promise<unknown>;
const mailPeers = {
  ...(await peer("postal-mime", (module, bytes) => (module.default as { parse: Call }).parse(bytes))),
  ...(await peer("mailparser", (module, bytes) =>
    (module.simpleParser as Call)(bytes, { skipHtmlToText: true, skipTextToHtml: true }),
  )),
};
const officePeers = await peer("officeparser", (module, bytes) => (module.parseOfficeAsync as Call)(bytes));
const pdfPeers = await peer("unpdf", (module, bytes) => (module.extractText as Call)(new Uint8Array(bytes)));

const rows = Array.from(
  { length: 1_200 },
  (_, row) =>
    `<row>${Array.from({ length: 8 }, (_, column) => `<c r="${String.fromCharCode(65 + column)}${row + 1}"><v>${row * column}</v></c>`).join("")}</row>`,
).join("");
const samples: readonly Sample[] = [
  { name: "mail, text and HTML", bytes: textMail(), as: "message", times: 40, peers: mailPeers },
  {
    name: "mail, 0.5 MB text attachment",
    bytes: mail(["Subject: s", "From: a@b.example"], [attachment("a.txt", Buffer.from(words(70_000)))]),
    as: "message",
    times: 10,
    peers: mailPeers,
  },
  {
    name: "DOCX, 120 KB of text",
    bytes: docx(Array.from({ length: 500 }, () => paragraph(words(20), words(20))).join("")),
    as: "file",
    times: 20,
    peers: officePeers,
  },
  { name: "XLSX, 1,200 rows of 8", bytes: xlsx({ data: rows }), as: "file", times: 20, peers: officePeers },
  { name: "PDF, one page", bytes: pdf(words(12)), as: "file", times: 40, peers: pdfPeers },
];

async function median(times: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    for (let index = 0; index < times; index += 1) await run();
    rounds.push((performance.now() - started) / times);
  }
  return rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

const signal = new AbortController().signal;
for (const sample of samples) {
  const own = await median(sample.times, () =>
    extract(
      { bytes: sample.bytes, name: sample.as === "file" ? "a" : null, as: sample.as },
      { limits: DEFAULT_LIMITS },
      signal,
    ),
  );
  const figures = [`postern ${own.toFixed(2)} ms (${(sample.bytes.length / 1e3 / own).toFixed(0)} MB/s)`];
  for (const [name, run] of Object.entries(sample.peers)) {
    const other = await median(Math.max(3, Math.floor(sample.times / 4)), () => run(sample.bytes));
    figures.push(`${name} ${other.toFixed(2)} ms (${(other / own).toFixed(1)}x)`);
  }
  process.stdout.write(
    `${sample.name.padEnd(30)} ${(sample.bytes.length / 1e3).toFixed(0).padStart(5)} kB  ${figures.join("  ")}\n`,
  );
}
