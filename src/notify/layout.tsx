import { renderToString } from "preact-render-to-string";
import type { NoticeContent } from "./content.ts";

/** Plain text: title, sentences, one fact a line. */
export function renderText(content: NoticeContent): string {
  return [
    content.opening,
    ...content.advice,
    "",
    ...content.facts.map(([label, value]) => `${label}: ${oneLine(value)}`),
    ...linksOf(content).flatMap(({ label, url }) => ["", `${label}: ${url}`]),
    "",
    content.footer,
    "",
  ].join("\n");
}

/** HTML without images, scripts or outside addresses; every value is escaped by the renderer. */
export function renderHtml(content: NoticeContent): string {
  return `<!doctype html>${renderToString(
    <html lang={content.language}>
      <head>
        <meta charset="utf-8" />
        <title>{content.title}</title>
      </head>
      <body style="font-family: sans-serif; color: #1b1f24">
        <h1 style="font-size: 1.2em">{content.title}</h1>
        <p>{content.opening}</p>
        {content.advice.map((sentence) => (
          <p>
            <strong>{sentence}</strong>
          </p>
        ))}
        <Facts facts={content.facts} />
        {linksOf(content).map(({ label, url }) => (
          <p>
            <a href={url}>{label}</a>
          </p>
        ))}
        <p style="color: #57606a; font-size: 0.9em">{content.footer}</p>
      </body>
    </html>,
  )}`;
}

function linksOf({ link, decide }: NoticeContent) {
  return [link, decide].filter((each) => each !== null && each !== undefined);
}

/** The facts alone, for a template. */
export function factsHtml(facts: NoticeContent["facts"]): string {
  return renderToString(<Facts facts={facts} />);
}

function Facts({ facts }: Pick<NoticeContent, "facts">) {
  return (
    <table cellpadding="4">
      {facts.map(([label, value]) => (
        <tr>
          <th style="text-align: left; vertical-align: top">{label}</th>
          <td>{oneLine(value)}</td>
        </tr>
      ))}
    </table>
  );
}

/** Mail fields may hold line breaks and control characters that would forge lines of a notice. */
export function oneLine(value: string): string {
  return value.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ");
}
