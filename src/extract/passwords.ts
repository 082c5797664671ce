/** Words that announce a password, in the languages of the people who write them. */
const WORD =
  "(?:pass(?:word|code|phrase|wort)?|kennwort|wachtwoord|mot de passe|contrase(?:ñ|n)a|senha|hasło|parola|lösenord|" +
  "adgangskode|пароль|密码|パスワード|pwd|\\bpw|\\bpin)";
const VALUE = "[\"'“”‘’«`(]?([^\\s\"'“”‘’»`]{3,64})";

const ANNOUNCEMENTS: readonly RegExp[] = [
  // "Password: x", "das Passwort lautet x", "pw = x"
  new RegExp(`${WORD}\\s*(?:[:=：]|->|\\b(?:is|ist|est|es|lautet|är)\\b)?\\s*:?\\s*${VALUE}`, "giu"),
  // "Password for the archive: x"
  new RegExp(`${WORD}\\s[^:=\\n]{1,40}[:=：]\\s*${VALUE}`, "giu"),
];

/** A message seldom names more; each is a decryption to try. */
const MAX_PASSWORDS = 20;

/** Candidates for passwords that a text announces ("password: s3cret"), without and with the full stop behind them. */
export function findPasswords(text: string): readonly string[] {
  if (text.length > 1024 * 1024) return [];
  const found = new Set<string>();
  const matches = ANNOUNCEMENTS.flatMap((pattern) => [...text.matchAll(pattern)].slice(0, MAX_PASSWORDS));
  for (const match of matches) {
    const candidate = match[1] ?? "";
    found.add(candidate);
    found.add(candidate.replace(/[.,;:!?)\]]+$/, ""));
    if (found.size >= MAX_PASSWORDS) break;
  }
  found.delete("");
  return [...found];
}
