import { GoogleError } from "../google-error.ts";

/** Names and what is wanted below them; an empty tree is everything. */
interface Mask {
  readonly [name: string]: Mask;
}

/**
 * Keeps what a `fields` parameter asks for: `a,b(c,d/e),f/*` (Google's guide on partial responses).
 * @throws GoogleError 400 when the mask cannot be read or names a field that no such answer has.
 */
export function selectFields(body: object, fields: string): object {
  return select(body, parseMask(fields)) as object;
}

function select(value: unknown, mask: Mask): unknown {
  if (Object.keys(mask).length === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => select(item, mask));
  const kept: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(value)) {
    const below = mask[name] ?? mask["*"];
    if (below !== undefined) kept[name] = select(child, below);
  }
  return kept;
}

function parseMask(text: string): Mask {
  let at = 0;
  const list = (): Mask => {
    const mask: Record<string, Mask> = {};
    for (;;) {
      const name = /^[A-Za-z0-9_*.-]+/.exec(text.slice(at))?.[0];
      if (name === undefined) throw invalidMask(text);
      at += name.length;
      mask[name] = below();
      if (text[at] !== ",") return mask;
      at += 1;
    }
  };
  const below = (): Mask => {
    if (text[at] === "/") {
      at += 1;
      const name = /^[A-Za-z0-9_*.-]+/.exec(text.slice(at))?.[0];
      if (name === undefined) throw invalidMask(text);
      at += name.length;
      return { [name]: below() };
    }
    if (text[at] !== "(") return {};
    at += 1;
    const inner = list();
    if (text[at] !== ")") throw invalidMask(text);
    at += 1;
    return inner;
  };
  const mask = list();
  if (at !== text.length) throw invalidMask(text);
  return mask;
}

const invalidMask = (text: string): GoogleError =>
  new GoogleError(400, "invalidParameter", `Invalid field selection ${text}`);
