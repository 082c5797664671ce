import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAddresses } from "../../../src/extract/mime/addresses.ts";

const addresses = (raw: string) =>
  readAddresses(raw)
    .map(({ address }) => address)
    .filter((address) => address !== "");

describe("an address list", () => {
  it.each([
    ['"clear@partner.example >>=clear"@partner.example', ['"clear@partner.example >>=clear"@partner.example']],
    ['a@x.example, "b c"@x.example, =?utf-8?Q?J=C3=BC?= <d@x.example>, undisclosed: ;', undefined],
    ['<"a:b"@x.example>', ['"a:b"@x.example']],
    ["<@relay.example,@two.example:c@x.example>", ["c@x.example"]],
    ["<smtp:a@x.example>", ["a@x.example"]],
    ['"a"."b c"@x.example', ['"a"."b c"@x.example']],
    ["a . b @ x.example", ["a.b@x.example"]],
    ['"a b" @ x.example', ['"a b"@x.example']],
    ["a@x.example b@x.example", ["a@x.example", "b@x.example"]],
    ["Bob Bee bob@x.example", ["bob@x.example"]],
    ["Bob <a@x.example> <b@x.example>", ["a@x.example", "b@x.example"]],
    ['"bob@x.example"', ["bob@x.example"]],
    ['"ann@corp.example" <bob@x.example>', ["bob@x.example"]],
    ["bob@x.example (a (nested, one) <c@x.example>)", ["bob@x.example"]],
    ["a@[IPv6:2001:db8::1]", ["a@[ipv6:2001:db8::1]"]],
  ])("%j holds its addresses", (raw, expected) => {
    expect(addresses(raw)).toEqual(expected ?? ["a@x.example", '"b c"@x.example', "d@x.example"]);
  });

  it.each([
    ['"x|y=z\\" <robin@corp.example>', ["robin@corp.example"]],
    ['"abc <a@x.example>, "Bob" <b@x.example>', ["a@x.example", "b@x.example"]],
    ['"a b"@x.example, "y <c@x.example>', ['"a b"@x.example', "c@x.example"]],
    ["Ann <a@x.example, b@x.example", ["a@x.example", "b@x.example"]],
    ["Ann (work <a@x.example>, Bob <b@x.example>", ["a@x.example", "b@x.example"]],
    ['<"a@x.example>, b@x.example', ["a@x.example", "b@x.example"]],
  ])("%j, in which something does not close, loses nobody", (raw, expected) => {
    expect(addresses(raw)).toEqual(expected);
  });

  it.each([
    ["Card 4111 <a@x.example>", "Card 4111"],
    ["Card 4111: a@x.example;", "Card 4111"],
    ["a@x.example (Card 4111)", "Card 4111"],
    ["(Card 4111)", "Card 4111"],
    ["<Card 4111>", "Card 4111"],
    ["Card 4111 a@x.example", "Card 4111"],
    ['"Card 4111" a@x.example', "Card 4111"],
    ['"Card 4111 <a@x.example>', "Card 4111"],
  ])("%j shows its name", (raw, name) => {
    expect(
      readAddresses(raw)
        .map(({ display }) => display)
        .join(""),
    ).toBe(name);
  });

  it("gives back any quoted local part that was written into it", () => {
    const local = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 20 });
    const lists = fc.array(local, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lists, fc.boolean(), (locals, angle) => {
        const quoted = locals.map((text) => `"${text.replace(/(["\\])/g, "\\$1")} x"@x.example`);
        const raw = quoted.map((text) => (angle ? `Name <${text}>` : text)).join(", ");
        expect(addresses(raw)).toEqual(quoted.map((text) => text.toLowerCase()));
      }),
    );
  });

  it("loses no plain address beside anything that opens and never closes", () => {
    const noise = fc.string({
      unit: fc.constantFrom('"', "<", "(", "\\", ",", ";", ">", ")", " ", "a"),
      maxLength: 12,
    });
    fc.assert(
      fc.property(noise, (before) => {
        // Where the noise is closed by itself, it may be a comment or name around the address; after it, it is one.
        const found = readAddresses(`${before}, <b@x.example>`);
        const text = found.map(({ address, display }) => `${display} ${address}`).join(" ");
        expect(text).toContain("b@x.example");
      }),
      { numRuns: 500 },
    );
  });

  it.each(['<"(', '"\\', "(", "<", "a@", " ", '""', "<>", "()", "@ ", ' "'])(
    "of %j, many times, takes no longer than its length allows",
    (piece) => {
      const started = performance.now();
      readAddresses(`${piece.repeat(30_000)}a@x.example`);
      expect(performance.now() - started).toBeLessThan(1_000);
    },
  );
});
