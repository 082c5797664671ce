import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointInTime } from "../../../src/cli/time.ts";

const NOW = new Date("2026-11-30T12:00:00Z");

describe("a point in time on the command line", () => {
  it("is a date, a time, or how long ago", () => {
    const read = (text: string) => pointInTime(text, NOW).toISOString();
    expect(read("2026-11-01")).toBe("2026-11-01T00:00:00.000Z");
    expect(read("2026-11-01T10:00:00+02:00")).toBe("2026-11-01T08:00:00.000Z");
    expect(read("90m")).toBe("2026-11-30T10:30:00.000Z");
    expect(read("24h")).toBe("2026-11-29T12:00:00.000Z");
    expect(read("7d")).toBe("2026-11-23T12:00:00.000Z");
    expect(read("2w")).toBe("2026-11-16T12:00:00.000Z");
  });

  it("is refused when it is none", () => {
    for (const text of ["", "soon", "7", "d7", "-7d", "2026-13-01", "1 November 2026"])
      expect(() => pointInTime(text, NOW), text).toThrow(/is no time/);
  });

  it("comes back from any time as written", () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") }), (at) => {
        expect(pointInTime(at.toISOString(), NOW)).toEqual(at);
      }),
    );
  });
});
