import type { Reading } from "../reading.ts";

/**
 * The bytes of a text that may be decoded: a character takes at least one byte, so what is beyond the limit of a part's
 * text would be cut later anyway, after it had cost the memory of the whole.
 */
export function limitedText(reading: Reading, bytes: Buffer, at?: string): Buffer {
  const limit = reading.budget.limits.partText;
  if (bytes.length <= limit) return bytes;
  reading.problem("too-large", "its text is longer than allowed; the rest was not read", at);
  return bytes.subarray(0, limit);
}
