import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "../core/ports.ts";

/** Every metric of the service: name → what it counts and by which labels. No label carries an address or content. */
const COUNTERS: Readonly<Record<string, { readonly help: string; readonly labels: readonly string[] }>> = {
  postern_notifications_total: { help: "Hints received from providers", labels: ["provider"] },
  postern_notifications_refused_total: {
    help: "Hints and pushes that were dropped, by reason",
    labels: ["reason", "provider"],
  },
  postern_verdicts_total: { help: "Messages decided", labels: ["verdict", "stage"] },
  postern_actions_total: { help: "Actions finished", labels: ["kind", "state"] },
  postern_dead_letters_total: { help: "Messages given up", labels: ["reason"] },
  postern_backfill_messages_total: { help: "Past messages taken up by backfills", labels: ["outcome"] },
  postern_child_deaths_total: { help: "Reading processes that were killed or died", labels: ["reason"] },
  postern_provider_requests_total: { help: "Calls to provider APIs", labels: ["provider", "call", "status"] },
  postern_provider_throttled_total: { help: "Calls that a provider throttled", labels: ["provider"] },
  postern_provider_pull_dropped_total: { help: "Pulled notifications that could not be read", labels: ["reason"] },
};

export interface MetricsPage {
  readonly metrics: Metrics;
  readonly page: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

/** `ledger` and `depths` are read when the page is asked for. */
export function openMetrics(gauges: () => Promise<Readonly<Record<string, number>>>): MetricsPage {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  for (const [name, { help, labels }] of Object.entries(COUNTERS))
    counters.set(name, new Counter({ name, help, labelNames: [...labels], registers: [registry] }));
  const state = new Gauge({
    name: "postern_ledger",
    help: "Accepted messages by where they ended",
    labelNames: ["state"],
    registers: [registry],
  });

  const metrics: Metrics = {
    count(name, labels = {}, by = 1) {
      let counter = counters.get(name);
      if (!counter) {
        counter = new Counter({ name, help: name, labelNames: Object.keys(labels), registers: [registry] });
        counters.set(name, counter);
      }
      counter.inc(labels, by);
    },
    observe(name, seconds, labels = {}) {
      let histogram = histograms.get(name);
      if (!histogram) {
        histogram = new Histogram({ name, help: name, labelNames: Object.keys(labels), registers: [registry] });
        histograms.set(name, histogram);
      }
      histogram.observe(labels, seconds);
    },
  };
  return {
    metrics,
    async page() {
      for (const [name, value] of Object.entries(await gauges().catch(() => ({})))) state.set({ state: name }, value);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
