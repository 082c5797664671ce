/** Characters of a faulty value that a message repeats. */
const MAX_QUOTED = 60;

/** A piece of the policy in quotation marks and on one line, for a message about it. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
