import { badRequest } from "./graph-error.ts";

export type Predicate = (entity: object) => boolean;

/**
 * Compiles the part of OData's `$filter` that mail clients use: and, or, not, parentheses, eq ne gt ge lt le,
 * startswith/endswith/contains, `property in (…)`, and `collection/any(x: …)`. Strings compare without regard to case, as
 * Exchange and Entra do.
 * @throws GraphError 400 for anything else.
 */
export function compileFilter(source: string): Predicate {
  const tokens = tokenize(source);
  let at = 0;

  const peek = () => tokens[at];
  const isWord = (word: string) => peek()?.toLowerCase() === word;
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw badRequest(`Invalid filter clause: '${expected ?? "a term"}' expected in '${source}'.`);
    }
    return token;
  };

  const or = (): Predicate => {
    let left = and();
    while (isWord("or")) {
      at++;
      const [a, b] = [left, and()];
      left = (entity) => a(entity) || b(entity);
    }
    return left;
  };
  const and = (): Predicate => {
    let left = term();
    while (isWord("and")) {
      at++;
      const [a, b] = [left, term()];
      left = (entity) => a(entity) && b(entity);
    }
    return left;
  };
  const term = (): Predicate => {
    if (isWord("not")) {
      at++;
      const inner = term();
      return (entity) => !inner(entity);
    }
    if (peek() === "(") {
      at++;
      const inner = or();
      take(")");
      return inner;
    }
    const word = take();
    if (peek() === "(") return call(word);
    return comparison(word);
  };
  const call = (word: string): Predicate => {
    take("(");
    const name = word.toLowerCase();
    if (name.endsWith("/any")) return any(word.slice(0, -"/any".length));
    const test = textFunctions[name];
    if (!test) throw badRequest(`Unknown function '${word}'.`);
    const property = take();
    take(",");
    const wanted = String(literal(take())).toLowerCase();
    take(")");
    return (entity) => test(String(valueAt(entity, property) ?? "").toLowerCase(), wanted);
  };
  const any = (collection: string): Predicate => {
    const variable = take();
    take(":");
    const inner = or();
    take(")");
    return (entity) => {
      const values = valueAt(entity, collection);
      return Array.isArray(values) && values.some((value) => inner({ ...entity, [variable]: value }));
    };
  };
  const comparison = (property: string): Predicate => {
    const operator = take().toLowerCase();
    if (operator === "in") {
      take("(");
      const wanted = [literal(take())];
      while (peek() === ",") {
        at++;
        wanted.push(literal(take()));
      }
      take(")");
      return (entity) => wanted.some((value) => compare(valueAt(entity, property), value) === 0);
    }
    const accept = operators[operator];
    if (!accept) throw badRequest(`Unknown operator '${operator}' in '${source}'.`);
    const wanted = literal(take());
    return (entity) => accept(compare(valueAt(entity, property), wanted));
  };

  const predicate = or();
  if (at !== tokens.length) throw badRequest(`Invalid filter clause: '${tokens[at]}' was not expected in '${source}'.`);
  return predicate;
}

const operators: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

const textFunctions: Readonly<Record<string, (text: string, wanted: string) => boolean>> = {
  startswith: (text, wanted) => text.startsWith(wanted),
  endswith: (text, wanted) => text.endsWith(wanted),
  contains: (text, wanted) => text.includes(wanted),
};

function tokenize(source: string): readonly string[] {
  const pattern = /\s*('(?:[^']|'')*'|[(),]|:(?!\d)|[^\s'(),:]+(?::\d[^\s'(),]*)?)/y;
  const tokens: string[] = [];
  const text = source.trimEnd();
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw badRequest(`Invalid filter clause: '${source}'.`);
    tokens.push(found);
  }
  return tokens;
}

type Literal = string | number | boolean | null | Date;

function literal(token: string): Literal {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  const word = token.toLowerCase();
  if (word === "null") return null;
  if (word === "true" || word === "false") return word === "true";
  if (/^\d{4}-\d\d-\d\d/.test(token)) {
    const date = new Date(token);
    if (!Number.isNaN(date.getTime())) return date;
  }
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  throw badRequest(`Invalid literal '${token}'.`);
}

/** Property path with slashes, as in `from/emailAddress/address`. */
function valueAt(entity: unknown, path: string): unknown {
  return path
    .split("/")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], entity);
}

/** Less than, equal to or greater than zero; NaN when the two cannot be compared. */
function compare(value: unknown, wanted: Literal): number {
  if (wanted === null || value === null || value === undefined) return (value ?? null) === wanted ? 0 : Number.NaN;
  if (wanted instanceof Date) return new Date(String(value)).getTime() - wanted.getTime();
  if (typeof wanted === "string") {
    const [a, b] = [String(value).toLowerCase(), wanted.toLowerCase()];
    if (a === b) return 0;
    return a < b ? -1 : 1;
  }
  if (typeof value !== typeof wanted) return Number.NaN;
  return Number(value) - Number(wanted);
}
