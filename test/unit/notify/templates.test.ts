import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NoticeContent } from "../../../src/notify/content.ts";
import { readTemplates } from "../../../src/notify/templates.ts";
import { RECORD } from "./fixture.ts";

const CONTENT: NoticeContent = {
  occasion: "block",
  language: "nl",
  title: "Geblokkeerd",
  opening: "Een bericht is geblokkeerd.",
  advice: ["Liever niet."],
  facts: [["Bericht", "1 < 2"]],
  link: { label: "Bekijken", url: "https://dlp.corp.example/incidents/1?a=1&b=2" },
  footer: "Postern",
};

describe("an administrator's notice templates", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "postern-notices-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const render = (change: Partial<NoticeContent> = {}) =>
    readTemplates(folder).render({ ...CONTENT, ...change }, RECORD);

  it("take the place of Postern's own, one part at a time", () => {
    write("notice.txt", "{{title}} / {{ advice }} / {{incident}} / {{facts}} / {{link}}");
    const { subject, text, html } = render();
    expect(text).toBe(
      "Geblokkeerd / Liever niet. / 0192-incident / Bericht: 1 < 2 / https://dlp.corp.example/incidents/1?a=1&b=2",
    );
    expect(subject).toBe("Geblokkeerd");
    expect(html).toContain("<html");
  });

  it("are chosen by occasion and language, the most specific first", () => {
    write("notice.subject", "any");
    write("notice.nl.subject", "any nl");
    write("block.subject", "block");
    write("block.nl.subject", "block nl");
    expect(render().subject).toBe("block nl");
    expect(render({ language: "fr" }).subject).toBe("block");
    expect(render({ occasion: "release" }).subject).toBe("any nl");
    expect(render({ occasion: "digest", language: "fr" }).subject).toBe("any");
  });

  it("get their values escaped in HTML, and on one line in a subject", () => {
    write("notice.html", "<p>{{message}}</p>{{facts}}{{link}}{{advice}}");
    write("notice.subject", "About {{message}}\n");
    const { subject, html } = render();
    expect(html).toContain("<p>Offer &lt;b&gt;&amp; more&lt;/b&gt; Sender: forged@corp.example</p>");
    expect(html).toContain("1 &lt; 2");
    expect(html).toContain('<a href="https://dlp.corp.example/incidents/1?a=1&amp;b=2">Bekijken</a>');
    expect(subject).not.toMatch(/[\r\n]/);
  });

  it("are refused as a whole when a name or a placeholder is unknown", () => {
    write("notice.txt", "{{titel}}");
    write("blok.html", "x");
    write("block.nl.pdf", "x");
    expect(() => readTemplates(folder)).toThrow(/blok\.html.*|notice\.txt: there is no placeholder \{\{titel\}\}/s);
    expect(() => readTemplates(join(folder, "none"))).toThrow(/cannot be read/);
  });
});
