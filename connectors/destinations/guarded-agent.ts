import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { guardedLookup, type NetworkRules } from "./address-guard.ts";

/** Agents for the SDKs that speak through node's own HTTP: they connect to checked addresses only. */
export function guardedAgents(rules: NetworkRules): { readonly http: HttpAgent; readonly https: HttpsAgent } {
  const options = { lookup: guardedLookup(rules), keepAlive: true };
  return {
    http: new HttpAgent(options),
    https: new HttpsAgent({ ...options, ...(rules.ca === undefined ? {} : { ca: rules.ca }) }),
  };
}
