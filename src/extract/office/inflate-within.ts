import { constants, inflateSync } from "node:zlib";
import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";

/**
 * Unpacks a zlib stream within the budget; one that is cut off gives what is there.
 * @throws Unreadable `too-large` or `corrupt`
 */
export function inflateWithin(reading: Reading, packed: Buffer): Buffer {
  let clear: Buffer;
  try {
    clear = inflateSync(packed, {
      maxOutputLength: Math.max(1, reading.budget.outputLimit(packed.length)),
      finishFlush: constants.Z_SYNC_FLUSH,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new Unreadable("too-large", "it unpacks to more than allowed");
    }
    throw new Unreadable("corrupt", "it cannot be unpacked");
  }
  reading.budget.expand(clear.length);
  return clear;
}
