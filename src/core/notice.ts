/** A notice that is about to be sent to somebody. */
export interface NoticeClaim {
  readonly actionId: string;
  readonly tenantId: string;
  /** Address of the one who is told. */
  readonly person: string;
  /** Id of the record that it is about. */
  readonly messageId: string;
  readonly occasion: string;
}

export interface NoticeStore {
  /** `wait`: the person had `limit` notices in the last hour, and reads of this one in a digest. A repeat answers the same. */
  claim(notice: NoticeClaim, limit: number, now: Date): Promise<"send" | "wait">;
  /**
   * Plans one digest for each person whose hour is over: a `notify` action with the occasion `digest`, on the newest
   * record that it is about. Returns the ids of those records, for waking the workers.
   */
  planDigests(now: Date): Promise<readonly string[]>;
  /** What a planned digest tells, oldest first. */
  inDigest(actionId: string): Promise<readonly (NoticeClaim & { readonly at: Date })[]>;
}
