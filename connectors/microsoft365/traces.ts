import type { SentTrace, TimeWindow } from "../../src/core/ports.ts";
import { messageTrace } from "./payloads.ts";
import type { Room } from "./room.ts";

/** Windows are shorter than the ten days that one query may cover: learn.microsoft.com/graph/api/messagetracingroot-list-messagetraces. */
const PAGE_SIZE = "1000";

/**
 * What transport handled in a window, one entry a message: also what no Sent Items folder ever showed. Needs
 * `ExchangeMessageTrace.Read.All`; the global cloud only.
 */
export async function readTraces(room: Room, window: TimeWindow, signal: AbortSignal): Promise<readonly SentTrace[]> {
  const call = {
    name: "message-traces",
    path: "/admin/exchange/tracing/messageTraces",
    query: {
      $filter: `receivedDateTime ge ${window.since.toISOString()} and receivedDateTime lt ${window.until.toISOString()}`,
      $top: PAGE_SIZE,
    },
    lane: "message-traces",
    missing: "PROVIDER_REFUSED" as const,
  };
  const found = new Map<string, SentTrace & { readonly recipients: string[] }>();
  for await (const page of room.graph.pages(call, messageTrace, signal)) {
    for (const { messageId, senderAddress, recipientAddress, receivedDateTime } of page.items) {
      const sender = senderAddress?.trim().toLowerCase() ?? "";
      if (!messageId || sender === "") continue;
      const key = `${sender} ${messageId}`;
      const trace = found.get(key) ?? {
        internetMessageId: messageId,
        sender,
        at: receivedDateTime ?? null,
        recipients: [],
      };
      if (recipientAddress) trace.recipients.push(recipientAddress.toLowerCase());
      found.set(key, trace);
    }
  }
  return [...found.values()];
}
