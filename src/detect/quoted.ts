import type { Span } from "../core/finding.ts";

/** Lines that begin with a quotation mark of mail programs (RFC 3676, section 4.5). */
const QUOTED_LINE = /\n[ \t]{0,3}>.*/g;
/**
 * Lines behind which everything is the earlier mail. A forwarded message is not among them: it is new to its readers.
 */
const REPLY_BEGINS =
  /\n[ \t]{0,8}(?:-{2,}[ \t]*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Messaggio originale|Oorspronkelijk bericht)[ \t]*-{2,}|(?:On|Am|Le|El|Il|Op|Den|Em|Dnia)[ \t][^\n]{5,200}?(?:wrote|schrieb[^\n:]{0,80}|a écrit|escribió|ha scritto|schreef[^\n:]{0,80}|skrev[^\n:]{0,80}|escreveu|napisał\(a\))[ \t]{0,2}:)[ \t]*\r?(?=\n|$)/;
/** Outlook puts the earlier mail's head in front, without marks: at least From, a date and To on neighbouring lines. */
const OUTLOOK_HEAD =
  /\n[*_ \t]{0,3}(?:From|Von|De|Da|Van|Från|Fra):[^\n]{1,300}\n[*_ \t]{0,3}(?:Sent|Date|Gesendet|Datum|Envoyé|Date|Enviado|Fecha|Inviato|Data|Verzonden|Skickat|Sendt):[^\n]{1,200}\n[*_ \t]{0,3}(?:To|An|À|A|Para|Aan|Till|Til):/;

/** Where a body repeats earlier mails of its thread, in order and without overlaps. */
export function quotedSpans(text: string): readonly Span[] {
  // A line break in front makes the first line like the others; patterns that begin with a character are fast.
  const lines = `\n${text}`;
  const spans: Span[] = [];
  for (const line of lines.matchAll(QUOTED_LINE))
    spans.push({ start: line.index, end: line.index + line[0].length - 1 });
  const begins = [REPLY_BEGINS, OUTLOOK_HEAD].flatMap((pattern) => pattern.exec(lines)?.index ?? []);
  if (begins.length === 0) return spans;
  const start = Math.min(...begins);
  return [...spans.filter((span) => span.end <= start), { start, end: text.length }];
}
