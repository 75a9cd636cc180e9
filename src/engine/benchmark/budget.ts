/** What a run may use up: requests and tokens, counted before they are sent. */

/** A limit that ends the run early, with what was measured so far. Tokens count prompts and answers. */
export interface Budget {
  readonly requests?: number;
  readonly tokens?: number;
}

/** Requests in flight count with all that they could use; once over, with what they did use. */
export class BudgetMeter {
  readonly #budget: Budget;
  #sent = 0;
  #used = 0;
  #reserved = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Why a further request that could use so many tokens must not be sent; undefined if it may. */
  refusal(tokens: number): string | undefined {
    const { requests, tokens: most } = this.#budget;
    if (requests !== undefined && this.#sent >= requests) return `The budget of ${requests} requests is used up.`;
    if (most !== undefined && this.#used + this.#reserved + tokens > most)
      return `The next request could go over the budget of ${most} tokens.`;
    return undefined;
  }

  send(reserved: number): void {
    this.#sent++;
    this.#reserved += reserved;
  }

  settle(reserved: number, used: number): void {
    this.#reserved -= reserved;
    this.#used += used;
  }
}
