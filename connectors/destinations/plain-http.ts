import { type DestinationConf, one } from "./conf.ts";

/** `plain-http=true` speaks http where the scheme has no other way to say so; the guard lets it through on loopback only. */
export function overPlainHttp(conf: DestinationConf): URL {
  return new URL(one(conf, "plain-http") === "true" ? conf.url.href.replace(/^https:/, "http:") : conf.url.href);
}
