import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACTION_KINDS } from "../../../src/core/action.ts";
import type { Settings } from "../../../src/core/policy.ts";
import { type RecipientVerdict, strictest, VERDICTS } from "../../../src/core/verdict.ts";
import { directoryFacts } from "../../../src/pipeline/directory-facts.ts";
import { type PlanInput, plan } from "../../../src/pipeline/plan.ts";
import { DEFAULT_SETTINGS } from "../../../src/policy/settings.ts";

/** Nobody is told of anything, unless a test says so. */
const settings = (change: Partial<Settings>): Settings => ({
  ...(Object.fromEntries(
    Object.entries(DEFAULT_SETTINGS).map(([name, value]) => [name, /^notify\.\w+\.\w+$/.test(name) ? false : value]),
  ) as Settings),
  ...change,
});
const mailbox = (address: string, manager: string | null = null) => ({
  address,
  userId: address,
  aliases: [address.replace("@", ".alias@")],
  displayName: address,
  manager,
  usable: true,
});
const directory = directoryFacts(
  ["corp.example"],
  [
    mailbox("ann@corp.example", "boss@corp.example"),
    mailbox("bob@corp.example"),
    mailbox("boss@corp.example", "boss@corp.example"),
  ],
  [{ address: "all@corp.example", aliases: [], members: ["bob@corp.example", "guest@out.example"] }],
);
const recipient = (
  address: string,
  verdict: RecipientVerdict["verdict"],
  external = !address.endsWith("@corp.example"),
): RecipientVerdict => ({
  address,
  external,
  verdict,
  rules: [],
});
const input = (recipients: readonly RecipientVerdict[], change: Partial<PlanInput> = {}): PlanInput => ({
  identity: "one",
  sender: "ann@corp.example",
  stage: "sent",
  verdict: strictest(recipients.map((each) => each.verdict)),
  recipients,
  failed: false,
  encrypted: false,
  settings: settings({}),
  mode: "respond",
  can: new Set(["label", "quarantine", "recall", "notify", "restore", "purge"]),
  directory,
  canNotify: true,
  ...change,
});
/** What a provider can do with mail that was not sent yet, and with sent mail. */
const UNSENT = new Set(["hold", "return-to-sender", "label", "quarantine", "recall", "notify"] as const);
const lines = (planned: PlanInput) =>
  plan(planned).actions.map(({ kind, target, state, reason }) =>
    [kind, target, state === "planned" ? "planned" : reason].join(" "),
  );

describe("plan", () => {
  it("does nothing about allowed mail", () => {
    expect(plan(input([recipient("x@out.example", "allow")]))).toEqual({ actions: [], quarantine: null });
  });

  it("takes back the copies of those whose own verdict asks for it, and leaves the others theirs", () => {
    const planned = input([
      recipient("bob@corp.example", "allow"),
      recipient("boss@corp.example", "quarantine"),
      recipient("x@out.example", "block"),
    ]);
    expect(lines(planned)).toEqual([
      "quarantine ann@corp.example planned",
      "recall boss@corp.example planned",
      "recall x@out.example external-recipient",
    ]);
    expect(plan(planned).quarantine).toEqual({ final: true });
  });

  it("takes a group's copies back from its members inside, and names those outside", () => {
    expect(lines(input([recipient("all@corp.example", "quarantine", true)]))).toEqual([
      "quarantine ann@corp.example planned",
      "recall bob@corp.example planned",
      "recall guest@out.example external-recipient",
    ]);
  });

  it("finds the mailbox behind an alias and a tag, once", () => {
    const aliases = ["bob@corp.example", "bob.alias@corp.example", "bob+x@corp.example"].map((address) =>
      recipient(address, "block"),
    );
    expect(lines(input(aliases))).toEqual(["quarantine ann@corp.example planned", "recall bob@corp.example planned"]);
  });

  it("says when an inside address has no mailbox", () => {
    expect(lines(input([recipient("nobody@corp.example", "block")]))).toContain(
      "recall nobody@corp.example mailbox-not-found",
    );
  });

  it("tells each person once, the sender as such even when he is a manager", () => {
    const told = settings({
      "notify.block.originator": true,
      "notify.block.managers": true,
      "dlp.managers": ["ann@corp.example", "manager-of-sender", "boss@corp.example", "dlp@corp.example"],
    });
    const notices = plan(input([recipient("x@out.example", "block")], { settings: told })).actions.filter(
      (action) => action.kind === "notify",
    );
    expect(notices.map(({ target, input: details }) => [target, details.audience])).toEqual([
      ["ann@corp.example", "originator"],
      ["boss@corp.example", "managers"],
      ["dlp@corp.example", "managers"],
    ]);
  });

  it("says that nobody is known as the sender's manager", () => {
    const told = settings({ "notify.block.managers": true, "dlp.managers": ["manager-of-sender"] });
    expect(
      lines(input([recipient("x@out.example", "block")], { settings: told, sender: "bob@corp.example" })),
    ).toContain("notify manager-of-sender no-manager-in-directory");
  });

  it("lets the allowed recipients have what waits in the Outbox, and nobody have a draft", () => {
    const recipients = [
      recipient("x@out.example", "quarantine"),
      recipient("y@partner.example", "allow"),
      recipient("z@partner.example", "warn"),
    ];
    const can = new Set([...UNSENT, "send-allowed"] as const);
    const { actions } = plan(input(recipients, { stage: "outbox", can }));
    expect(actions.map(({ kind, state, input: details }) => [kind, state, details.recipients])).toEqual([
      ["hold", "planned", undefined],
      ["send-allowed", "planned", ["y@partner.example", "z@partner.example"]],
    ]);
    expect(lines(input(recipients, { stage: "draft", can }))).toEqual(["hold ann@corp.example planned"]);
    expect(lines(input(recipients.slice(0, 1), { stage: "outbox", can }))).toEqual(["hold ann@corp.example planned"]);
  });

  it("tells the fallback where the directory knows no manager, or says that a person is his own", () => {
    const told = settings({
      "notify.block.managers": true,
      "dlp.managers": ["manager-of-sender"],
      "dlp.manager-fallback": ["dlp@corp.example"],
    });
    const notified = (sender: string) =>
      lines(input([recipient("x@out.example", "block")], { settings: told, sender })).filter((line) =>
        line.startsWith("notify"),
      );
    expect(notified("bob@corp.example")).toEqual(["notify dlp@corp.example planned"]);
    expect(notified("boss@corp.example")).toEqual(["notify dlp@corp.example planned"]);
    expect(notified("ann@corp.example")).toEqual(["notify boss@corp.example planned"]);
  });

  it("tells a manager once who is listed twice, in another case or by an alias", () => {
    const told = settings({
      "notify.block.originator": false,
      "notify.block.managers": true,
      "dlp.managers": ["Bob@corp.example", "bob.alias@corp.example", "bob@corp.example"],
    });
    expect(lines(input([recipient("x@out.example", "block")], { settings: told })).join()).toMatch(
      /^(?!.*notify.*notify).*notify Bob@corp.example planned/,
    );
  });

  it.each([
    [
      true,
      { final: false },
      [
        "encrypt ann@corp.example clear-mail-already-sent",
        "quarantine ann@corp.example planned",
        "recall x@out.example external-recipient",
      ],
    ],
    [false, null, ["encrypt ann@corp.example clear-mail-already-sent", "label ann@corp.example planned"]],
  ])(
    "treats clear mail that had to be encrypted by quarantine.on-failed-encryption: %s",
    (on, quarantine, expected) => {
      const planned = input([recipient("x@out.example", "must-encrypt")], {
        settings: settings({ "quarantine.on-failed-encryption": on }),
      });
      expect(plan(planned).quarantine).toEqual(quarantine);
      expect(lines(planned)).toEqual(expected);
    },
  );

  it("is content with mail that is encrypted already", () => {
    expect(lines(input([recipient("x@out.example", "must-encrypt")], { encrypted: true }))).toEqual([]);
  });

  it.each([
    [true, { final: false }, ["hold ann@corp.example planned"]],
    [false, null, ["hold ann@corp.example planned", "return-to-sender ann@corp.example planned"]],
  ])(
    "does not let clear mail leave that nobody can encrypt; quarantine.on-failed-encryption: %s",
    (on, quarantine, expected) => {
      const planned = input([recipient("x@out.example", "must-encrypt")], {
        stage: "outbox",
        can: UNSENT,
        settings: settings({ "quarantine.on-failed-encryption": on }),
      });
      expect(plan(planned).quarantine).toEqual(quarantine);
      expect(lines(planned)).toEqual(["encrypt ann@corp.example not-supported-by-provider", ...expected]);
    },
  );

  it.each([
    ["draft", ["not-supported-by-provider", "hold ann@corp.example planned"]],
    [
      "sent",
      ["clear-mail-already-sent", "quarantine ann@corp.example planned", "recall x@out.example external-recipient"],
    ],
  ] as const)("shows at %s why a rule acts that acts only where nobody encrypts", (stage, [reason, ...expected]) => {
    const planned = input([recipient("x@out.example", "quarantine")], { stage, can: UNSENT, delayed: true });
    expect(lines(planned)).toEqual([`encrypt ann@corp.example ${reason}`, ...expected]);
  });

  it("labels a blocked draft that it returns, so that its sender sees why it did not leave", () => {
    const planned = input([recipient("x@out.example", "block")], { stage: "draft", can: UNSENT });
    expect(plan(planned).actions).toMatchObject([
      { kind: "hold", step: 1 },
      { kind: "return-to-sender", step: 2, input: { name: "DLP: blocked", color: "red" } },
    ]);
  });

  it("holds what could not be read only where the settings say so", () => {
    const failed = { failed: true, verdict: "allow" } as const;
    expect(
      lines(
        input([recipient("bob@corp.example", "allow")], {
          ...failed,
          settings: settings({ "quarantine.on-error": false }),
        }),
      ),
    ).toEqual([]);
    expect(
      lines(
        input([recipient("bob@corp.example", "allow")], {
          ...failed,
          settings: settings({ "quarantine.on-error": true }),
        }),
      ),
    ).toEqual(["quarantine ann@corp.example planned", "recall bob@corp.example planned"]);
  });

  it("observes without doing anything, and says so of each action", () => {
    const planned = plan(input([recipient("bob@corp.example", "block")], { mode: "observe" }));
    expect(planned.actions.map((action) => [action.state, action.reason])).toEqual([
      ["not-possible", "observe-mode"],
      ["not-possible", "observe-mode"],
    ]);
  });

  it("gives the same ids for the same plan, and never plans what the provider cannot do", () => {
    const verdicts = fc.array(
      fc.record({
        name: fc.constantFrom("bob@corp.example", "all@corp.example", "x@out.example", "boss@corp.example"),
        verdict: fc.constantFrom(...VERDICTS),
      }),
    );
    fc.assert(
      fc.property(verdicts, fc.subarray([...ACTION_KINDS]), fc.boolean(), (given, can, failed) => {
        const planned = input(
          given.map(({ name, verdict }) => recipient(name, verdict)),
          { can: new Set(can), failed },
        );
        const first = plan(planned);
        expect(plan(planned)).toEqual(first);
        expect(new Set(first.actions.map((action) => action.id)).size).toBe(first.actions.length);
        for (const action of first.actions) if (action.state === "planned") expect(can).toContain(action.kind);
      }),
    );
  });
});
