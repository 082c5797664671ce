import { describe, expect, it } from "vitest";
import { foreignUsers } from "../../../src/policy/foreign-users.ts";
import { policyOf } from "./fixture.ts";

const SOURCE = `internalDomains: [own.example]
scopes:
  global: { settings: { dlp.enabled: true } }
  user:ann@corp.example: { rules: [] }
  user:Bob@OUT.example: { rules: [] }
  user:carl@lab.corp.example: { rules: [] }
  user:dora@own.example: { rules: [] }
  domain:out.example: { rules: [] }
`;
const faults = (tenantDomains: readonly string[], before = policyOf("version: 1")) =>
  foreignUsers({ source: SOURCE, format: "yaml" }, policyOf(SOURCE), before, tenantDomains);

describe("a user scope outside of the tenants' domains", () => {
  it("is a fault at its place", () => {
    expect(faults(["corp.example"])).toEqual([
      {
        line: 5,
        column: 3,
        path: "scopes.user:Bob@OUT.example",
        reason: '"out.example" is no domain of a connected tenant, nor one of internalDomains',
      },
    ]);
  });

  it("is none while nobody is connected, or when it was there before", () => {
    expect(faults([])).toEqual([]);
    expect(faults(["corp.example"], policyOf("scopes: { user:bob@out.example: { rules: [] } }"))).toEqual([]);
  });
});
