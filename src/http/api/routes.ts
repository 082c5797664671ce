import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { type AuditRouteDependencies, registerAudit } from "./audit.ts";
import { keepAuditTrail } from "./audit-trail.ts";
import { type BackfillRouteDependencies, registerBackfills } from "./backfills.ts";
import { type CoverageRouteDependencies, registerCoverage } from "./coverage.ts";
import { type DetectorGroupRouteDependencies, registerDetectorGroups } from "./detector-groups.ts";
import { type DetectorRouteDependencies, registerDetectors } from "./detectors.ts";
import { type KnownDataDependencies, registerExactData } from "./exact-data.ts";
import { type ExportJobRouteDependencies, registerExportJobs } from "./export-jobs.ts";
import { registerExportRuns } from "./export-jobs-runs.ts";
import { registerFingerprints } from "./fingerprints.ts";
import { type MessageRouteDependencies, registerMessages } from "./messages.ts";
import { type PatternTrialDependencies, registerPatternTrials } from "./pattern-trials.ts";
import { type PolicyRouteDependencies, registerPolicy } from "./policy.ts";
import { registerPolicyHistory } from "./policy-history.ts";
import { type QuarantineRouteDependencies, registerQuarantine } from "./quarantine.ts";
import { type RuleRouteDependencies, registerRules } from "./rules.ts";
import { registerScan, type ScanRouteDependencies } from "./scan.ts";
import { registerSettings } from "./settings.ts";
import { registerSimulations, type SimulationRouteDependencies } from "./simulations.ts";
import { registerSkipList, type SkipListDependencies } from "./skip-list.ts";
import { registerTenants, type TenantRouteDependencies } from "./tenants.ts";
import type { TypedServer } from "./typed-server.ts";

export interface ApiDependencies
  extends MessageRouteDependencies,
    AuditRouteDependencies,
    BackfillRouteDependencies,
    CoverageRouteDependencies,
    DetectorGroupRouteDependencies,
    DetectorRouteDependencies,
    ExportJobRouteDependencies,
    KnownDataDependencies,
    PatternTrialDependencies,
    PolicyRouteDependencies,
    QuarantineRouteDependencies,
    RuleRouteDependencies,
    ScanRouteDependencies,
    SimulationRouteDependencies,
    SkipListDependencies,
    TenantRouteDependencies {}

/** `/api/v1`: every route has schemas, so that the OpenAPI document is complete by itself. */
export function registerApi(server: FastifyInstance, dependencies: ApiDependencies): void {
  server.removeContentTypeParser("text/plain");
  acceptEmptyJson(server);
  keepAuditTrail(server, dependencies.events);
  const typed = server.withTypeProvider<ZodTypeProvider>();
  registerTenants(typed, dependencies);
  registerCoverage(typed, dependencies);
  registerPolicy(typed, dependencies);
  registerPolicyHistory(typed, dependencies);
  registerDetectors(typed, dependencies);
  registerDetectorGroups(typed, dependencies);
  registerRules(typed, dependencies);
  registerPatternTrials(typed, dependencies);
  registerSettings(typed, dependencies);
  registerSimulations(typed, dependencies);
  registerSkipList(typed, dependencies);
  registerMessages(typed, dependencies);
  registerQuarantine(typed, dependencies);
  // A scope of its own: it alone takes `message/rfc822`.
  const scanning: FastifyPluginAsync = async (scope) => registerScan(scope as TypedServer, dependencies);
  void server.register(scanning);
  const exactData: FastifyPluginAsync = async (scope) => registerExactData(scope as TypedServer, dependencies);
  void server.register(exactData);
  registerFingerprints(typed, dependencies);
  registerAudit(typed, dependencies);
  registerBackfills(typed, dependencies);
  registerExportJobs(typed, dependencies);
  registerExportRuns(typed, dependencies);
}

/** Many clients send the JSON content type with no body at all; that is the absent body, not a broken one. */
function acceptEmptyJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser("error", "error");
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body, done);
  });
}
