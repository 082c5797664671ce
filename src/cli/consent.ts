import type { Consent } from "../core/live-check.ts";
import type { Print } from "./print.ts";

/** Where the administrator of the tenant grants what is missing, and what to enter there. */
export function reportConsent(consent: Consent, out: Print): void {
  out(`  consent: ${consent.address}`);
  if (consent.provider === "microsoft") {
    out(`           application permissions: ${consent.permissions.join(", ")}`);
    for (const { name, adds, needed } of consent.tiers)
      out(`           ${needed ? "needed    " : "not needed"} ${name}: ${adds.join(", ")}`);
    return;
  }
  out("           Security > Access and data control > API controls > Manage domain-wide delegation > Add new");
  const { clientId, serviceAccount, scopes } = consent;
  out(`           client id: ${clientId ?? `the unique id of ${serviceAccount}`}`);
  if (clientId === null)
    out(`           (gcloud iam service-accounts describe ${serviceAccount} --format "value(uniqueId)")`);
  out(`           scopes: ${scopes.join(",")}`);
}
