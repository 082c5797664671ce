/**
 * One cell after RFC 4180. What a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets
 * do not show; lists and objects are JSON.
 */
export function csvCell(value: unknown, delimiter: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  const special = safe.includes('"') || safe.includes("\n") || safe.includes("\r");
  return special || (delimiter !== "" && safe.includes(delimiter)) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
