import { PosternError } from "../core/errors.ts";

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * A point in time as people write it: RFC 3339, a date (midnight UTC), or how long ago (`90m`, `24h`, `7d`, `2w`).
 * @throws PosternError REQUEST_INVALID
 */
export function pointInTime(text: string, now: Date): Date {
  const ago = /^(\d{1,6})([mhdw])$/.exec(text);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * (UNIT_MS[ago[2] ?? ""] ?? 0));
  const at = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new PosternError("REQUEST_INVALID", `"${text}" is no time: write 2026-11-30, 2026-11-30T12:00:00Z or 7d`);
}
