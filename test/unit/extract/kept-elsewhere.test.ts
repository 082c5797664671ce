import { expect, it } from "vitest";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const HEAD = "From: Ann <ann@corp.example>\r\nTo: bob@out.example\r\nSubject: offer\r\n";
const page = (body: string) => `${HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>${body}</body></html>`;
const CHIP =
  '<div class="gmail_chip gmail_drive_chip" style="width:396px"><a href="https://drive.google.com/file/d/1a/view?usp=drive_web">prices.xlsx</a></div>';

it("tells of a file that Gmail left in Drive, and reads what the message itself says", async () => {
  const found = await read(page(`See <b>attached</b>${CHIP}`));
  expect(problems(found)).toEqual(["body: unreachable"]);
  expect(textAt(found, "body")).toContain("prices.xlsx");
});

it("takes a link to Drive that somebody wrote for a link", async () => {
  const found = await read(
    page('<a href="https://drive.google.com/file/d/1a/view">our folder</a> not a gmail_drive_chip'),
  );
  expect(problems(found)).toEqual([]);
});

it("tells of confidential mode, whose content stays at Google", async () => {
  const found = await read(`${HEAD}X-Gm-Locker: 0123abc\r\nContent-Type: text/plain\r\n\r\nThis message has content.`);
  expect(problems(found)).toEqual(["body: unreachable"]);
});
