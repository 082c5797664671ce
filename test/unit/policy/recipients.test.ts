import { describe, expect, it } from "vitest";
import { evaluate, type MessageFacts } from "../../../src/policy/evaluate.ts";
import { facts, rules, tally } from "./fixture.ts";

const rule = (recipients: string, more = "") =>
  rules(`action: block, when: { detectors: [{ detector: iban }], recipients: { ${recipients} } } ${more}`);

function recipientsOf(change: Partial<MessageFacts>, policy = rule("are: external")) {
  return evaluate(policy, facts(change), [tally("iban", 1)]).recipients.map(
    ({ address, external, verdict }) => `${address} ${external ? "external" : "internal"} ${verdict}`,
  );
}

describe("an address is external when its domain is none of ours", () => {
  it.each([
    ["carl@corp.example", false],
    ["Carl+tag@CORP.Example", false],
    ["carl@corp.example.", false],
    ["carl@sub.corp.example", true],
    ["carl@notcorp.example", true],
    ["carl@corp.example.evil.example", true],
    ['"a@corp.example"@out.example', true],
    ["carl@bücher.example", false],
    ["carl@xn--bcher-kva.example", false],
    ["carl@[192.0.2.1]", true],
    ["undisclosed-recipients:;", true],
    ["", true],
  ])("%j: %j", (address, external) => {
    const internalDomains = new Set(["corp.example", "bücher.example"]);
    const { recipients } = evaluate(rule("are: external"), facts({ recipients: [address], internalDomains }), []);
    expect(recipients).toEqual([{ address, external, verdict: "allow", rules: [] }]);
  });

  it("whether the tenant or the policy names the domain, and else the sender's is ours", () => {
    const internalDomains = new Set<string>();
    const recipients = ["a@corp.example", "b@other.example"];
    expect(recipientsOf({ recipients, internalDomains })).toEqual([
      "a@corp.example internal allow",
      "b@other.example external block",
    ]);
    const policy = { ...rule("are: external"), internalDomains: ["*.other.example"] };
    expect(recipientsOf({ recipients: [...recipients, "c@x.other.example"], internalDomains }, policy)).toEqual([
      "a@corp.example external block",
      "b@other.example internal allow",
      "c@x.other.example internal allow",
    ]);
    expect(recipientsOf({ recipients: ["a@corp.example"], sender: "", internalDomains })).toEqual([
      "a@corp.example external block",
    ]);
  });
});

describe("a rule looks at", () => {
  const recipients = ["a@corp.example", "b@out.example", "c@in.partner.example"];

  it("external recipients unless it says otherwise", () => {
    expect(recipientsOf({ recipients }, rule(""))).toEqual([
      "a@corp.example internal allow",
      "b@out.example external block",
      "c@in.partner.example external block",
    ]);
  });

  it("internal ones, or any", () => {
    const verdicts = (are: string) =>
      recipientsOf({ recipients }, rule(`are: ${are}`)).map((line) => line.split(" ")[2]);
    expect(verdicts("internal")).toEqual(["block", "allow", "allow"]);
    expect(verdicts("any")).toEqual(["block", "block", "block"]);
  });

  it("those of some domains, or of all but some", () => {
    const verdicts = (text: string) => recipientsOf({ recipients }, rule(text)).map((line) => line.split(" ")[2]);
    expect(verdicts("domains: [OUT.example]")).toEqual(["allow", "block", "allow"]);
    expect(verdicts("exceptDomains: [partner.example]")).toEqual(["allow", "block", "block"]);
    expect(verdicts("exceptDomains: ['*.partner.example']")).toEqual(["allow", "block", "allow"]);
  });
});

describe("an alias", () => {
  const aliases = new Map([["b.alias@corp.example", ["b@corp.example", "b.alias@corp.example", "b.two@corp.example"]]]);
  const recipients = ["b.alias@corp.example", "c@corp.example"];

  it("is spared when any address of its mailbox is excepted, and is no other mailbox's", () => {
    const except = (list: string) =>
      recipientsOf({ aliases, recipients }, rule("are: any", `, except: { recipients: [${list}] }`)).map(
        (line) => line.split(" ")[2],
      );
    expect(except("b@corp.example")).toEqual(["allow", "block"]);
    expect(except("B.Two@corp.example")).toEqual(["allow", "block"]);
    expect(except("b.alias@corp.example")).toEqual(["allow", "block"]);
    expect(except("x@corp.example")).toEqual(["block", "block"]);
  });

  it("of the sender is the sender", () => {
    const known = new Map([["ann@corp.example", ["ann@corp.example", "a.alias@corp.example"]]]);
    const by = (list: string) =>
      recipientsOf({ aliases: known, recipients }, rule("are: any", `, except: { senders: [${list}] }`))[0];
    expect(by("a.alias@corp.example")).toMatch(/allow$/);
    expect(by("b.alias@corp.example")).toMatch(/block$/);
  });
});

describe("a group", () => {
  const groups = new Map([
    ["team@corp.example", ["a@corp.example", "nested@corp.example", "team@corp.example"]],
    ["nested@corp.example", ["b@corp.example", "x@out.example", "team@corp.example"]],
    ["inside@corp.example", ["a@corp.example"]],
    ["empty@corp.example", []],
  ]);

  it("with an external member anywhere below counts as external", () => {
    const recipients = ["team@corp.example", "inside@corp.example", "empty@corp.example"];
    expect(recipientsOf({ groups, recipients })).toEqual([
      "team@corp.example external block",
      "inside@corp.example internal allow",
      "empty@corp.example internal allow",
    ]);
  });

  it("tells its members inside, whose copies can be taken back", () => {
    const { internalMembers } = evaluate(
      rule("are: external"),
      facts({ groups, recipients: ["Team@corp.example", "z@out.example"] }),
      [],
    );
    expect([...internalMembers]).toEqual([["Team@corp.example", ["b@corp.example", "a@corp.example"]]]);
  });

  it("is spared when its own address is excepted, or all of its external members are", () => {
    const recipients = ["team@corp.example"];
    const verdicts = (except: string) =>
      recipientsOf({ groups, recipients }, rule("are: external", `, except: { recipients: [${except}] }`));
    expect(verdicts("team@corp.example")).toEqual(["team@corp.example external allow"]);
    expect(verdicts("x@out.example")).toEqual(["team@corp.example external allow"]);
    expect(verdicts("a@corp.example, corp.example")).toEqual(["team@corp.example external block"]);
  });
});
