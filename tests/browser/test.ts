/** Playwright's test, failing whenever a page has an error that nobody caught. Every browser spec takes it from here. */
import { expect, test as base } from "@playwright/test";

export const test = base.extend<{ noPageErrors: void }>({
  noPageErrors: [
    async ({ context }, use) => {
      const errors: string[] = [];
      context.on("weberror", (error) => {
        const said = String(error.error());
        // Chromium's own word for an animation between two pages that it left out; no code of ours began it.
        if (!said.includes("ViewTransition opt-in disabled")) errors.push(`${error.page()?.url() ?? ""}: ${said}`);
      });
      await use();
      expect(errors, "errors that no page caught").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
export type { Locator, Page } from "@playwright/test";
