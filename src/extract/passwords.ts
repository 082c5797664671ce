/** Words that stand before a password, in the languages of the people who write them. */
const ANNOUNCED =
  /(?:pass(?:word|code|phrase|wort)?|kennwort|wachtwoord|mot de passe|contrase(?:ñ|n)a|senha|hasło|parola|lösenord|adgangskode|пароль|密码|パスワード|pwd|\bpw|\bpin)(?:\s+(?:for|to|of|is|ist|est|es|lautet|für)\b[^:\n]{0,40}?)?\s*[:=：]?\s*(?:is|ist|est|es|:|=|->)?\s*["'“”‘’«`(]?([^\s"'“”‘’»`]{3,64})/giu;

/** A message seldom names more; each is a decryption to try. */
const MAX_PASSWORDS = 20;

/** Candidates for passwords that a text announces ("password: s3cret"), without and with the full stop behind them. */
export function findPasswords(text: string): readonly string[] {
  if (text.length > 1024 * 1024) return [];
  const found = new Set<string>();
  for (const match of text.matchAll(ANNOUNCED)) {
    const candidate = match[1] ?? "";
    found.add(candidate);
    found.add(candidate.replace(/[.,;:!?)\]]+$/, ""));
    if (found.size >= MAX_PASSWORDS) break;
  }
  found.delete("");
  return [...found];
}
