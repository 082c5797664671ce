import { describe, expect, it } from "vitest";
import { NOTICE_OCCASIONS, type Policy } from "../../../src/core/policy.ts";
import { digestContent, guardContent, messageContent } from "../../../src/notify/content.ts";
import { renderHtml, renderText } from "../../../src/notify/layout.tsx";
import { inLanguage, wordingFor } from "../../../src/notify/wording.ts";
import { loadPolicy } from "../../../src/policy/load.ts";
import { vocabulary } from "../policy/vocabulary.ts";
import { RECORD } from "./fixture.ts";

const policy = policyOf(`rules:
  - id: cards
    description: Cards stay inside
    when: { detectors: [{ detector: credit-card }] }
    action: block
    tell: { en: No cards by mail., nl: Geen kaarten per mail. }
`);

function policyOf(source: string): Policy {
  const loaded = loadPolicy(source, "yaml", vocabulary);
  if (!loaded.ok) throw new Error("the test's policy has faults");
  return loaded.policy;
}

function noticeIn(language: string, audience: "originator" | "managers" = "originator") {
  const about = { occasion: "block", audience } as const;
  return messageContent(RECORD, about, policy, wordingFor(language), "https://dlp.corp.example");
}

describe("a notice", () => {
  it("has every sentence for every occasion and audience in each language, each its own", () => {
    for (const language of ["en", "nl", "de", "fr"]) {
      const wording = wordingFor(language);
      expect(wording.language).toBe(language);
      const sentences = NOTICE_OCCASIONS.flatMap((occasion) => Object.values(wording.opening[occasion]));
      expect(new Set(sentences).size).toBe(2 * NOTICE_OCCASIONS.length);
      if (language === "en") continue;
      for (const occasion of NOTICE_OCCASIONS)
        expect(wording.subject[occasion]).not.toBe(wordingFor("en").subject[occasion]);
      for (const count of [1, 2]) expect(wording.copies(1, 3, count)).toContain(String(count));
      expect(wording.restored(1, 3)).not.toBe(wordingFor("en").restored(1, 3));
    }
  });

  it("speaks the language of the person, whatever its region, and English when it has none", () => {
    expect(noticeIn("nl-BE").title).toBe("Een bericht is geblokkeerd");
    expect(noticeIn("DE_at").title).toBe("Eine Nachricht wurde blockiert");
    expect(noticeIn("pt-BR").title).toBe("A message was blocked");
  });

  it("tells the sender the rule's own words in that language, and the manager where to look", () => {
    expect(noticeIn("nl").advice).toEqual(["Geen kaarten per mail."]);
    expect(noticeIn("fr").advice).toEqual(["No cards by mail."]);
    expect(noticeIn("nl").link).toBeNull();
    expect(noticeIn("nl", "managers")).toMatchObject({
      advice: [],
      link: { url: "https://dlp.corp.example/incidents/0192-incident" },
    });
  });

  it("asks for a decision where there is a page for it, and managers only", () => {
    const page = "https://dlp.corp.example/decisions/a.b.c";
    const asked = (audience: "originator" | "managers", url: string | null) =>
      messageContent(
        RECORD,
        { occasion: "block", audience },
        policy,
        wordingFor("de"),
        "https://dlp.corp.example",
        url,
      );
    const content = asked("managers", page);
    expect(content.decide).toEqual({ label: expect.stringContaining("entscheiden"), url: page });
    expect(renderText(content)).toContain(`: ${page}\n`);
    expect(renderHtml(content)).toContain(`href="${page}"`);
    for (const other of [asked("originator", page), asked("managers", null)])
      expect(renderText(other) + renderHtml(other)).not.toContain("/decisions/");
  });

  it("shows rule, part, count and masked samples of what counts, and which copies were out of reach", () => {
    const text = renderText(noticeIn("en"));
    expect(text).toContain("Rules: cards: Cards stay inside");
    expect(text).toContain("Found: credit-card (1) – body: ************1111");
    expect(text).not.toContain("low-is-not-told");
    expect(text).toContain("Taken back from 1 of 2 recipients; 1 outside the organisation keep the message.");
  });

  it("of a release says which mailboxes did not get their copy back, and nothing when all did", () => {
    const restore = (target: string, state: "done" | "failed") =>
      ({ id: target, kind: "restore", target, state, reason: null, attempts: 1, at: new Date(0) }) as const;
    const told = (...actions: readonly ReturnType<typeof restore>[]) => {
      const about = { occasion: "release", audience: "originator" } as const;
      return renderText(messageContent({ ...RECORD, actions }, about, policy, wordingFor("en"), "https://x.example"));
    };
    const [back, gone] = [restore("ann@corp.example", "done"), restore("b@corp.example", "failed")];
    expect(told(back, gone)).toContain("Put back into 1 of 2 mailboxes; the others could not be reached.");
    expect(told(back)).not.toContain("Put back");
  });

  it("cannot be given lines or markup by a subject", () => {
    const [text, html] = [renderText(noticeIn("en")), renderHtml(noticeIn("en"))];
    expect(text.split("\n").filter((line) => line.startsWith("Sender:"))).toEqual(["Sender: ann@corp.example"]);
    expect(html).not.toContain("<b>");
    expect(html).toContain("&lt;b>&amp; more");
    expect(html).toContain('<html lang="en">');
  });

  it("lists many messages in a digest, and says how many more there are", () => {
    const entries = Array.from({ length: 130 }, () => ({ occasion: "block", record: RECORD }) as const);
    const content = digestContent(entries, "dlp@corp.example", wordingFor("en"), "https://dlp.corp.example");
    expect(content.facts).toHaveLength(101);
    expect(content.facts.at(-1)).toEqual(["And further", "30"]);
    expect(content.link?.url).toBe("https://dlp.corp.example/");
    expect(digestContent(entries, RECORD.sender, wordingFor("en"), "https://dlp.corp.example").link).toBeNull();
  });

  it("names the paused rules", () => {
    const content = guardContent(["cards", "words"], wordingFor("fr"), "https://dlp.corp.example");
    expect(content.facts).toEqual([
      ["Règle suspendue", "cards"],
      ["Règle suspendue", "words"],
    ]);
  });
});

describe("a rule's texts", () => {
  it("are chosen by exact language, base language, English, then any", () => {
    const texts = { en: "e", "pt-BR": "b", pt: "p" };
    expect(["pt-br", "pt-PT", "nl"].map((language) => inLanguage(texts, language))).toEqual(["b", "p", "e"]);
    expect(inLanguage({ de: "d" }, "nl")).toBe("d");
    expect(inLanguage({}, "nl")).toBeUndefined();
  });
});
