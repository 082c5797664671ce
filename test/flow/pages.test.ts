import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { ADMIN_TOKEN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { findServer } from "../support/servers.ts";
import { until } from "../support/until.ts";
import { ann, IBAN, idOf, mail, policyWith } from "./mail.ts";
import { connect, finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

/** What a browser that took text for markup would run, or fetch from elsewhere. */
const HOSTILE = `<img src="//elsewhere.example/x" onerror="document.title='taken'"><script>document.title='taken'</script>"'>&amp;`;

describe.skipIf(findServer("chromium") === undefined)(
  "the first page in Chromium",
  { timeout: 3 * PATIENCE_MS },
  () => {
    let flow: MicrosoftFlow;
    let browser: { readonly context: BrowserContext; close(): Promise<void> } | undefined;
    let page: Page;
    const complaints: string[] = [];
    const elsewhere: string[] = [];

    beforeAll(async () => {
      flow = await startMicrosoftFlow();
      await connect(flow.api, flow.settings(), policyWith());
      for (const [name, subject] of [
        ["hostile", HOSTILE],
        ["second", "second"],
      ] as const) {
        await flow.sandbox.send(ann, mail(subject, { text: IBAN, id: idOf(name) }));
        await finishedOne(flow.api, name);
      }
      const started = await startBrowser();
      browser = started;
      page = await started.context.newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("request", (request) => {
        if (!request.url().startsWith(flow.service.url ?? "-")) elsewhere.push(request.url());
      });
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await flow.close();
    });

    const item = (subject: string) => page.locator("#quarantine tr").filter({ hasText: subject });

    it("asks who is there before it shows anything", async () => {
      await page.goto(flow.service.url ?? "");
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Sign in");
      expect(await page.content()).not.toContain("second");
      await page.getByLabel("Administrator token").fill(ADMIN_TOKEN);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Incidents" }).waitFor();
    });

    it("shows what people wrote as text, asks nobody else, and breaks none of its own rules", async () => {
      const table = page.getByRole("table").first();
      await table.getByText(HOSTILE, { exact: true }).waitFor();
      expect(await page.title()).not.toContain("taken");
      expect(await page.locator("table img, table script").count()).toBe(0);
      await table.getByRole("link").first().click();
      await page.getByRole("heading", { name: "Recipients" }).waitFor();
      await page.goBack();
      expect([complaints, elsewhere]).toEqual([[], []]);
    });

    it("releases and deletes by a click, and the mail follows", async () => {
      await item("second").getByLabel("Reason").fill("agreed with the customer");
      await item("second").getByRole("button", { name: "Release" }).click();
      await item("second").waitFor({ state: "detached" });
      await item(HOSTILE).getByRole("button", { name: "Delete" }).click();
      await page.getByText("Nothing is held.").waitFor();
      const states = (await flow.api.quarantine()).map(({ state }) => state).sort();
      expect(states).toEqual(["deleted", "released"]);
      await until("the released copy", () =>
        flow.sandbox.messages(ann, "sentitems").some(({ subject }) => subject === "second"),
      );
    });

    it("can be used without a mouse and on a telephone", async () => {
      await page.setViewportSize({ width: 390, height: 800 });
      await page.reload();
      const { scroll, width } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        width: document.documentElement.clientWidth,
      }));
      expect(scroll).toBeLessThanOrEqual(width);
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.tagName)).toMatch(/^(A|BUTTON|INPUT)$/);
    });
  },
);
