import { describe, expect, it } from "vitest";
import { importCipherMail } from "../../../src/policy/import-ciphermail.ts";
import { importGitleaks } from "../../../src/policy/import-gitleaks.ts";
import type { ImportOutcome } from "../../../src/policy/import-result.ts";
import { loadPolicy } from "../../../src/policy/load.ts";
import { vocabulary } from "./vocabulary.ts";

function read(outcome: ImportOutcome) {
  if (!outcome.ok) throw new Error(outcome.reason);
  const loaded = loadPolicy(outcome.imported.policy, "yaml", vocabulary);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const notes = outcome.imported.notes.map((note) => `${note.subject} ${note.field}: ${note.reason}`);
  return { policy: loaded.policy, notes, detectors: outcome.imported.detectors };
}

const GITLEAKS = `
title = "ours"
[extend]
useDefault = true
[allowlist]
regexes = ['''EXAMPLE''']
[[allowlists]]
targetRules = ["other"]
stopwords = ["x.y"]
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '''acme_[0-9a-f]{32}'''
keywords = ["acme_"]
entropy = 3.5
[[rules.allowlists]]
regexTarget = "line"
regexes = ['''test''']
[[rules.allowlists]]
stopwords = ["dummy"]
paths = ['''vendor''']
[[rules]]
id = "aws-access-key"
regex = '''AKIA[A-Z0-9]{16}'''
[[rules]]
id = "ahead"
regex = '''a(?=b)'''
[[rules]]
id = "files-only"
path = '''\\.pem$'''
`;

describe("a gitleaks configuration", () => {
  it("becomes detectors on the raw text and one group, with a note for all that was lost", () => {
    const { policy, notes, detectors } = read(importGitleaks(GITLEAKS, vocabulary));
    expect(detectors).toBe(2);
    expect(policy.detectors).toMatchObject([
      {
        id: "acme-token",
        description: "Acme token",
        pattern: "acme_[0-9a-f]{32}",
        text: "raw",
        exclude: [".*(?:dummy).*", ".*(?:EXAMPLE).*"],
      },
      { id: "aws-access-key-2", pattern: "AKIA[A-Z0-9]{16}", exclude: [".*(?:EXAMPLE).*"] },
    ]);
    expect(policy.groups).toEqual([{ id: "gitleaks", detectors: ["acme-token", "aws-access-key-2"] }]);
    expect(policy.rules).toEqual([]);
    expect(notes).toEqual([
      " extend: only what stands in this document is read; import the base configuration too",
      "acme-token keywords: only speed up gitleaks; the pattern alone decides here",
      "acme-token entropy: randomness is not measured: expect more matches, or narrow the pattern",
      "acme-token allowlists.regexTarget: left out: exclusions look at the value, not at its line",
      "acme-token allowlists.paths: files of a repository do not travel in mail",
      "aws-access-key id: renamed to aws-access-key-2",
      "ahead regex: left out: look-ahead is not supported",
      "files-only path: limits a rule to files of a repository; use when.attachments for attachments",
      "files-only regex: left out: there is none",
    ]);
  });

  it("that is not TOML, or not of this kind, is refused with the place", () => {
    expect(importGitleaks("title = 'x'\nrules = [", vocabulary)).toEqual({
      ok: false,
      reason: "not TOML from here on",
      line: 2,
      column: expect.any(Number),
    });
    expect(importGitleaks("[[rules]]\nregex = 3", vocabulary)).toEqual({
      ok: false,
      reason: "rules[0].regex: expected text, found 3; write it in quotes",
    });
    expect(importGitleaks("rules = 'x'", vocabulary)).toEqual({
      ok: false,
      reason: 'rules: expected a list, found "x"',
    });
  });
});

const TABLE = `Name;Description;Regular expression;Threshold;Validator;Action;Match Filter;Delay evaluation;Group;Owner
My first pattern;;"confidential|secret";0;;Must Encrypt;;;words;
My first pattern;Again;"a;b ""c""";5;BSN;Block;Mask;enabled;words;Ann
Odd;;x;many;unknown;Explode;Blur;;;
Bad;;a(?=b);0;;Warn;;;;
Empty;;;0;;Warn;;;;
`;

describe("a CipherMail pattern list", () => {
  it("becomes a detector and a rule for each pattern, with a note for all that was lost", () => {
    const { policy, notes } = read(importCipherMail(TABLE, vocabulary));
    expect(policy.detectors).toMatchObject([
      { id: "my-first-pattern", description: "My first pattern", pattern: "confidential|secret", mask: "none" },
      { id: "my-first-pattern-2", description: "Again", pattern: 'a;b "c"', validator: "bsn", mask: "full" },
      { id: "odd", pattern: "x", mask: "keep-last-4" },
    ]);
    expect(policy.groups).toEqual([{ id: "words", detectors: ["my-first-pattern", "my-first-pattern-2"] }]);
    expect(policy.rules.map((rule) => [rule.id, rule.action, rule.delayEvaluation, rule.when.detectors])).toEqual([
      [
        "my-first-pattern-out",
        "must-encrypt",
        false,
        [{ detectors: ["my-first-pattern"], threshold: 0, confidence: "low", count: "all" }],
      ],
      [
        "my-first-pattern-2-out",
        "block",
        true,
        [{ detectors: ["my-first-pattern-2"], threshold: 5, confidence: "low", count: "all" }],
      ],
      ["odd-out", "warn", false, [{ detectors: ["odd"], threshold: 0, confidence: "low", count: "all" }]],
    ]);
    expect(notes).toEqual([
      "My first pattern owner: has no counterpart",
      'Odd validator: there is no validator "unknown"',
      'Odd match filter: there is no mask "Blur"; the default holds',
      'Odd action: there is no action "Explode"; the rule warns',
      'Odd threshold: "many" is no whole number; 0 holds',
      "Bad regular expression: left out: look-ahead is not supported",
      "Empty regular expression: left out: there is none",
    ]);
  });

  it("may be JSON or YAML, with names as programs write them", () => {
    const list = [{ name: "A b", regularExpression: "x+", threshold: 2, action: "quarantine", delayEvaluation: true }];
    const json = read(importCipherMail(JSON.stringify({ patterns: list }), vocabulary)).policy;
    const yaml = read(importCipherMail("- name: A b\n  regular_expression: x+\n  action: warn\n", vocabulary)).policy;
    expect(json.rules).toMatchObject([{ id: "a-b-out", action: "quarantine", delayEvaluation: true }]);
    expect(yaml.detectors).toMatchObject([{ id: "a-b", pattern: "x+" }]);
  });

  it("that is something else is refused", () => {
    for (const source of ["", "hello", "{}", "- 1", "Name,Colour\nA,red"]) {
      expect(importCipherMail(source, vocabulary)).toEqual({
        ok: false,
        reason: "expected a CSV table with a header, or a list of patterns",
      });
    }
  });

  it("that breaks off is refused with the place", () => {
    expect(importCipherMail('- name: A\n  regex: "x\n', vocabulary)).toEqual({
      ok: false,
      reason: "neither YAML nor JSON from here on",
      line: expect.any(Number),
      column: expect.any(Number),
    });
    expect(importCipherMail('Name,Regex\nA,x\nB,"y\n', vocabulary)).toMatchObject({
      reason: "no table row from here on",
      line: 3,
    });
  });
});
