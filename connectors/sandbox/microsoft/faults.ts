/** What happens to a request that a rule hits. Everything but `answer` lets the request take effect. */
export interface FaultEffect {
  /** Answer this and do nothing. */
  readonly answer?: {
    readonly status: number;
    readonly code?: string;
    readonly message?: string;
    /** Seconds, may be fractional; left out when undefined. */
    readonly retryAfter?: number;
    /** The whole body, instead of an error document made of code and message. */
    readonly body?: object | string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Wait this long before anything happens, in milliseconds. */
  readonly delayMs?: number;
  /** Wait for `release()`: before the request takes effect, or after it, the answer withheld. */
  readonly hold?: "before" | "after";
  /** Cut the connection: before the request takes effect, after it, or in the middle of the answer's body. */
  readonly reset?: "before" | "after" | "mid-body";
  /** Send the body so many bytes at a time. */
  readonly drip?: { readonly bytes: number; readonly everyMs: number };
  /** End the body this many bytes before its Content-Length. */
  readonly shortBy?: number;
}

export interface FaultRule {
  readonly method?: string;
  /** Glob over the decoded path with its version and without query (`*` is any run of characters), or a pattern. */
  readonly path?: string | RegExp;
  /** Address of the mailbox. */
  readonly mailbox?: string;
  /** The first of the matching requests that is hit; 1, the next one, when left out. */
  readonly nth?: number;
  /** From there only each so-manieth is hit; 1 when left out. */
  readonly every?: number;
  /** How many are hit; 1 when left out, Infinity for all. */
  readonly count?: number;
  readonly effect: FaultEffect;
}

export interface Fault {
  readonly rule: FaultRule;
  /** Requests hit so far. */
  readonly hits: number;
  /** Resolves when so many requests (1 when left out) were hit. */
  arrived(hits?: number): Promise<void>;
  /** Lets go of all requests that are held, and of those still to come. */
  release(): void;
  remove(): void;
}

export interface Faults {
  add(rule: FaultRule): Fault;
  /** Removes all rules and releases what they hold. */
  clear(): void;
}

/** A rule that hit: its effect, and the promise that `release()` keeps. */
export interface Hit {
  readonly effect: FaultEffect;
  readonly released: Promise<void>;
}

export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly mailbox: string | null;
}

/** @returns the test's side, and the server's: the first rule that hits a request, undefined when none does. */
export function createFaults(): {
  readonly faults: Faults;
  readonly match: (subject: FaultSubject) => Hit | undefined;
} {
  const active = new Set<ActiveFault>();
  const faults: Faults = {
    add: (rule) => {
      const fault = new ActiveFault(rule, () => active.delete(fault));
      active.add(fault);
      return fault;
    },
    clear: () => {
      for (const fault of active) fault.remove();
    },
  };
  const match = (subject: FaultSubject): Hit | undefined => {
    for (const fault of active) {
      if (fault.hit(subject)) return { effect: fault.rule.effect, released: fault.released };
    }
    return undefined;
  };
  return { faults, match };
}

class ActiveFault implements Fault {
  readonly rule: FaultRule;
  readonly released: Promise<void>;
  hits = 0;
  readonly #drop: () => void;
  readonly #path: RegExp;
  #release: () => void = () => {};
  #seen = 0;
  #waiting: { readonly hits: number; readonly resolve: () => void }[] = [];

  constructor(rule: FaultRule, drop: () => void) {
    this.rule = rule;
    this.#drop = drop;
    this.#path = rule.path instanceof RegExp ? rule.path : globPattern(rule.path ?? "*");
    this.released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  hit(subject: FaultSubject): boolean {
    const { method, mailbox, nth = 1, every = 1, count = 1 } = this.rule;
    if (method !== undefined && method.toUpperCase() !== subject.method) return false;
    if (mailbox !== undefined && mailbox.toLowerCase() !== subject.mailbox) return false;
    if (!this.#path.test(subject.path)) return false;
    this.#seen += 1;
    if (this.#seen < nth || (this.#seen - nth) % every !== 0 || this.hits >= count) return false;
    this.hits += 1;
    for (const waiter of this.#waiting.filter((one) => one.hits <= this.hits)) waiter.resolve();
    this.#waiting = this.#waiting.filter((one) => one.hits > this.hits);
    return true;
  }

  arrived(hits = 1): Promise<void> {
    if (this.hits >= hits) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ hits, resolve });
    });
  }

  release(): void {
    this.#release();
  }

  remove(): void {
    this.#drop();
    this.#release();
  }
}

function globPattern(glob: string): RegExp {
  const source = glob.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "i");
}
