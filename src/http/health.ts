import type { FastifyInstance } from "fastify";

export interface HealthDependencies {
  /** What readiness depends on, by name; each rejects when it is not there. */
  readonly dependencies: Readonly<Record<string, () => Promise<void>>>;
  /** The metrics page in the Prometheus text format. */
  readonly metricsPage: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

/** A dependency that has not answered by then counts as away. */
const PROBE_MS = 2_000;

/** Probes: `/healthz` = the process works, `/readyz` = what it needs is there (503 names what is not). */
export function registerHealth(server: FastifyInstance, { dependencies, metricsPage }: HealthDependencies): void {
  server.get("/healthz", { schema: { hide: true } }, async () => ({ status: "ok" }));
  server.get("/readyz", { schema: { hide: true } }, async (_request, reply) => {
    const states = await Promise.all(
      Object.entries(dependencies).map(
        async ([name, probe]) => [name, (await answers(probe)) ? "ok" : "unavailable"] as const,
      ),
    );
    const ready = states.every(([, state]) => state === "ok");
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? "ok" : "unavailable", dependencies: Object.fromEntries(states) });
  });
  server.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
    const page = await metricsPage();
    return reply.type(page.contentType).send(page.body);
  });
}

async function answers(probe: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_MS);
  });
  const answer = probe().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
