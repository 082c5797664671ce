import type { BuiltInDetector, Match } from "../detector.ts";
import { mrz } from "../validators/mrz.ts";
import type { ByteView } from "../views/folded.ts";

const FILLERS = "<<";
const NEWLINE = 10;
const LONGEST_LINE = 48;

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Lines of 44, 36 or 30 characters that hold fillers, two or three of the same length in a row. */
function* findZones({ bytes }: ByteView): Generator<Match> {
  for (let at = bytes.indexOf(FILLERS); at >= 0; ) {
    const first = lineAround(bytes, at);
    let next = Math.max(first.end, at + 1);
    const count = first.text.length === 30 ? 3 : 2;
    const lines = [first];
    while (lines.length < count) {
      const previous = lines.at(-1) ?? first;
      const line = lineAfter(bytes, previous.end);
      if (line === undefined || line.text.length !== first.text.length) break;
      lines.push(line);
    }
    const last = lines.at(-1) ?? first;
    if (lines.length === count && mrz.check(lines.map(({ text }) => text).join("\n"))) {
      yield { start: first.start, end: last.end, weight: 0.6, note: `machine readable zone of ${count} lines` };
      next = last.end;
    }
    at = bytes.indexOf(FILLERS, next);
  }
}

function lineAround(bytes: Buffer, at: number): Line {
  let start = at;
  while (start > 0 && at - start < LONGEST_LINE && bytes[start - 1] !== NEWLINE) start--;
  return trimmed(bytes, start, lineEnd(bytes, at));
}

function lineAfter(bytes: Buffer, end: number): Line | undefined {
  let start = end;
  // Line breaks of either kind, and spaces around them.
  while (start - end < 8 && /\s/.test(String.fromCharCode(bytes[start] ?? 0))) start++;
  return start === end || start >= bytes.length ? undefined : trimmed(bytes, start, lineEnd(bytes, start));
}

function lineEnd(bytes: Buffer, from: number): number {
  let end = from;
  while (end < bytes.length && end - from < LONGEST_LINE && bytes[end] !== NEWLINE) end++;
  return end;
}

function trimmed(bytes: Buffer, start: number, end: number): Line {
  const raw = bytes.toString("latin1", start, end);
  const text = raw.trim();
  const from = start + raw.indexOf(text);
  return { start: from, end: from + text.length, text };
}

export const passportMrz: BuiltInDetector = {
  id: "passport-mrz",
  description: "Machine readable zones of passports, visas and identity cards",
  source: "ICAO Doc 9303, parts 3 to 7",
  view: "folded",
  shapes: [],
  find: findZones,
  validator: { ...mrz, check: (value) => mrz.check(value.replace(/\s+/g, "\n")) },
  canonical: (matched) => matched.trim(),
  context: ["passport", "passeport", "reisepass", "pasaporte", "passaporto", "paspoort", "visa", "identity card"],
  surroundings: "token",
  mask: "full",
  examples: {
    positive: [
      "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
      "Passport:\r\n  P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r\n  L898902C36UTO7408122F1204159ZE184226B<<<<<10\r\n",
      "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
      "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
      "text before\nV<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<\nafter",
    ],
    negative: [
      "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C46UTO7408122F1204159ZE184226B<<<<<10",
      "cat << EOF",
      "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
      "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
      "std::cout << a << b << c;",
    ],
  },
};
