/** Words in a shingle: sequences of so many words are compared. */
const SHINGLE_WORDS = 5;
/** Of long documents every fourth shingle is kept, chosen by its hash, so that both sides choose the same ones. */
const SAMPLE_ABOVE = 4_096;
const SAMPLE_ONE_IN = 4;
/** Composing marks in very long words is quadratic. */
const MAX_WORD = 256;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** A document by the hashes of its word sequences: enough to recognise copies and filled-in forms, not to read it. */
export interface DocumentFingerprint {
  readonly name: string;
  /** Ascending. */
  readonly shingles: Uint32Array;
  readonly sampled: boolean;
  /** Share of the document's shingles, in percent, from which on a text counts as a copy. */
  readonly threshold: number;
  readonly seed: number;
}

/** @param seed secret of the tenant: equal documents have other hashes elsewhere. */
export function fingerprintDocument(name: string, text: string, threshold: number, seed: number): DocumentFingerprint {
  const all = new Set<number>();
  for (const { hash } of shinglesOf(text, seed)) all.add(hash);
  const sampled = all.size > SAMPLE_ABOVE;
  const kept = sampled ? [...all].filter((hash) => hash % SAMPLE_ONE_IN === 0) : [...all];
  return { name, shingles: Uint32Array.from(kept).sort(), sampled, threshold, seed };
}

export interface Similarity {
  /** Share of the document's shingles that the text has, 0..100. */
  readonly percent: number;
  readonly start: number;
  readonly end: number;
}

/** How much of the document stands in the text, and where it begins and ends there; undefined below the threshold. */
export function matchFingerprint(document: DocumentFingerprint, text: string): Similarity | undefined {
  if (document.shingles.length === 0) return undefined;
  const wanted = new Set(document.shingles);
  const found = new Set<number>();
  let start = -1;
  let end = -1;
  for (const shingle of shinglesOf(text, document.seed)) {
    if (!wanted.has(shingle.hash)) continue;
    found.add(shingle.hash);
    if (start < 0) start = shingle.start;
    end = shingle.end;
  }
  const percent = (found.size / wanted.size) * 100;
  return percent >= document.threshold && found.size > 0 ? { percent, start, end } : undefined;
}

interface Shingle {
  readonly hash: number;
  readonly start: number;
  readonly end: number;
}

function* shinglesOf(text: string, seed: number): Generator<Shingle> {
  const words: { hash: number; start: number; end: number }[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = match[0].slice(0, MAX_WORD).normalize("NFKC").toLowerCase();
    words.push({ hash: hashText(word, seed), start: match.index, end: match.index + match[0].length });
    if (words.length < SHINGLE_WORDS) continue;
    let hash = seed;
    for (const { hash: part } of words) hash = mix(hash ^ part);
    yield { hash: hash >>> 0, start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0 };
    words.shift();
  }
}

/** FNV-1a over UTF-16 units, finished with `mix`. */
function hashText(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash);
}

/** The finishing step of MurmurHash3: spreads every bit over all others. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
