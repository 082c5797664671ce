import type { Span } from "../core/finding.ts";

/** The mark of quoted lines stands behind at most so many spaces (RFC 3676, section 4.5). */
const MOST_BEFORE_MARK = 3;
/** Lines behind which everything is the earlier mail. A forwarded message is not among them: it is new to its readers. */
const REPLY_BEGINS =
  /[ \t]{0,8}(?:-{2,}[ \t]*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Messaggio originale|Oorspronkelijk bericht)[ \t]*-{2,}|(?:On|Am|Le|El|Il|Op|Den|Em|Dnia)[ \t][^\n]{5,200}?(?:wrote|schrieb[^\n:]{0,80}|a écrit|escribió|ha scritto|schreef[^\n:]{0,80}|skrev[^\n:]{0,80}|escreveu|napisał\(a\))[ \t]{0,2}:)[ \t]*\r?(?=\n|$)/y;
/** Outlook puts the earlier mail's head in front, without marks: at least From, a date and To on neighbouring lines. */
const OUTLOOK_HEAD =
  /[*_ \t]{0,3}(?:From|Von|De|Da|Van|Från|Fra):[^\n]{1,300}\n[*_ \t]{0,3}(?:Sent|Date|Gesendet|Datum|Envoyé|Date|Enviado|Fecha|Inviato|Data|Verzonden|Skickat|Sendt):[^\n]{1,200}\n[*_ \t]{0,3}(?:To|An|À|A|Para|Aan|Till|Til):/y;
/** What stands before the first word of these lines, and the letters with which that begins. */
const MARGIN = new Set([..." \t*_"].map((sign) => sign.charCodeAt(0)));
const LONGEST_MARGIN = 8;
const FIRST_LETTERS = new Set([..."-OALEIDFV"].map((sign) => sign.charCodeAt(0)));
const QUOTE_MARK = 62;

/** Where a body repeats earlier mails of its thread, in order and without overlaps. */
export function quotedSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    let first = start;
    while (first - start < LONGEST_MARGIN && MARGIN.has(text.charCodeAt(first))) first++;
    const code = text.charCodeAt(first);
    if (code === QUOTE_MARK) {
      if (first - start <= MOST_BEFORE_MARK) spans.push({ start, end });
    } else if (FIRST_LETTERS.has(code) && beginsEarlierMail(text, start)) {
      return [...spans, { start, end: text.length }];
    }
    start = end + 1;
  }
  return spans;
}

function beginsEarlierMail(text: string, at: number): boolean {
  return [REPLY_BEGINS, OUTLOOK_HEAD].some((pattern) => {
    pattern.lastIndex = at;
    return pattern.test(text);
  });
}
