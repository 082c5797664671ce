import type { PolicyFault } from "../policy/load.ts";
import type { ApiClient } from "./api-client.ts";
import type { Print } from "./print.ts";

/** One word a line. */
export async function printSkipList(client: ApiClient, out: Print): Promise<0> {
  const { words } = client.expect(await client.call("GET", "/api/v1/skip-list"), 200) as {
    readonly words: readonly string[];
  };
  for (const word of words) out(word);
  return 0;
}

/** Replaces the words left out before matching. 0 done, 2 when a word cannot be one. */
export async function replaceSkipList(
  words: "default" | readonly string[],
  client: ApiClient,
  out: Print,
  err: Print,
): Promise<0 | 2> {
  const body = { text: JSON.stringify({ words }), contentType: "application/json" };
  const answer = await client.call("PUT", "/api/v1/skip-list", body);
  if (answer.status === 422) {
    for (const { reason } of (answer.json as { readonly faults: readonly PolicyFault[] }).faults) err(reason);
    return 2;
  }
  const { revision } = client.expect(answer, 200) as { readonly revision: string };
  out(`policy ${revision} is running`);
  return 0;
}
