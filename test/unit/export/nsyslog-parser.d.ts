declare module "nsyslog-parser" {
  /** Reads RFC 3164, RFC 5424 and CEF; only what the tests look at. */
  export default function parse(line: string): Readonly<Record<string, unknown>>;
}
