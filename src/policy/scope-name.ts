import { addressFault, domainFault, normalAddress, normalDomain } from "./address.ts";

/** Why a scope cannot be called so, or undefined. */
export function scopeNameFault(name: string): string | undefined {
  if (name === "global") return undefined;
  if (name.startsWith("domain:")) return domainFault(name.slice("domain:".length));
  if (name.startsWith("user:")) return addressFault(name.slice("user:".length));
  return "a scope is global, domain:corp.example or user:ann@corp.example";
}

/** A sound scope name as scopes are compared. */
export function scopeName(name: string): string {
  if (name.startsWith("domain:")) return `domain:${normalDomain(name.slice("domain:".length))}`;
  if (name.startsWith("user:")) return `user:${normalAddress(name.slice("user:".length))}`;
  return name;
}
