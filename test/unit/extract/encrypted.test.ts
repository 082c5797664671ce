import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findPasswords } from "../../../src/extract/passwords.ts";
import { attachment, mail } from "../../support/documents.ts";
import { packed } from "../../support/documents-packed.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const FILES = { "plan.txt": "the secret plan" };
const KINDS = [
  ["zip with traditional encryption", ["-tzip", "-mem=ZipCrypto"]],
  ["zip with AES", ["-tzip", "-mem=AES256"]],
  ["7z", ["-t7z"]],
  ["7z with hidden names", ["-t7z", "-mhe=on"]],
] as const;

const letter = (text: string, name: string, content: Buffer) =>
  mail(
    ["Subject: plan", "From: a@b.example"],
    [{ headers: ["Content-Type: text/plain"], body: text }, attachment(name, content)],
  );

describe.each(KINDS)("an encrypted %s", (_kind, switches) => {
  it("is a problem, never clean", async () => {
    const archive = await packed(FILES, [...switches, "-ps3cret"]);
    const found = await read(letter("see attached", "a.bin", archive));
    expect(problems(found).some((problem) => problem.endsWith(": encrypted"))).toBe(true);
    expect(found.parts.some((part) => part.text.includes("secret plan"))).toBe(false);
  });

  it("is opened with the password that the message mentions, and the part says so", async () => {
    const archive = await packed(FILES, [...switches, "-ps3cret"]);
    const found = await read(letter("The password is: s3cret.", "a.bin", archive));
    expect(found.problems).toEqual([]);
    expect(textAt(found, "attachment:a.bin!plan.txt")).toBe("the secret plan");
    expect(found.parts.find((part) => part.text === "the secret plan")?.unlocked).toBe(true);
    expect(found.parts.find((part) => part.path === "body")?.unlocked).toBeUndefined();
  });
});

describe("passwords", () => {
  it.each([
    ["Password: abc123", "abc123"],
    ["das Passwort lautet geheim!7", "geheim!7"],
    ["pw = x9-y8.", "x9-y8"],
    ["het wachtwoord is 'welkom01'", "welkom01"],
    ["Password for the archive: tr0ub4dor", "tr0ub4dor"],
  ])("are found in %s", (text, password) => {
    expect(findPasswords(text)).toContain(password);
  });

  it("are few", () => {
    expect(findPasswords("password: x ".repeat(5_000)).length).toBeLessThanOrEqual(41);
  });
});

const corpus = process.env.POSTERN_CORPUS;
describe.skipIf(corpus === undefined)("encrypted documents of others (POSTERN_CORPUS)", () => {
  it.each([
    ["tika/testPPT_protected_passtika.pptx", "tika"],
    ["pdfjs/issue15893_reduced.pdf", "test"],
    ["tika/test7Z_protected_passTika.7z", "Tika"],
  ])("%s is opened by its password only", async (file, password) => {
    const content = readFileSync(`${corpus}/documents/${file}`);
    const closed = await read(letter("nothing", "a.bin", content));
    expect(closed.problems.some(({ code }) => code === "encrypted")).toBe(true);
    const opened = await read(letter(`password: ${password}`, "a.bin", content));
    expect(opened.problems.some(({ code }) => code === "encrypted")).toBe(false);
    expect(opened.parts.some((part) => part.unlocked === true)).toBe(true);
  });
});
