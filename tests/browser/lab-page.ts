/** What browser tests do with a lab: open it, put code in, run, read what it says. */
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";
import { expect, type Locator, type Page } from "./test.ts";

export class LabPage {
  readonly page: Page;
  readonly lab: Locator;

  constructor(page: Page, id: string) {
    this.page = page;
    this.lab = page.locator(`[data-lab="${id}"]`);
  }

  /** `at`: the page that the lab is opened on; its own, which is a tenth of a lesson's, unless the lesson matters. */
  static async open(page: Page, id = "anatomy-of-one-request", at = `labs/${id}/`): Promise<LabPage> {
    const lab = new LabPage(page, id);
    await page.goto(at);
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

  /** The text area of the light editor, or Monaco's. */
  get editor(): Locator {
    return this.lab.locator("textarea.code-input, .monaco-editor [role=textbox]");
  }

  async starter(): Promise<string> {
    return this.lab.evaluate((lab: LabSection) => lab.store!.setup.starter);
  }
  /** The learner's own code, as the lab has it. */
  async code(): Promise<string> {
    return this.lab.evaluate((lab: LabSection) => lab.store!.code.mine.value);
  }
  /** Puts code in, as if typed. */
  async setCode(code: string): Promise<void> {
    await this.lab.evaluate((lab: LabSection, text) => {
      lab.store!.code.close();
      lab.store!.code.type(text);
    }, code);
  }
  /** Overrides the time limit of the lab that `open` opens, seconds; before the lab is mounted. */
  static async limit(page: Page, seconds: number): Promise<void> {
    await page.route("**/labs/anatomy-of-one-request/", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll(
        /&quot;limit&quot;:\[0,\d+\]/g,
        `&quot;limit&quot;:[0,${seconds}]`,
      );
      await route.fulfill({ response, body });
    });
  }

  /** Presses Run, and skips the prediction where it is asked for. */
  async start(): Promise<void> {
    await this.button("run").click();
    if (await this.lab.evaluate((lab: LabSection) => lab.store!.askToPredict.value)) await this.button("skip").click();
  }
  async run(code?: string): Promise<void> {
    if (code !== undefined) await this.setCode(code);
    await this.start();
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
