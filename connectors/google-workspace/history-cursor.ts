/** Gmail's history ids are uint64 in decimal: beyond Number's exact range, so they are compared as BigInt. */
export function laterCursor(a: string, b: string): string {
  return BigInt(a) >= BigInt(b) ? a : b;
}
