import type { BuiltInDetector } from "../detector.ts";
import { passwordText, secretOf } from "../validators/secret-text.ts";

/** Letters outside ASCII are placeholder bytes in the view: anything that cannot be printed. */
const LABEL = [
  "[Pp]ass(?:word|wort|code|phrase|wd|w)|PASS(?:WORD|WORT|CODE|PHRASE|WD)",
  "[Pp]wd|PWD|[Kk]ennwort|KENNWORT|[Ww]achtwoord|[Ll][^ -~]senord",
  "[Mm]ot de passe|[Cc]ontrase(?:n|[^ -~])a|[Cc]lave|[Ss]enha|[Hh]as[^ -~]o|[Ss]alasana|[Aa]dgangskode|[Pp]assord",
].join("|");
const QUOTE = "[\"'`]{0,1}";
const VALUE = "[!-~]{6,64}";

export const passwordInText: BuiltInDetector = {
  id: "password-in-text",
  description: "Passwords that are named as such, in prose and in settings",
  source: "Wording of mails and configuration files in eleven languages",
  view: "raw",
  shapes: [
    {
      pattern: `(?:${LABEL})${QUOTE} {0,2}(?:=>|:=|[:=])[ \\t]{0,3}\\r?\\n?[ \\t]{0,3}${QUOTE}${VALUE}`,
      open: "end",
      inName: true,
      weight: 0.62,
      note: "password after a label",
    },
    {
      pattern: `(?:${LABEL}) (?:is|ist|lautet|est|es|is now|is still)(?: ?:)? {1,2}${QUOTE}${VALUE}`,
      open: "end",
      weight: 0.55,
      note: "password in a sentence",
    },
  ],
  validator: passwordText,
  canonical: (matched) => secretOf(matched.slice(valueAt(matched))),
  valueAt,
  context: [],
  surroundings: "token",
  mask: "full",
  examples: {
    positive: [
      "password: Tr0ub4dor&3",
      "The VPN password is 9x!Kq27fLm until Friday.",
      "Passwort: Sommer2024!",
      'DB_PASSWORD="s3cr3t-Pa55"',
      "mot de passe : Azerty123!",
      "contraseña: Verano#2025",
      "pwd = hG7$kL2p",
    ],
    negative: [
      "password: ********",
      "Your password is required to log in",
      `password = ${"$"}{DB_PASSWORD}`,
      "password: changeme",
      "Forgot your password? Reset it at https://example.com/reset",
      "password: <enter here>",
      "The password is incorrect",
    ],
  },
};

/** Offset of the value behind its label, separator and quote. */
function valueAt(matched: string): number {
  const label = /^.*?(?:=>|:=|[:=]|\b(?:is(?: now| still)?|ist|lautet|est|es)\b(?: ?:)?)\s*["'`]?/s.exec(matched);
  return label?.[0].length ?? 0;
}
