import { describe, expect, it } from "vitest";
import { newlyActing } from "../../../src/policy/newly-acting.ts";
import { policyOf } from "./fixture.ts";

const under = (rules: string, scopes: string) => policyOf(`rules: [${rules}]\nscopes: {${scopes}}`);
const A = "{ id: a, when: { senders: [corp.example] }, action: warn }";
const B = "{ id: b, when: { senders: [corp.example] }, action: block }";
const WATCHED = B.replace("action", "monitor: true, action");

describe("rules that would begin to act", () => {
  it("are those that are new, selected for the first time anywhere, or out of monitor mode", () => {
    const before = under(`${A}, ${WATCHED}`, "global: { rules: [b] }");
    expect(newlyActing(before, under(`${A}, ${B}`, "global: { rules: [a, b] }"))).toEqual(["a", "b"]);
    expect(newlyActing(before, under(`${A}, ${WATCHED}`, "global: { rules: [b, a] }"))).toEqual(["a"]);
    expect(newlyActing(before, under(`${A}, ${B}`, "'user:ann@corp.example': { rules: [b] }"))).toEqual(["b"]);
    expect(newlyActing(before, before)).toEqual([]);
    expect(newlyActing(under(A, "global: { rules: [a] }"), under(`${A}, ${B}`, "global: { rules: [a] }"))).toEqual([]);
  });
});
