import { compact } from "../../src/detect/detector.ts";
import { validators } from "../../src/detect/validators/registry.ts";
import type { Kind } from "./kinds.ts";
import { CAPITALS, DIGITS, type Random } from "./random.ts";

/** Enough for checks that one of a thousand passes. */
const MAX_TRIES = 200_000;

/** A fresh value that its validator accepts, in one of the kind's written forms. */
export function validValue(kind: Kind, random: Random): string {
  const form = random.pick(kind.forms);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const value = fill(form, random);
    if (isValid(kind, value)) return value;
  }
  throw new Error(`no ${kind.detector} of the form ${form} found`);
}

/** The value with one digit changed, or two neighbours swapped, so that its validator refuses it. */
export function nearMiss(kind: Kind, value: string, random: Random, how: "changed" | "swapped"): string | undefined {
  for (let tries = 0; tries < 200; tries++) {
    const at = random.below(value.length);
    const next = how === "swapped" ? at + 1 : at;
    if (!/[0-9]/.test(value.charAt(at)) || !/[0-9]/.test(value.charAt(next))) continue;
    const changed =
      how === "swapped"
        ? value.slice(0, at) + value.charAt(next) + value.charAt(at) + value.slice(next + 1)
        : value.slice(0, at) + random.pick([...DIGITS]) + value.slice(at + 1);
    if (changed !== value && !isValid(kind, changed)) return changed;
  }
  return undefined;
}

function isValid(kind: Kind, value: string): boolean {
  return validators.get(kind.validator)?.check(compact(value)) ?? false;
}

function fill(form: string, random: Random): string {
  const two = (most: number): string => String(1 + random.below(most)).padStart(2, "0");
  return form
    .replaceAll("DD", two(28))
    .replaceAll("MM", two(12))
    .replaceAll("YY", String(40 + random.below(60)))
    .replace(/#/g, () => random.text(DIGITS, 1))
    .replace(/@/g, () => random.text(CAPITALS, 1));
}
