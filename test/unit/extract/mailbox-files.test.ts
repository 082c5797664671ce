import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitMbox as splitStream } from "../../../connectors/files/mbox.ts";
import { splitMbox as splitBytes } from "../../../src/extract/mime/mailbox-file.ts";

async function both(mbox: string): Promise<readonly [string[], string[]]> {
  async function* chunks() {
    yield Buffer.from(mbox, "latin1");
  }
  const streamed: string[] = [];
  for await (const message of splitStream(chunks())) streamed.push(Buffer.from(message).toString("latin1"));
  return [streamed, [...splitBytes(Buffer.from(mbox, "latin1"))].map((message) => message.toString("latin1"))];
}

describe("a mailbox file given by itself and one that is attached", () => {
  it("lose one mark of every quoted line, and no other", async () => {
    const body = "Subject: s\r\n\r\n>From you\r\n>>From them\r\n> From me\r\nFrom inside\r\n>From\r\n";
    const [streamed, attached] = await both(
      `From a@x.example Thu\r\n${body}\r\nFrom b@x.example Fri\r\nSubject: t\r\n`,
    );
    expect(streamed).toEqual(attached);
    expect(attached[0]).toBe("Subject: s\r\n\r\nFrom you\r\n>From them\r\n> From me\r\nFrom inside\r\n>From\r\n\r\n");
    expect(attached[1]).toBe("Subject: t\r\n");
  });

  it("are split and unquoted alike, whatever lines they hold", async () => {
    const line = fc.constantFrom(
      "From x",
      ">From x",
      ">>From x",
      "",
      "\r",
      "text",
      " From x",
      "From",
      ">",
      "a From x",
      "a\r>From x",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 14 }), fc.boolean(), async (lines, ended) => {
        const [streamed, attached] = await both(`From first\n${lines.join("\n")}${ended ? "\n" : ""}`);
        expect(streamed.filter((message) => message !== "")).toEqual(attached.filter((message) => message !== ""));
      }),
      { numRuns: 500 },
    );
  });
});
