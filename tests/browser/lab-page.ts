/** What browser tests do with a lab: open it, put code in, run, read what it says. */
import { expect, type Locator, type Page } from "@playwright/test";

export class LabPage {
  readonly page: Page;
  readonly lab: Locator;

  constructor(page: Page, id: string) {
    this.page = page;
    this.lab = page.locator(`perf-lab[data-lab="${id}"]`);
  }

  static async open(page: Page, id = "anatomy-of-one-request"): Promise<LabPage> {
    const lab = new LabPage(page, id);
    await page.goto("lessons/01-introduction/");
    await lab.lab.scrollIntoViewIfNeeded();
    await expect(lab.lab).toHaveAttribute("data-ready", "");
    return lab;
  }

  get status(): Locator {
    return this.lab.locator('[data-part="status"]');
  }
  get problems(): Locator {
    return this.lab.locator('[data-part="problems"]');
  }
  get console(): Locator {
    return this.lab.locator('[data-part="console"]');
  }
  get charts(): Locator {
    return this.lab.locator("perf-chart");
  }
  button(name: string): Locator {
    return this.lab.locator(`[data-action="${name}"]`);
  }

  async starter(): Promise<string> {
    const setup = await this.lab.locator("[data-setup]").textContent();
    return (JSON.parse(setup ?? "") as { starter: string }).starter;
  }
  async setCode(code: string): Promise<void> {
    await this.lab.evaluate(
      (lab, text) => (lab as HTMLElement & { setCode(code: string): Promise<void> }).setCode(text),
      code,
    );
  }
  /** Overrides the lab's time limit, seconds; before the lab is mounted. */
  static async limit(page: Page, seconds: number): Promise<void> {
    await page.route("**/lessons/01-introduction/", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll(/"limit":\d+/g, `"limit":${seconds}`);
      await route.fulfill({ response, body });
    });
  }

  async run(code?: string): Promise<void> {
    if (code !== undefined) await this.setCode(code);
    await this.button("run").click();
    await this.idle();
  }
  async check(): Promise<void> {
    await this.button("check").click();
    await this.idle();
  }
  /** Nothing is under way any more. */
  async idle(): Promise<void> {
    await expect(this.button("run")).toBeEnabled({ timeout: 45_000 });
  }
}
