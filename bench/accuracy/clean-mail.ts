import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Detect = (text: string) => { readonly all: readonly string[]; readonly sure: readonly string[] };

/** What clean mail may hold: contact details and dates. */
const ASIDE = new Set(["email-address", "phone-number", "ip-address", "date-of-birth"]);

/** Findings of medium or better in the corpus's clean mails, for each 1,000. The text behind the head, as it stands. */
export function cleanMail(detect: Detect, print: (line: string) => void): void {
  const corpus = process.env.POSTERN_CORPUS;
  if (corpus === undefined) {
    print("\nClean mail: skipped, POSTERN_CORPUS is not set");
    return;
  }
  const folder = join(corpus, "ham");
  const counts = new Map<string, number>();
  let mails = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const mail = readFileSync(join(entry.parentPath, entry.name), "utf8");
    mails++;
    for (const detector of detect(mail.slice(Math.max(0, mail.search(/\r?\n\r?\n/)))).sure) {
      if (!ASIDE.has(detector)) counts.set(detector, (counts.get(detector) ?? 0) + 1);
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  print(
    `\nClean mail: ${total} findings of medium or better in ${mails} mails, ${((total / mails) * 1_000).toFixed(1)} per 1,000`,
  );
  for (const [detector, count] of counts) print(`  ${detector}\t${count}`);
}
