import type { Limits } from "./limits.ts";
import { Unreadable } from "./unreadable.ts";

/** Counts what one input has cost so far. Shared by all readers of that input. */
export interface Budget {
  readonly limits: Limits;
  /** Bytes that decompression may still produce. */
  readonly expandable: number;
  /** The largest output that a member of `packed` bytes may have. */
  outputLimit(packed: number): number;
  /** Counts output. @throws Unreadable `too-large` when the total is used up; from then on nothing more is unpacked. */
  expand(bytes: number): void;
  /** True when the total output is used up. */
  readonly exhausted: boolean;
  /** @throws Unreadable `too-many` */
  countMember(): void;
  /** Whether one more MIME part may be read. */
  countMimePart(): boolean;
  /** Whether one more picture may be read with OCR. */
  countOcrPage(): boolean;
  /** @throws Unreadable `timeout` when the part or the whole input has had its time. Cheap enough for inner loops. */
  checkTime(): void;
  /** Starts the clock of a part; the returned function goes back to the clock that ran before. */
  startPart(): () => void;
}

/** Looking at the clock costs about 30 ns; inner loops ask far more often than a time limit needs. */
const CLOCK_EVERY = 64;

export function createBudget(limits: Limits, now: () => number = () => performance.now()): Budget {
  const messageEnd = now() + limits.messageMs;
  let partEnd = messageEnd;
  let calls = 0;
  let expandable = limits.expandedBytes;
  let members = limits.archiveMembers;
  let mimeParts = limits.mimeParts;
  let ocrPages = limits.ocrPages;
  return {
    limits,
    get expandable() {
      return expandable;
    },
    outputLimit(packed) {
      return Math.min(expandable, Math.max(limits.ratioFreeBytes, packed * limits.expansionRatio));
    },
    get exhausted() {
      return expandable <= 0;
    },
    expand(bytes) {
      if (bytes > expandable) {
        expandable = 0;
        throw new Unreadable("too-large", "the containers hold more than may be unpacked");
      }
      expandable -= bytes;
    },
    countMember() {
      if (members <= 0) throw new Unreadable("too-many", `more than ${limits.archiveMembers} members`);
      members -= 1;
    },
    countMimePart() {
      if (mimeParts <= 0) return false;
      mimeParts -= 1;
      return true;
    },
    countOcrPage() {
      if (ocrPages <= 0) return false;
      ocrPages -= 1;
      return true;
    },
    checkTime() {
      calls += 1;
      if (calls % CLOCK_EVERY !== 0) return;
      const time = now();
      if (time > messageEnd) throw new Unreadable("timeout", `reading took longer than ${limits.messageMs} ms`);
      if (time > partEnd) throw new Unreadable("timeout", `the part took longer than ${limits.partMs} ms`);
    },
    startPart() {
      const before = partEnd;
      partEnd = Math.min(messageEnd, now() + limits.partMs);
      return () => {
        // The outer part is not charged for the time of its members.
        partEnd = Math.min(messageEnd, Math.max(before, now() + limits.partMs / 2));
      };
    },
  };
}
