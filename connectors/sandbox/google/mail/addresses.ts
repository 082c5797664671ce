import { addressParser } from "postal-mime";
import { type HeaderField, readHeaders } from "./headers.ts";

/** The addresses of one header value, groups flattened, in lower case. */
export function addressesIn(value: string): readonly string[] {
  return addressParser(value, { flatten: true })
    .map((entry) => ("address" in entry ? (entry.address ?? "") : "").trim().toLowerCase())
    .filter((address) => address.includes("@"));
}

/** Everyone whom the headers name as To, Cc or Bcc, each once. */
export function headerRecipients(raw: Buffer): readonly string[] {
  const wanted = new Set(["to", "cc", "bcc"]);
  const fields = readHeaders(raw).filter((field: HeaderField) => wanted.has(field.name.toLowerCase()));
  return [...new Set(fields.flatMap((field) => addressesIn(field.value)))];
}
