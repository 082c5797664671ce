/** A piece of text that a drawing puts at a point, in units of the drawing. */
export interface DrawnText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** How far its characters advance; null when the drawing does not say. */
  readonly advance: number | null;
}

/**
 * Joins pieces that follow one another on a line, as programs draw words and even letters one by one. A gap as wide as
 * half a character is a space; where the widths are not known, pieces are words.
 */
export function joinDrawnText(pieces: readonly DrawnText[]): string {
  let text = "";
  let previous: DrawnText | null = null;
  for (const piece of pieces) {
    if (piece.text === "") continue;
    if (previous !== null) text += separator(previous, piece);
    text += piece.text;
    previous = piece;
  }
  return text.trim();
}

function separator(before: DrawnText, piece: DrawnText): string {
  if (piece.y !== before.y) return "\n";
  if (before.advance === null) return " ";
  const gap = piece.x - before.x - before.advance;
  return gap > before.advance / before.text.length / 2 ? " " : "";
}
