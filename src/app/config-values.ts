import { z } from "zod";

/** Readers of single settings. Each gives the value, or undefined when the text is not what `expected` says. */

/** Longer texts are cut where a fault shows them. */
const MOST_SHOWN = 60;

/** @param options.secret the text may be or hold a password, and is not shown in faults */
export function setting<Value>(
  expected: string,
  read: (text: string) => Value | undefined,
  options: { readonly secret?: boolean } = {},
) {
  return z.string({ error: () => `expected ${expected}` }).transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    const found = options.secret === true ? `a text of ${text.length} characters` : shown(text);
    context.issues.push({ code: "custom", message: `expected ${expected}, found ${found}`, input: text });
    return z.NEVER;
  });
}

export function wholeNumber(least: number, most: number) {
  return setting(`a whole number from ${least} to ${most}`, (text) => {
    const number = /^\s*-?\d{1,16}\s*$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  });
}

export function oneOf<const Values extends readonly string[]>(values: Values) {
  return setting(`one of ${values.join(", ")}`, (text) =>
    values.find((value): value is Values[number] => value === text),
  );
}

/** Any text but none. */
export function someText(what: string, options: { readonly secret?: boolean } = {}) {
  return setting(what, (text) => (text === "" ? undefined : text), options);
}

/** An address that content or tokens go to: https, or anything on this machine. A trailing slash is cut off. */
export function address() {
  const expected = "an https address (plain http is for loopback addresses only)";
  const read = (text: string): string | undefined => (isAllowed(text) ? text.replace(/\/+$/, "") : undefined);
  return setting(expected, read, { secret: true });
}

/** The address of a server, with one of the schemes. It may hold a password. */
export function serverAddress(...schemes: readonly string[]) {
  const expected = `an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`;
  const fits = (text: string): boolean =>
    schemes.some((scheme) => text.startsWith(`${scheme}://`) && text.length > scheme.length + 3);
  return setting(expected, (text) => (fits(text) ? text : undefined), { secret: true });
}

function isAllowed(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol === "https:") return true;
  return (
    protocol === "http:" && (hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname))
  );
}

function shown(text: string): string {
  if (text === "") return "an empty text";
  const printable = text.replaceAll(/\p{Cc}/gu, "\uFFFD");
  return `"${printable.length > MOST_SHOWN ? `${printable.slice(0, MOST_SHOWN)}…` : printable}"`;
}
