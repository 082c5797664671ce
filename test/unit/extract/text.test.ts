import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { createBudget } from "../../../src/extract/budget.ts";
import { DEFAULT_LIMITS } from "../../../src/extract/limits.ts";
import { readAddresses } from "../../../src/extract/mime/addresses.ts";
import { decodeHeaderText } from "../../../src/extract/mime/encoded-word.ts";
import { unflow } from "../../../src/extract/mime/flowed.ts";
import { readParameters } from "../../../src/extract/mime/parameters.ts";
import { decodeBase64, decodeQuotedPrintable } from "../../../src/extract/mime/transfer.ts";
import { joinSpacedLetters } from "../../../src/extract/pdf/pdf-page.ts";
import { decodeBytes } from "../../../src/extract/text/charset.ts";
import { findSeparator, parseDelimited } from "../../../src/extract/text/delimited.ts";
import { htmlToText } from "../../../src/extract/text/html.ts";
import { jsonToText } from "../../../src/extract/text/json.ts";
import { rtfToText } from "../../../src/extract/text/rtf-text.ts";
import { unfoldDirectory } from "../../../src/extract/text/vcard.ts";

const budget = () => createBudget(DEFAULT_LIMITS);

describe("character sets", () => {
  it.each(["utf-8", "utf-16le", "utf-16be", "iso-8859-1", "windows-1252"])(
    "declared as %s give back what was written",
    (charset) => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(..."abc xyz 0129 äöüß é"), { minLength: 1 }), (chars) => {
          const text = chars.join("");
          expect(decodeBytes(iconv.encode(text, charset), charset)).toMatchObject({ text, sound: true });
        }),
      );
    },
  );

  it("follow the byte-order mark and not the declaration", () => {
    expect(decodeBytes(Buffer.from("\ufeffGrüße", "utf16le"), "us-ascii").text).toBe("Grüße");
  });

  it("are UTF-8 when the bytes are, whatever was declared", () => {
    expect(decodeBytes(Buffer.from("社外秘", "utf8"), "iso-2022-jp")).toMatchObject({ text: "社外秘", sound: true });
  });

  it("that nobody knows are read as what fits, with a doubt", () => {
    expect(decodeBytes(Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65]), "x-no-such")).toMatchObject({ sound: false });
  });

  it("of the ISO-2022 family are read", () => {
    expect(decodeBytes(Buffer.from("\x1b$)C\x0e\x3e\x48\x33\x67\x0f hi", "latin1"), "iso-2022-kr").text).toBe(
      "안녕 hi",
    );
    expect(decodeBytes(Buffer.from("\x1b$BF|K\\\x1b(B hi", "latin1"), null).text).toBe("日本 hi");
  });

  it("of seven bits are read", () => {
    expect(decodeBytes(Buffer.from("Fr+APY-sche"), "utf-7").text).toBe("Frösche");
  });
});

describe("transfer encodings", () => {
  it("in base64 decode in pieces of any length, padded or not", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 }),
        (pieces) => {
          const encoded = pieces.map((piece) => Buffer.from(piece).toString("base64").padEnd(4, "=")).join("\r\n");
          const padded = pieces.slice(0, -1).every((piece) => piece.length % 3 !== 0);
          fc.pre(padded);
          expect(decodeBase64(Buffer.from(encoded)).bytes).toEqual(Buffer.concat(pieces));
        },
      ),
    );
  });

  it("in quoted-printable decode what encoders write, and leave wrong escapes", () => {
    expect(decodeQuotedPrintable(Buffer.from("a=3Db=\r\nc =e4 =zz= \r\nd=")).toString("latin1")).toBe("a=bc ä =zzd");
  });
});

describe("header fields", () => {
  it("join encoded words that cut a character in two", () => {
    expect(decodeHeaderText("=?utf-8?b?w6Q=?= x =?utf-8?q?=C3?=\r\n =?utf-8?q?=A4?=")).toBe("ä x ä");
  });

  it("keep parameters apart, continued, encoded and quoted ones", () => {
    const { value, parameters } = readParameters(
      "Attachment; filename*0*=utf-8''a%20; filename*1=b.txt; size=\"1;2\"; title=plain (a comment)",
    );
    expect(value).toBe("attachment");
    expect(Object.fromEntries(parameters)).toEqual({ filename: "a b.txt", size: "1;2", title: "plain" });
  });

  it("read address lists that are hard on parsers, in linear time", () => {
    expect(readAddresses('"Doe, J" <j@x.example>, b@x.example (Bee)')).toEqual([
      { address: "j@x.example", display: "Doe, J" },
      { address: "b@x.example", display: "Bee" },
    ]);
    const started = performance.now();
    readAddresses(`${'<"('.repeat(30_000)}a@x.example`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("flowed text", () => {
  it("joins what was one line, and keeps quotes and signatures apart", () => {
    expect(unflow("4111 1111 \r\n1111 1111\r\n> quoted \r\n> more\r\n-- \r\nAnn", false)).toBe(
      "4111 1111 1111 1111\n> quoted more\n-- \nAnn",
    );
    expect(unflow("4111 \r\n1111", true)).toBe("41111111");
  });
});

describe("HTML", () => {
  it("adds nothing for inline tags, breaks for blocks, tabs for cells", () => {
    const { visible } = htmlToText("<p>41<b>11</b><!-- x -->&nbsp;11<p>next<table><tr><td>a<td>b</table>", budget());
    expect(visible).toBe("4111\u00a011\nnext\n\na\tb");
  });

  it("keeps hidden text out of what is seen, and does not lose it", () => {
    const { visible, hidden } = htmlToText(
      'a<span style="display: none">9<span>8</span></span>b<script>var x = "key"</script><img alt="logo"><!-- note -->',
      budget(),
    );
    expect(visible).toBe("ab");
    for (const text of ["98", 'var x = "key"', "logo", "note"]) expect(hidden).toContain(text);
  });

  it.each(["<!-- ", "<script>", "<style>", "<title>", '<p title="'])("loses nothing behind an open %s", (start) => {
    const { visible, hidden } = htmlToText(`before ${start} 4111 1111`, budget());
    expect(`${visible}\n${hidden}`).toContain("4111 1111");
  });

  it("keeps all words, however tags are nested", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 20 });
    const tags = fc.array(fc.constantFrom("<div>", "</div>", "<b>", "</p>", "<table>", "<td>", "</tr>"), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(words, tags, (texts, elements) => {
        const source = texts.map((text, index) => `${elements[index] ?? ""} ${text} `).join("");
        const { visible } = htmlToText(source, budget());
        expect(visible.split(/\s+/)).toEqual(texts);
      }),
    );
  });
});

describe("tables of text", () => {
  it("give back their cells", () => {
    const cell = fc.string({ maxLength: 12 }).map((text) => text.replaceAll("\r", ""));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (rows) => {
        const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(";")).join("\n");
        expect(parseDelimited(text, ";")).toEqual(rows);
      }),
    );
  });

  it("are told from prose", () => {
    expect(findSeparator("name;iban\nann;DE89\nbob;GB82\n")).toBe(";");
    expect(findSeparator("Dear all,\nplease answer until Friday, or call.\nAnn\n")).toBeNull();
  });
});

describe("JSON", () => {
  it("gives each value behind its key, decoded", () => {
    expect(jsonToText('{"card":"4111\\u0020x","list":[1,"a\\"b"],"open":"')).toBe('card: 4111 x\nlist: 1\na"b\nopen: ');
  });
});

describe("RTF", () => {
  it("decodes code pages and Unicode, joins runs, leaves tables of fonts out", () => {
    const { text, open } = rtfToText(
      "{\\rtf1\\ansi\\ansicpg1250{\\fonttbl{\\f0 Secret Font;}}\\f0 \\u268?l\\'e1nek {\\b 41}11\\par\\~x{\\*\\generator G;}}",
      budget(),
    );
    expect(text).toBe("Článek 4111\n\u00a0x");
    expect(open).toBe(false);
  });

  it("says when it ends in the middle", () => {
    expect(rtfToText("{\\rtf1 text", budget())).toMatchObject({ text: "text", open: true });
  });
});

describe("calendars and cards", () => {
  it("join folded lines and undo escapes", () => {
    expect(unfoldDirectory("SUMMARY:card 4111\r\n  1111\\, due\r\nPHOTO;ENCODING=b:AAAA")).toBe(
      "SUMMARY:card 4111 1111, due",
    );
  });
});

describe("spaced letters of PDF", () => {
  it("are joined to words and numbers", () => {
    expect(joinSpacedLetters("x S S N 8 6 5 - 4 1 y")).toBe("xSSN 865-41 y");
    expect(joinSpacedLetters("a normal line of text")).toBe("a normal line of text");
  });
});
