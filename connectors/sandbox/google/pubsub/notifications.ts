/** How Gmail's notifications are tampered with. Change the fields at will. */
export interface NotificationSettings {
  /** Nothing is published. */
  off: boolean;
  /** Gmail's limit of one event a second for each watched person; the surplus is dropped. Off in the beginning. */
  capPerSecond: boolean;
  /** Events for which it answers true are lost. */
  drop: ((event: ChangeEvent) => boolean) | null;
  /** How often each event is published. */
  copies: number;
  /** How long after the change it is published, milliseconds. */
  delayMs: number;
  /** The documentation says string; what arrives is a number. */
  historyIdAs: "number" | "string";
}

export interface ChangeEvent {
  readonly address: string;
  readonly historyId: bigint;
}

export interface Notifications {
  readonly settings: NotificationSettings;
  /** Keeps events back until `flush`. */
  hold(): void;
  /** Publishes what was kept back, in the order given, and goes on as usual. */
  flush(order?: "published" | "reversed" | "shuffled"): void;
  /** Publishes an event although nothing changed: a stale, repeated or forged one. */
  publish(topic: string, address: string, historyId: bigint): void;
  /** What Gmail calls on a change. */
  announce(topic: string, address: string, historyId: bigint): void;
}

interface NotificationDeps {
  readonly clock: () => Date;
  readonly publish: (topic: string, data: Buffer) => void;
}

const SECOND_MS = 1_000;

export function createNotifications({ clock, publish }: NotificationDeps): Notifications {
  const settings: NotificationSettings = {
    off: false,
    capPerSecond: false,
    drop: null,
    copies: 1,
    delayMs: 0,
    historyIdAs: "number",
  };
  const lastEvent = new Map<string, number>();
  let held: { readonly topic: string; readonly data: Buffer }[] | null = null;

  const emit = (topic: string, event: ChangeEvent): void => {
    const data = encodeEvent(event, settings.historyIdAs);
    for (let copy = 0; copy < settings.copies; copy += 1) {
      if (held !== null) held.push({ topic, data });
      else if (settings.delayMs > 0) setTimeout(publish, settings.delayMs, topic, data).unref();
      else publish(topic, data);
    }
  };
  const isOverCap = (address: string): boolean => {
    const now = clock().getTime();
    const last = lastEvent.get(address);
    if (settings.capPerSecond && last !== undefined && now - last < SECOND_MS) return true;
    lastEvent.set(address, now);
    return false;
  };
  return {
    settings,
    hold() {
      held ??= [];
    },
    flush(order = "published") {
      const waiting = held ?? [];
      held = null;
      for (const { topic, data } of arrange(waiting, order)) publish(topic, data);
    },
    publish: (topic, address, historyId) => emit(topic, { address, historyId }),
    announce(topic, address, historyId) {
      const event = { address, historyId };
      if (settings.off || isOverCap(address) || settings.drop?.(event) === true) return;
      emit(topic, event);
    },
  };
}

function encodeEvent({ address, historyId }: ChangeEvent, as: "number" | "string"): Buffer {
  const id = as === "number" ? `${historyId}` : `"${historyId}"`;
  return Buffer.from(`{"emailAddress":${JSON.stringify(address)},"historyId":${id}}`);
}

function arrange<T>(items: readonly T[], order: "published" | "reversed" | "shuffled"): readonly T[] {
  if (order === "published") return items;
  if (order === "reversed") return [...items].reverse();
  // Every third first, then the rest: out of order, and the same in every run.
  return [0, 1, 2].flatMap((offset) => items.filter((_, index) => index % 3 === (offset + 2) % 3));
}
