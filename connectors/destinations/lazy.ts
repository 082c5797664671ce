/** Made when first needed: SDKs are larger than the rest of the room. */
export interface Lazy<Value> {
  get(): Promise<Value>;
  /** Whether it was ever needed. */
  begun(): boolean;
}

export function lazy<Value>(make: () => Promise<Value>): Lazy<Value> {
  let made: Promise<Value> | undefined;
  return {
    get() {
      made ??= make();
      return made;
    },
    begun: () => made !== undefined,
  };
}
