import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_KINDS } from "../../../src/core/errors.ts";

describe("docs/errors.md", () => {
  it("explains every code with its status and whether it counts, and no other", () => {
    const rows = readFileSync("docs/errors.md", "utf8").matchAll(
      /^\| `([A-Z_]+)` \| (\d+) \| ([^|]+) \| (yes|no) \|/gm,
    );
    const documented = Object.fromEntries(
      [...rows].map(([, code, status, retried, counts]) => [
        code,
        [Number(status), retried?.startsWith("never"), counts === "yes"],
      ]),
    );
    expect(documented).toEqual(
      Object.fromEntries(
        Object.entries(ERROR_KINDS).map(([code, { status, retry, counts }]) => [
          code,
          [status, retry === "never", counts],
        ]),
      ),
    );
  });
});
