import fc from "fast-check";
import { Parser } from "htmlparser2";
import { describe, expect, it } from "vitest";
import type { MessageRecord, QuarantineItem } from "../../../src/core/records.ts";
import { incidentPage, overviewPage, signInPage } from "../../../src/http/console/pages.tsx";

const viewer = { who: "administrator", formToken: "token" };

/** Every text that a sender can choose is `text`. */
function incident(text: string): MessageRecord {
  return {
    id: text,
    ref: { provider: "microsoft", tenantId: "t", mailbox: text, messageId: text },
    stage: "sent",
    trigger: "notification",
    internetMessageId: text,
    sender: text,
    subject: text,
    scannedAt: new Date(0),
    verdict: "block",
    status: "partial",
    policyRevision: "r",
    recipients: [{ address: text, external: true, verdict: "block", rules: [text] }],
    findings: [{ detector: text, part: text, count: 1, occurrences: 1, confidence: "high", masked: [text] }],
    problems: [{ part: text, code: "corrupt", detail: text }],
    monitored: [],
    actions: [{ id: "a", kind: "recall", target: text, state: "failed", reason: text, attempts: 1, at: new Date(0) }],
  };
}

function held(text: string): QuarantineItem {
  return {
    id: text,
    tenantId: "t",
    incident: text,
    vaultKey: "k",
    sha256: "0",
    expiresAt: new Date(0),
    final: false,
    state: "held",
    sender: text,
    recipients: [text],
    subject: text,
    history: [],
  };
}

/** Elements and attributes of a page, as a browser's tokenizer sees them. */
function shape(html: string): string[] {
  const seen: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => {
      seen.push(name);
      for (const [attribute, value] of Object.entries(attributes)) {
        seen.push(`${name}@${attribute}`);
        if (attribute === "href" || attribute === "action") expect(value).toMatch(/^(\/|\/assets\/|\/#)/);
      }
    },
  });
  parser.end(html);
  return seen;
}

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "<script>window.__xss = 1</script>",
    "\"><img src=x onerror='window.__xss=1'>",
    "' onmouseover='alert(1)",
    "</td></tr></table><iframe srcdoc=x>",
    "javascript:alert(1)",
    "\u2028<svg/onload=alert(1)>\u202e",
    "{{constructor.constructor('alert(1)')()}}",
    "<!--",
    "]]><style>*{display:none}</style>",
  ),
);

describe("the console's pages", () => {
  it("have the same elements and attributes whatever a sender writes", () => {
    const pages = (text: string): string[][] => [
      shape(overviewPage(viewer, [incident(text)], [held(text)])),
      shape(incidentPage(viewer, incident(text))),
    ];
    const expected = pages("harmless");
    fc.assert(
      fc.property(
        hostile.filter((text) => text !== ""),
        (text) => {
          expect(pages(text)).toEqual(expected);
        },
      ),
    );
  });

  it("take the sign-in link's secret as text only", () => {
    const page = (link: string): string[] => shape(signInPage({ link, withToken: true, failed: false }));
    fc.assert(
      fc.property(hostile, (link) => {
        expect(page(link)).toEqual(page("secret"));
      }),
    );
  });
});
