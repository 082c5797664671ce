import { describe, expect, it } from "vitest";
import { compileFilter, filterFaults, filterSchema } from "../../../src/export/filter.ts";
import { verdict } from "./sample-events.ts";

const matches = (where: object): boolean =>
  compileFilter(filterSchema.parse({ where }), "email_dlp_findings")(verdict());

describe("a job's filter", () => {
  it.each([
    [{ key: "Action", operator: "eq", value: "block" }, true],
    [{ key: "Action", operator: "!eq", value: "block" }, false],
    [{ key: "Action", operator: "in", value: ["warn", "block"] }, true],
    [{ key: "Action", operator: "!in", value: ["warn", "block"] }, false],
    [{ key: "Sequence", operator: "lt", value: 1 }, false],
    [{ key: "Sequence", operator: "leq", value: 1 }, true],
    [{ key: "FindingCount", operator: "gt", value: 1 }, true],
    [{ key: "FindingCount", operator: "geq", value: 3 }, false],
    [{ key: "Subject", operator: "startsWith", value: "Offer" }, true],
    [{ key: "Subject", operator: "!endsWith", value: "1111" }, false],
    [{ key: "Subject", operator: "contains", value: "***" }, true],
    [{ key: "DetectorIDs", operator: "eq", value: "iban" }, true],
    [{ key: "DetectorIDs", operator: "!contains", value: "passport" }, true],
    [{ key: "Timestamp", operator: "geq", value: "2026-11-30T00:00:00Z" }, true],
    [
      {
        or: [
          { key: "Action", operator: "eq", value: "warn" },
          { key: "From", operator: "contains", value: "ann@" },
        ],
      },
      true,
    ],
    [
      {
        and: [
          { key: "Action", operator: "eq", value: "warn" },
          { key: "From", operator: "contains", value: "ann@" },
        ],
      },
      false,
    ],
  ])("%j gives %s", (where, expected) => {
    expect(matches(where)).toBe(expected);
  });

  it("names unknown fields, lists where one value belongs, and too many operators", () => {
    const leaf = { key: "Nothing", operator: "in", value: "x" };
    const filter = filterSchema.parse({ where: { and: Array.from({ length: 31 }, () => leaf) } });
    const faults = filterFaults(filter, "audit_logs").join("\n");
    expect(faults).toContain("audit_logs has no field Nothing");
    expect(faults).toContain("takes a list");
    expect(faults).toContain("at most 30");
  });
});
