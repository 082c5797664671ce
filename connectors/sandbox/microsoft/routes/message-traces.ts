import type { Route } from "../call.ts";
import { GraphError } from "../graph-error.ts";
import { graphTime } from "../message-json.ts";
import { filterOf, page } from "../query.ts";

/** The message trace: one line for each recipient of each message that transport handled. */
export function messageTraceRoutes(): readonly Route[] {
  return [
    {
      method: "GET",
      path: "admin/exchange/tracing/messageTraces",
      roles: ["ExchangeMessageTrace.Read.All"],
      handle: async (call) => {
        if (!call.tenant.quirks.globalCloud)
          throw new GraphError(404, "UnsupportedApi", "Not available in this cloud.");
        const passes = filterOf(call);
        const traces = call.tenant.traces
          .map((trace) => ({
            id: trace.networkMessageId,
            messageId: trace.internetMessageId,
            senderAddress: trace.from,
            recipientAddress: trace.to,
            subject: trace.subject,
            size: trace.size,
            status: "delivered",
            receivedDateTime: graphTime(trace.at),
          }))
          .filter(passes);
        return { status: 200, body: await page(call, traces, (trace) => trace, 1000) };
      },
    },
  ];
}
