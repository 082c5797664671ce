import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitMbox } from "../../../connectors/files/mbox.ts";
import { readFiles } from "../../../connectors/files/read.ts";

const mail = (subject: string): string => `From: a@x.example\nTo: b@y.example\nSubject: ${subject}\n\nhello\n`;

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("readFiles", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "postern-files-"));
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "one.eml"), `From robin Mon Nov 30 12:00:00 2026\n${mail("one")}`);
    writeFileSync(
      join(folder, "box"),
      `From robin Mon Nov 30 12:00:00 2026\n${mail("first")}\nFrom robin Mon Nov 30 12:01:00 2026\n${mail("second")}`,
    );
    writeFileSync(join(folder, "letter"), mail("letter"));
    writeFileSync(join(folder, "sub", "report.txt"), "text");
    symlinkSync("/etc", join(folder, "link"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("tells mail, mailbox files and documents apart, and follows no links", async () => {
    const items = await collect(readFiles([folder]));
    expect(
      items.map((item) => [item.source.slice(folder.length + 1), item.ok && item.as, item.ok && item.name]),
    ).toEqual([
      ["box#1", "message", null],
      ["box#2", "message", null],
      ["letter", "message", null],
      ["one.eml", "message", null],
      ["sub/report.txt", "file", "report.txt"],
    ]);
  });

  it("reports a path that cannot be read and goes on with the others", async () => {
    const items = await collect(readFiles([join(folder, "none"), join(folder, "letter")]));
    expect(items.map((item) => item.ok)).toEqual([false, true]);
    expect(items[1]).toMatchObject({ given: true });
  });
});

describe("splitMbox", () => {
  const body = fc.array(
    fc.constantFrom("", "text", "From here on", ">From quoted", ">>From twice", "Subject: x", "\u00e9"),
    { maxLength: 8 },
  );

  it("gives back what was put into a mailbox file, however it is cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 40 }),
        async (bodies, size) => {
          const messages = bodies.map((lines) => `${["Subject: s", "", ...lines].join("\n")}\n`);
          const file = Buffer.from(
            messages
              .map((text) => `From a Mon Nov 30 12:00:00 2026\n${text.replaceAll(/^(>*From )/gm, ">$1")}\n`)
              .join(""),
          );
          async function* chunks(): AsyncGenerator<Uint8Array> {
            for (let from = 0; from < file.length; from += size) yield file.subarray(from, from + size);
          }
          const read = await collect(splitMbox(chunks()));
          expect(read.map((bytes) => Buffer.from(bytes).toString())).toEqual(messages.map((text) => `${text}\n`));
        },
      ),
    );
  });
});
