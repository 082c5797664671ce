export const LIVE_STEPS = ["send", "sent-copy", "read", "catch-up", "ledger", "clean-up"] as const;
export type LiveStepName = (typeof LIVE_STEPS)[number];

/** One step of the live check of a tenant. */
export interface LiveStep {
  readonly name: LiveStepName;
  /** `warning`: it could not be tried or proved, which is no fault of the tenant. */
  readonly state: "ok" | "failed" | "warning";
  /** How long it took; null when it was not tried. */
  readonly seconds: number | null;
  /** What was seen, or what to do; one sentence. */
  readonly detail: string;
}

/** A test mail on its way through a tenant. No step failed when it is `ok`. */
export interface LiveCheck {
  /** Whose mailbox it was; null when there was none to send from. */
  readonly mailbox: string | null;
  readonly ok: boolean;
  readonly steps: readonly LiveStep[];
}

/** One step of what an application may do in a tenant. */
export interface ConsentTier {
  readonly name: "observe" | "respond" | "remediate";
  /** What the step adds. */
  readonly adds: readonly string[];
  /** Whether the tenant's settings need it. */
  readonly needed: boolean;
}

/** Where the tenant's administrator grants what Postern needs. */
export type Consent =
  | {
      readonly provider: "microsoft";
      /** Admin-consent address: signing in there and accepting grants what is registered for the application. */
      readonly address: string;
      /** Application permissions of Microsoft Graph that the mode needs. */
      readonly permissions: readonly string[];
      /** All that may be asked for, so that it is seen before anybody agrees; each tier includes those before it. */
      readonly tiers: readonly ConsentTier[];
    }
  | {
      readonly provider: "google";
      /** Page of the Admin console for domain-wide delegation; filled in where the client id is known. */
      readonly address: string;
      readonly serviceAccount: string;
      /** Numeric id of the service account; null when its key does not tell it. */
      readonly clientId: string | null;
      readonly scopes: readonly string[];
    };
