import { domainToASCII } from "node:url";
import { quote } from "./quote.ts";

/** Longest mailbox address (RFC 5321, 4.5.3.1: path of 256 with its angle brackets), in characters. */
const MAX_ADDRESS = 254;
const ASCII_DOMAIN = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

/**
 * A domain as domains are compared: lower case, IDN in its ASCII form, without a trailing dot.
 * Empty when the text is no domain.
 */
export function normalDomain(text: string): string {
  const lower = text.toLowerCase().replace(/\.$/, "");
  if (ASCII_DOMAIN.test(lower)) return lower;
  const ascii = domainToASCII(lower);
  return ASCII_DOMAIN.test(ascii) ? ascii : "";
}

/**
 * An address as addresses are compared: lower case, its domain normal. The local part keeps its tag (`ann+news`).
 * A text that is no address comes back in lower case, so that it equals itself and lies outside.
 */
export function normalAddress(text: string): string {
  const lower = text.trim().toLowerCase();
  const at = lower.lastIndexOf("@");
  if (at < 0) return lower;
  const domain = normalDomain(lower.slice(at + 1));
  return domain === "" ? lower : `${lower.slice(0, at)}@${domain}`;
}

/** The domain of a normal address; empty when it has none that mail could reach. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf("@");
  if (at < 0) return "";
  const domain = address.slice(at + 1);
  return ASCII_DOMAIN.test(domain) ? domain : "";
}

/** `ann+news@corp.example` reaches the mailbox `ann@corp.example` (sub-addressing, RFC 5233). */
export function withoutTag(address: string): string {
  const at = address.lastIndexOf("@");
  const plus = address.indexOf("+");
  return plus > 0 && plus < at ? address.slice(0, plus) + address.slice(at) : address;
}

/** Why a text cannot be a mail domain, or undefined when it can. */
export function domainFault(text: string): string | undefined {
  if (text.includes("@")) return `${quote(text)} is an address; expected a domain such as corp.example`;
  const domain = normalDomain(text);
  if (domain === "" || domain.length > 253 || domain.split(".").some((label) => label.length > 63)) {
    return `${quote(text)} is not a domain`;
  }
  // A bare word is nearly always a slip (`corp` for `corp.example`); test set-ups have localhost.
  return domain.includes(".") || domain === "localhost"
    ? undefined
    : `${quote(text)} is not a full domain: it has no dot`;
}

/** Why a text cannot be a mailbox address, or undefined when it can. */
export function addressFault(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  if (at < 1 || text.length > MAX_ADDRESS || /[\s<>,;\p{Cc}]/u.test(text))
    return `${quote(text)} is not a mail address`;
  return domainFault(text.slice(at + 1)) === undefined
    ? undefined
    : `${quote(text)} is not a mail address: its domain is none`;
}
