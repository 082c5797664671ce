import type { BuiltInDetector } from "../detector.ts";
import { passwordText } from "../validators/secret-text.ts";

const CREDENTIALS = /:\/\/[^\s:@/]*:([^\s@/]+)@|(?:[Pp]assword|[Pp]wd|PWD)\s?=\s?([^;"'\s]+)/;

/** The password of the string: what makes two strings the same leak. */
function passwordOf(matched: string): string {
  const match = CREDENTIALS.exec(matched);
  return match?.[1] ?? match?.[2] ?? "";
}

export const connectionString: BuiltInDetector = {
  id: "connection-string",
  description: "Addresses and connection strings that hold a password",
  source: "RFC 3986, section 3.2.1; ADO.NET connection strings",
  view: "raw",
  shapes: [
    {
      pattern: "://[^\\s:@/\"'<>]{0,40}:[^\\s@/\"'<>]{3,64}@[A-Za-z0-9.-]{1,60}",
      open: "both",
      weight: 0.8,
      note: "address with user and password",
    },
    {
      pattern:
        "(?:Server|Data Source|Host|SERVER|HOST) ?=[^;\\r\\n]{1,60};[^\\r\\n]{0,60}(?:[Pp]assword|[Pp]wd|PWD) ?= ?[^;\"'\\s]{4,48}",
      open: "end",
      weight: 0.8,
      note: "connection string with password",
    },
  ],
  validator: {
    ...passwordText,
    check: (value) => !/^\$|^<|^\{|^%|^\*|^x+$|^pass(?:word|wd)?$|^changeme$/i.test(value),
  },
  canonical: passwordOf,
  context: [],
  surroundings: "token",
  mask: "full",
  examples: {
    positive: [
      "postgres://admin:k3Yb0ard@db1.internal.example.com:5432/prod",
      "mongodb+srv://app:s3cr3tPa55@cluster0.example.net/db",
      "Server=sql1;Database=crm;User Id=sa;Password=Wint3r!2025;",
      "redis://:9fJk2LmQ@cache.example.com:6379",
      "https://bot:a1B2c3D4e5@git.example.com/repo.git",
    ],
    negative: [
      `postgres://admin:${"$"}{DB_PASSWORD}@db1.example.com/prod`,
      "postgres://user:password@localhost/db",
      "https://example.com:8080/path@2x.png",
      "Server=sql1;Database=crm;Trusted_Connection=True;",
      "mysql://db.example.com:3306/shop",
    ],
  },
};
