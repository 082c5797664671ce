import { describe, expect, it } from "vitest";
import { CALLS } from "../../../connectors/google-workspace/calls.ts";
import { SCOPES } from "../../../connectors/google-workspace/scopes.ts";
import { googleDocument, hasGoogleSpecs } from "../../support/google-spec.ts";

describe("the calls", () => {
  it.skipIf(!hasGoogleSpecs)("ask only for scopes that Google's descriptions list (needs POSTERN_SPECS)", () => {
    const methods = [...googleDocument("gmail").methods, ...googleDocument("admin").methods];
    for (const [name, { job }] of Object.entries(CALLS)) {
      // Pub/Sub's description is not at hand.
      if (name.startsWith("pubsub.")) continue;
      const allowed = methods.find(({ id }) => id === name)?.scopes ?? [];
      expect([name, SCOPES[job].filter((scope) => !allowed.includes(scope))]).toEqual([name, []]);
    }
  });

  it("never ask for the metadata scope where content or a search is needed", () => {
    const needContent = ["gmail.users.messages.list", "gmail.users.messages.get"] as const;
    for (const name of needContent) expect(SCOPES[CALLS[name].job].join()).not.toContain("metadata");
  });

  it("are repeated only where a repeat changes nothing more", () => {
    expect(Object.entries(CALLS).filter(([, { repeatable }]) => !repeatable)).toMatchObject([
      ["gmail.users.messages.send", {}],
      ["gmail.users.messages.insert", {}],
    ]);
  });
});
