import {
  addPattern,
  deselectRules,
  type EditTools,
  type PatternOptions,
  resumeRule,
  selectRules,
  setSetting,
} from "../cli/policy-edit.ts";
import { printHistory, rollBack } from "../cli/policy-history.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { serviceClient } from "./service-client.ts";

export function add(name: string, pattern: string, options: PatternOptions): Promise<0 | 2> {
  return addPattern(name, pattern, options, tools());
}

export function select(rules: readonly string[], scope: string): Promise<0 | 2> {
  return selectRules(rules, scope, tools());
}

export function deselect(rules: readonly string[], scope: string): Promise<0 | 2> {
  return deselectRules(rules, scope, tools());
}

/** @param value undefined: the scope inherits again */
export function set(name: string, value: string | undefined, scope: string): Promise<0 | 2> {
  return setSetting(name, value, scope, tools());
}

export function resume(rule: string): Promise<0> {
  return resumeRule(rule, tools());
}

export function history(limit: number): Promise<0> {
  return printHistory(limit, serviceClient(), outputLine);
}

export function rollback(revision: string | undefined): Promise<0> {
  return rollBack(revision, serviceClient(), outputLine);
}

function tools(): EditTools {
  return { client: serviceClient(), out: outputLine, err: errorLine };
}
