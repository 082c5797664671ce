import { PosternError } from "../../core/errors.ts";

export type TemplatePiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly name: string };

const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/gs;

/**
 * Reads the part of Go's text/template that Logpush allows: constant text, `{{ .Field }}`, comments.
 * @throws PosternError REQUEST_INVALID for anything else between the braces.
 */
export function readTemplate(source: string): readonly TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let end = 0;
  for (const match of source.matchAll(ACTION)) {
    if (match.index > end) pieces.push({ kind: "text", text: source.slice(end, match.index) });
    end = match.index + match[0].length;
    const action = match[1] ?? "";
    if (/^\/\*.*\*\/$/s.test(action)) continue;
    const name = /^\.([A-Za-z]\w*)$/.exec(action)?.[1];
    if (name === undefined)
      throw new PosternError("REQUEST_INVALID", "record_template knows only constant text, {{ .Field }} and comments");
    pieces.push({ kind: "field", name });
  }
  if (end < source.length) pieces.push({ kind: "text", text: source.slice(end) });
  return pieces;
}
