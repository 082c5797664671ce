import { PosternError } from "../../src/core/errors.ts";

/** A `destination_conf` taken apart. Its address is parsed as https, so that odd spellings of numbers are seen through. */
export interface DestinationConf {
  readonly scheme: string;
  /** Without query. */
  readonly url: URL;
  /** Parameters, all values of each; without `header_` ones. */
  readonly parameters: ReadonlyMap<string, readonly string[]>;
  /** From `header_Name=value`, as Logpush writes them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws PosternError REQUEST_INVALID when it is no address. */
export function readConf(text: string): DestinationConf {
  const match = /^([a-z][a-z0-9+]*):\/\/(.*)$/s.exec(text.trim());
  const scheme = match?.[1] ?? "";
  try {
    const url = new URL(scheme === "file" ? text : `${scheme === "http" ? "http" : "https"}://${match?.[2] ?? ""}`);
    const parameters = new Map<string, string[]>();
    const headers: Record<string, string> = {};
    for (const [name, value] of url.searchParams) {
      const header = /^header_(.+)$/.exec(name)?.[1];
      if (header === undefined) parameters.set(name, [...(parameters.get(name) ?? []), value]);
      else if (/^[A-Za-z0-9-]+$/.test(header) && !/[\r\n\0]/.test(value)) headers[header.toLowerCase()] = value;
      else throw new PosternError("REQUEST_INVALID", `destination_conf has a header that cannot be sent: ${header}`);
    }
    // Who reads the path decodes it, and what cannot be decoded is no path.
    decodeURIComponent(url.pathname);
    url.search = "";
    url.hash = "";
    return { scheme, url, parameters, headers };
  } catch (error) {
    if (error instanceof PosternError) throw error;
    throw new PosternError("REQUEST_INVALID", "destination_conf is no address of the form scheme://…");
  }
}

/** What stands for a secret in what the API shows. */
export const HIDDEN = "***";
const SECRET = /^header_|secret|token|password|credential|(^|[-_])key$|signature|^sig$/i;

/** The text with the values of headers, tokens, keys and secrets hidden. */
export function hideSecrets(text: string): string {
  const [address = "", query] = splitOnce(text, "?");
  if (query === undefined) return address;
  const shown = query.split("&").map((pair) => {
    const [name = ""] = splitOnce(pair, "=");
    return SECRET.test(decodeURIComponent(name)) ? `${name}=${HIDDEN}` : pair;
  });
  return `${address}?${shown.join("&")}`;
}

/** The only value of a parameter. */
export function one(conf: DestinationConf, name: string): string | undefined {
  return conf.parameters.get(name)?.[0];
}

/** A parameter that is an address itself; https unless it says otherwise. @throws PosternError REQUEST_INVALID */
export function addressOf(conf: DestinationConf, name: string): URL | undefined {
  const text = one(conf, name);
  if (text === undefined) return undefined;
  try {
    return new URL(/^https?:\/\//.test(text) ? text : `https://${text}`);
  } catch {
    throw new PosternError("REQUEST_INVALID", `destination_conf: ${name} is no address`);
  }
}

/** @throws PosternError REQUEST_INVALID that names what the scheme does not know: a typo would be lost otherwise. */
export function onlyKnown(conf: DestinationConf, names: readonly string[]): void {
  const strange = [...conf.parameters.keys()].filter((name) => !names.includes(name));
  if (strange.length > 0)
    throw new PosternError("REQUEST_INVALID", `destination_conf: ${conf.scheme} does not know ${strange.join(", ")}`);
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
