import { DOMAIN, DOMAIN_READ } from "../auth/scopes.ts";
import { json, type Route } from "../http/route.ts";
import { DIRECTORY, requireAdmin, requireCustomer } from "./admin-call.ts";

const scopes = [DOMAIN, DOMAIN_READ];

export const domainRoutes: readonly Route[] = [
  {
    id: "directory.domains.list",
    method: "GET",
    path: `${DIRECTORY}/customer/{customer}/domains`,
    scopes,
    handle: (call, world) => {
      requireAdmin(call, world);
      requireCustomer(world, call.params.customer ?? "");
      const domains = [
        ...world.domains.map((domainName, index) => domainResource(domainName, index === 0, true)),
        ...world.unverifiedDomains.map((domainName) => domainResource(domainName, false, false)),
      ];
      return json({ kind: "admin#directory#domains", etag: '"e"', domains });
    },
  },
  {
    id: "directory.domainAliases.list",
    method: "GET",
    path: `${DIRECTORY}/customer/{customer}/domainaliases`,
    scopes,
    query: ["parentDomainName"],
    handle: (call, world) => {
      requireAdmin(call, world);
      requireCustomer(world, call.params.customer ?? "");
      return json({ kind: "admin#directory#domainAliases", etag: '"e"' });
    },
  },
];

function domainResource(domainName: string, isPrimary: boolean, verified: boolean): object {
  return {
    kind: "admin#directory#domain",
    etag: '"e"',
    domainName,
    isPrimary,
    verified,
    creationTime: "1700000000000",
  };
}
