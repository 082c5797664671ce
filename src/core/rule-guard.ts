/** A rule that the runaway guard stopped. */
export interface RulePause {
  readonly rule: string;
  readonly since: Date;
  /** Messages an hour that it went beyond. */
  readonly limit: number;
}

export interface RuleGuardStore {
  /**
   * Counts one message against each of the rules before they act on it. `paused`: the rules that may not act; those
   * that went beyond `limit` messages in the last hour by this message are in `tripped` too, each once, with an event.
   */
  admit(
    rules: readonly string[],
    limit: number,
    tenantId: string,
    now: Date,
  ): Promise<{ readonly paused: readonly string[]; readonly tripped: readonly string[] }>;
  pauses(): Promise<readonly RulePause[]>;
  /** Ends a pause, begins the count anew and writes the event; false when the rule was not paused. */
  resume(rule: string, by: string, now: Date): Promise<boolean>;
}
