import { type LookupAddress, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { PosternError } from "../../src/core/errors.ts";

/** HTTPS, Splunk HEC, syslog over TLS, Elasticsearch; the operator may add others. */
const PORTS: readonly number[] = [443, 6514, 8088, 9200, 9243];

/** What an operator allows beyond public addresses. */
export interface NetworkRules {
  /** Private and loopback addresses, any port, plain http on loopback: SIEMs inside, and tests. */
  readonly allowPrivate: boolean;
  readonly extraPorts: readonly number[];
  /** PEM certificates to trust besides the system's. */
  readonly ca?: string;
  /** Instead of the system's resolver, in tests. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}

/** In `error.code` when an address is not allowed; says nothing of what listens there. */
export const ADDRESS_DENIED = "EADDRDENIED";

/**
 * Judges an address before anything is sent (threat T-30): https, no credentials, an allowed port, no literal address
 * inside. Names are judged again at each connect, by `guardedLookup`.
 * @throws PosternError REQUEST_INVALID
 */
export function checkUrl(url: URL, rules: NetworkRules): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isLoopback = host === "localhost" || (isIP(host) !== 0 && ipaddr.process(host).range() === "loopback");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback && rules.allowPrivate))
    throw refused("must be https");
  if (url.username !== "" || url.password !== "") throw refused("may not carry a user or password");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (!rules.allowPrivate && !PORTS.includes(port) && !rules.extraPorts.includes(port))
    throw refused("has a port that is not allowed (POSTERN_EXPORT_PORTS adds ports)");
  if (!isAllowedHost(host, rules)) throw refused("leads to an address that is not allowed");
}

/** Resolves once, refuses when any address is not allowed, and gives the connection what was checked. */
export function guardedLookup(rules: NetworkRules): LookupFunction {
  const resolve = rules.resolve ?? systemLookup;
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const fitting = addresses.filter(({ family }) => !options.family || options.family === family);
        const [first] = fitting;
        if (first === undefined || addresses.some(({ address }) => !isAllowedAddress(address, rules)))
          return callback(Object.assign(new Error("the address is not allowed"), { code: ADDRESS_DENIED }), "", 0);
        if (options.all) return callback(null, [...fitting]);
        return callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };
}

/** Connecting to a literal address does not ask the resolver, so the URL is checked for it. */
function isAllowedHost(host: string, rules: NetworkRules): boolean {
  if (isIP(host) !== 0) return isAllowedAddress(host, rules);
  return rules.allowPrivate || !/(^|\.)(localhost|internal|local|localdomain)\.?$/.test(host);
}

function isAllowedAddress(address: string, rules: NetworkRules): boolean {
  if (!ipaddr.isValid(address)) return false;
  const range = ipaddr.parse(address).range();
  // Whatever is not plainly public: private, link-local, CGNAT, mapped and translated IPv6, multicast, metadata.
  if (range === "unicast") return true;
  const inside = ["private", "loopback", "uniqueLocal", "carrierGradeNat"];
  return rules.allowPrivate && inside.includes(ipaddr.process(address).range());
}

function systemLookup(host: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

function refused(reason: string): PosternError {
  return new PosternError("REQUEST_INVALID", `destination_conf ${reason}`);
}
