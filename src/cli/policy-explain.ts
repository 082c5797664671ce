import type { ApiClient } from "./api-client.ts";
import type { Print } from "./print.ts";

/** What holds for a sender, with the scope that each value comes from. */
export interface Effective {
  readonly sender: string;
  readonly settings: Readonly<Record<string, { readonly value: unknown; readonly origin: string }>>;
  readonly rules: {
    readonly origin: string;
    readonly items: readonly {
      readonly id: string;
      readonly description: string;
      readonly action: string;
      readonly monitor: boolean;
    }[];
  };
}

/** Asks the running service. */
export async function fetchEffective(sender: string, client: ApiClient): Promise<Effective> {
  const answer = await client.call("GET", `/api/v1/settings/effective?sender=${encodeURIComponent(sender)}`);
  return client.expect(answer, 200) as Effective;
}

/** One line a setting: name, value, origin; then the rules in the order in which they were selected. */
export function printEffective({ sender, settings, rules }: Effective, out: Print): void {
  out(`sender\t${sender}`);
  for (const [name, { value, origin }] of Object.entries(settings))
    out(`${name}\t${Array.isArray(value) ? value.join(",") : String(value)}\t${origin}`);
  out(`rules\t${rules.items.length}\t${rules.origin}`);
  for (const { id, action, monitor, description } of rules.items)
    out(`  ${id}\t${action}${monitor ? " (monitor only)" : ""}\t${description}`);
}
