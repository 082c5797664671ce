import type { PolicyFault } from "../policy/load.ts";
import type { ApiClient } from "./api-client.ts";
import { lately, wouldHaveActed } from "./policy-past.ts";
import type { Print } from "./print.ts";

export interface EditTools {
  readonly client: ApiClient;
  readonly out: Print;
  readonly err: Print;
}

export interface PatternOptions {
  readonly action: string;
  readonly description?: string;
  readonly threshold?: number;
  readonly validator?: string;
  readonly mask?: string;
  readonly delayEvaluation?: boolean;
}

/** Adds a pattern together with a rule of the same name: what must be found, and what follows. */
export async function addPattern(
  name: string,
  pattern: string,
  options: PatternOptions,
  tools: EditTools,
): Promise<0 | 2> {
  const { action, description, threshold, validator, mask, delayEvaluation } = options;
  const detector = present({ pattern, description, validator, mask });
  const condition = { detector: name, ...present({ threshold }) };
  const rule = { when: { detectors: [condition] }, action, ...present({ description, delayEvaluation }) };
  if (!(await send("PUT", `/api/v1/detectors/${encodeURIComponent(name)}`, detector, tools))) return 2;
  if (!(await send("PUT", `/api/v1/rules/${encodeURIComponent(name)}`, rule, tools))) return 2;
  tools.out(`${name} is there; it does nothing until it is selected: postern policy select ${name}`);
  return 0;
}

/** Selects rules for a scope, after saying what they would have done in the last seven days. */
export async function selectRules(rules: readonly string[], scope: string, tools: EditTools): Promise<0 | 2> {
  const outcome = await lately({ change: { scope, select: rules } }, tools.client);
  if (!outcome.ok) return refused(outcome.faults, tools.err);
  for (const rule of rules) tools.out(wouldHaveActed(rule, outcome.past));
  return changeScope({ scope, select: rules }, tools);
}

export function deselectRules(rules: readonly string[], scope: string, tools: EditTools): Promise<0 | 2> {
  return changeScope({ scope, deselect: rules }, tools);
}

/** Sets one setting of a scope; without a value the scope inherits it again. */
export function setSetting(name: string, value: string | undefined, scope: string, tools: EditTools): Promise<0 | 2> {
  return changeScope({ scope, settings: { [name]: value === undefined ? null : settingValue(name, value) } }, tools);
}

export async function resumeRule(rule: string, { client, out }: EditTools): Promise<0> {
  client.expect(await client.call("POST", `/api/v1/rules/${encodeURIComponent(rule)}/resume`), 200);
  out(`${rule} acts again`);
  return 0;
}

async function changeScope(change: object, tools: EditTools): Promise<0 | 2> {
  const applied = await send("PATCH", "/api/v1/settings", change, tools);
  if (!applied) return 2;
  tools.out(`policy ${applied.revision} is running`);
  return 0;
}

/** Undefined after faults were printed. */
async function send(
  method: string,
  path: string,
  body: object,
  { client, err }: EditTools,
): Promise<{ readonly revision: string } | undefined> {
  const answer = await client.call(method, path, json(body));
  if (answer.status === 422) {
    refused((answer.json as { readonly faults: readonly PolicyFault[] }).faults, err);
    return undefined;
  }
  return client.expect(answer, 200) as { readonly revision: string };
}

function refused(faults: readonly PolicyFault[], err: Print): 2 {
  for (const { path, reason } of faults) err(`${path}: ${reason}`);
  return 2;
}

function json(body: object): { readonly text: string; readonly contentType: string } {
  return { text: JSON.stringify(body), contentType: "application/json" };
}

/** Settings that are lists of addresses. */
const LISTS: ReadonlySet<string> = new Set(["dlp.managers", "dlp.manager-fallback"]);

/** `true`, `20`, `["a"]` as JSON; managers as a list with commas. */
function settingValue(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return LISTS.has(name) ? text.split(",").map((entry) => entry.trim()) : text;
  }
}

function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
