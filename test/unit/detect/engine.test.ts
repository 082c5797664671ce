import { describe, expect, test } from "vitest";
import { createEngine, type EngineOptions } from "../../../src/detect/engine.ts";
import { summarise } from "../../../src/detect/summary.ts";
import { bodyPart, definition, key } from "./fixture.ts";

function engineWith(change: Partial<EngineOptions> = {}): ReturnType<typeof createEngine> {
  return createEngine({ definitions: [], skipList: "default", testNumbers: "report", ...change });
}

describe("findings", () => {
  test("point into the original text, whatever was folded before them", () => {
    const text = "Zero\u200bwidth &#52;111\u00ad1111\uff1a 4111\u200b1111 1111\u00a01111 end";
    const { findings } = engineWith().detect({ parts: [bodyPart(text)], key });
    const card = findings.find(({ detector }) => detector === "credit-card");
    expect(text.slice(card?.span.start, card?.span.end)).toBe("4111\u200b1111 1111\u00a01111");
  });

  test("mask all but the last four characters and never carry the value", () => {
    const detection = engineWith().detect({ parts: [bodyPart("card 4111111111111111")], key });
    expect(detection.findings[0]?.masked).toBe("************1111");
    expect(JSON.stringify(detection)).not.toContain("4111111111111111");
  });

  test("say in their reasons what the score is made of", () => {
    const { findings } = engineWith().detect({ parts: [bodyPart("card 4111111111111111")], key });
    const [card] = findings;
    expect(card?.why.map(({ kind }) => kind)).toEqual(["format", "checksum", "keyword"]);
    const sum = card?.why.reduce((total, { weight }) => total + weight, 0) ?? 0;
    expect(Math.min(1, sum)).toBeCloseTo(card?.score ?? 0, 2);
  });

  test("of the same value have the same fingerprint under one key and another under another key", () => {
    const parts = [
      bodyPart("4111111111111111"),
      bodyPart("4111 1111 1111 1111", { path: "subject", origin: "subject" }),
    ];
    const prints = engineWith()
      .detect({ parts, key })
      .findings.map(({ fingerprint }) => fingerprint);
    const others = engineWith()
      .detect({ parts, key: new Uint8Array(32) })
      .findings.map((finding) => finding.fingerprint);
    expect(new Set(prints).size).toBe(1);
    expect(prints[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(others[0]).not.toBe(prints[0]);
  });
});

describe("counting", () => {
  test("the same value in both alternatives of a body counts once, with its occurrences once", () => {
    const parts = [bodyPart("card 4111111111111111"), bodyPart("card 4111111111111111", { mediaType: "text/html" })];
    expect(summarise(engineWith().detect({ parts, key }))).toEqual([
      {
        detector: "credit-card",
        part: "body",
        count: 1,
        occurrences: 1,
        confidence: "high",
        masked: ["************1111"],
      },
    ]);
  });

  test("a value that only the HTML alternative has is counted too", () => {
    const parts = [
      bodyPart("card 4111111111111111"),
      bodyPart("card 4111111111111111 and 5555555555554444", { mediaType: "text/html" }),
    ];
    expect(summarise(engineWith().detect({ parts, key }))[0]).toMatchObject({ count: 2, occurrences: 2 });
  });

  test("occurrences in the sheets of one workbook add up", () => {
    const sheet = { path: "attachment:a.xlsx", origin: "attachment", mediaType: "application/xlsx" } as const;
    const parts = [bodyPart("4111111111111111", sheet), bodyPart("4111111111111111", sheet)];
    expect(summarise(engineWith().detect({ parts, key }))[0]).toMatchObject({ count: 1, occurrences: 2 });
  });

  test("is exact for 100,000 matches, of which 1,000 findings are kept", () => {
    const text = "4111111111111111\n".repeat(100_000);
    const detection = engineWith().detect({ parts: [bodyPart(text)], key });
    expect(detection.findings.length).toBe(1_000);
    expect(summarise(detection)[0]).toMatchObject({ detector: "credit-card", count: 1, occurrences: 100_000 });
  });
});

describe("published test numbers", () => {
  const parts = [bodyPart("card 4111111111111111")];
  test.each([
    ["report", ["high"]],
    ["lower", ["medium"]],
    ["ignore", []],
  ] as const)("testNumbers: %s gives %s", (testNumbers, expected) => {
    const { findings } = engineWith({ testNumbers }).detect({ parts, key });
    expect(findings.map(({ confidence }) => confidence)).toEqual(expected);
  });
});

describe("mask", () => {
  test("hides values in a subject", () => {
    expect(engineWith().mask("Re: card 4111 1111 1111 1111 for you")).toBe("Re: card ***************1111 for you");
  });

  test("hides values of low confidence and in file names", () => {
    expect(engineWith().mask("scan_734-12-3456.pdf")).toBe("scan_*******3456.pdf");
  });

  test("leaves other text alone", () => {
    expect(engineWith().mask("Agenda for Tuesday, room 4.12")).toBe("Agenda for Tuesday, room 4.12");
  });
});

describe("column headers", () => {
  test("raise the values of their own column only", () => {
    const text = "name\tbsn\torder\nAnn\t123456782\t111222333\nBob\t111222333\t123456782";
    const { tallies } = engineWith().detect({ parts: [bodyPart(text, { layout: "table" })], key });
    const bsn = tallies.filter(({ detector }) => detector === "nl-bsn");
    expect(bsn.map(({ confidence, occurrences }) => [confidence, occurrences])).toEqual([
      ["low", 2],
      ["high", 2],
    ]);
  });
});

describe("administrators' detectors", () => {
  test("patterns see lower-case text with single spaces and without the words of the skip list", () => {
    const definitions = [
      definition({ id: "names", pattern: "project (falcon|osprey)" }),
      definition({ id: "dob", pattern: "date of birth" }),
    ];
    const text = "the PROJECT\r\n  of the Falcon; Date  of\nBirth";
    const { findings } = engineWith({ definitions }).detect({ parts: [bodyPart(text)], key });
    expect(findings.map(({ detector, span }) => [detector, text.slice(span.start, span.end)])).toEqual([
      ["names", "PROJECT\r\n  of the Falcon"],
      ["dob", "Date  of\nBirth"],
    ]);
  });

  test("words match whole words only, phrases in sequence", () => {
    const definitions = [definition({ id: "w", words: ["Falcon", "top secret", "機密"] })];
    const text = "falcons falcon FALCON's top-secret top of secrets 極機密文書";
    const { findings } = engineWith({ definitions }).detect({ parts: [bodyPart(text)], key });
    const texts = findings.map(({ span }) => text.slice(span.start, span.end));
    expect(new Set(texts)).toEqual(new Set(["FALCON", "falcon", "top-secret", "機密"]));
    expect(texts.length).toBe(4);
  });

  test("near words raise, exclusions and failing validators remove", () => {
    const definitions = [
      definition({ id: "n", pattern: "falcon", near: { words: ["merger"], within: 20, raises: "high" } }),
      definition({ id: "e", pattern: "project \\w+", exclude: ["project falcon"] }),
      definition({ id: "v", pattern: "\\d{16}", validator: "luhn" }),
    ];
    const text = "falcon merger. project falcon, project osprey, 4111111111111112 4111111111111111";
    const { tallies } = engineWith({ definitions }).detect({ parts: [bodyPart(text)], key });
    const own = tallies.filter(({ detector }) => detector.length === 1);
    expect(own.map(({ detector, confidence, occurrences }) => [detector, confidence, occurrences])).toEqual([
      ["n", "high", 2],
      ["e", "medium", 1],
      ["v", "medium", 1],
    ]);
  });

  test("a pattern that RE2 refuses is a POLICY_INVALID that names the detector", () => {
    expect(() => engineWith({ definitions: [definition({ id: "bad", pattern: "a(?=b)" })] })).toThrowError(
      expect.objectContaining({ code: "POLICY_INVALID", message: expect.stringContaining("bad") }),
    );
  });

  test("the mask filter of the detector is applied", () => {
    const definitions = (["full", "keep-last-4", "none"] as const).map((mask) =>
      definition({ id: mask, pattern: "osprey-77", mask }),
    );
    const { findings } = engineWith({ definitions }).detect({ parts: [bodyPart("Osprey-77")], key });
    expect(findings.map(({ masked }) => masked)).toEqual(["*********", "****ey*77", "Osprey-77"]);
  });
});
