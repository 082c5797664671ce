export const TIMESTAMP_FORMATS = ["rfc3339", "unix", "unixnano"] as const;
export type TimestampFormat = (typeof TIMESTAMP_FORMATS)[number];

/** RFC 3339 in UTC with milliseconds; seconds; nanoseconds as a string, because JSON numbers cannot hold them. */
export function timestamp(at: Date, format: TimestampFormat): string | number {
  if (format === "rfc3339") return at.toISOString();
  if (format === "unix") return Math.floor(at.getTime() / 1_000);
  return `${at.getTime()}000000`;
}
