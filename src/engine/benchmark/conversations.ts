/** What each request says: a fresh prompt, after the turns of its conversation so far. */
import type { Chain, Plan } from "./plan.ts";
import { PromptWriter, uncalibrated } from "./prompt.ts";
import { requestBody, type Turn } from "./request-body.ts";
import type { LoadOptions } from "./load-options.ts";

export class Conversations {
  readonly #plan: Plan;
  readonly #options: LoadOptions;
  readonly #writer: PromptWriter;
  readonly #history = new Map<Chain, Turn[]>();

  constructor(plan: Plan, options: LoadOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#writer = new PromptWriter(options.salt, options.calibration ?? uncalibrated);
  }

  /** The body of a chain's turn, which is remembered when another turn follows. */
  body(request: number, chain: Chain, turn: number): string {
    const spec = this.#plan.requests[request]!;
    const past = this.#history.get(chain) ?? [];
    // A later turn's segments repeat the conversation so far, which goes along as real messages; only the last is new.
    const fresh = turn > 0 && typeof spec.prompt !== "number" ? spec.prompt.slice(-1) : spec.prompt;
    const { prompts } = this.#options;
    const content = prompts
      ? prompts[request % prompts.length]!.text
      : this.#writer.prompt(fresh, `request ${request}`);
    const turns: Turn[] = [...past, { role: "user", content }];
    if (turn < chain.requests.length - 1) this.#history.set(chain, turns);
    const { shape, model, extraBody } = this.#options;
    return requestBody(shape, model, turns, spec.output, extraBody);
  }

  answered(chain: Chain, text: string): void {
    this.#history.get(chain)?.push({ role: "assistant", content: text });
  }

  forget(chain: Chain): void {
    this.#history.delete(chain);
  }
}
