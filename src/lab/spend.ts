/** What one press of Run may send: one budget, one consent and one count over all its measurements, warm-ups included. */
import type { TargetPrice } from "../endpoint/target.ts";

/** Requests, and tokens of their prompts and answers together. */
export interface Spend {
  readonly requests: number;
  readonly tokens: number;
}

/** One measurement about to be sent, at its largest. */
export interface Booking extends Spend {
  /** Those of `requests` that only open connections and calibrate prompt lengths. */
  readonly warmup: number;
}

/** What the learner is asked before anything more is sent. */
export interface SpendQuestion extends Booking {
  readonly target: string;
  /** Agreed to earlier in the same run, and not asked for again. */
  readonly agreed: Spend;
  /** The most that one run of this lab may send. */
  readonly budget: Spend;
  /** At most, in USD; absent where no price per token was given. */
  readonly cost?: number;
  /** All of this in words. */
  readonly text: string;
  /** Aborted when the run ends while the question stands: take it away. */
  readonly signal: AbortSignal;
}

/** "run": yes, and to whatever else this run sends within the lab's budget. */
export type SpendAnswer = boolean | "run";

export interface LedgerOptions {
  readonly budget: Spend;
  readonly target: string;
  readonly price?: TargetPrice;
  /** What the whole run is known to send, asked for at once. */
  readonly known?: Spend;
  readonly signal: AbortSignal;
  /** null: sending costs nothing, so only the budget holds. */
  readonly ask: ((question: SpendQuestion) => SpendAnswer | Promise<SpendAnswer>) | null;
}

/** Milliseconds for calls that were made together to arrive, so that one question covers them. */
const together = 20;
const nothing: Booking = { requests: 0, tokens: 0, warmup: 0 };

/** A new one for every press of Run. What was booked stays booked, even where less of it was sent: so the sum holds whatever happens. */
export class SpendLedger {
  readonly #options: LedgerOptions;
  #booked: Booking = nothing;
  #agreed: Booking = nothing;
  #declined = false;
  #question: Promise<void> = Promise.resolve();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** All that was booked so far. */
  get booked(): Booking {
    return this.#booked;
  }

  /** Resolves once this may be sent. @throws Error in words, before anything is sent, where the budget or the learner says no. */
  async book(spend: Booking): Promise<void> {
    this.#mayGoOn();
    const sum = plus(this.#booked, spend);
    if (exceeds(sum, this.#options.budget)) throw new Error(this.#overBudget(sum));
    this.#booked = sum;
    if (this.#options.ask === null) return;
    const turn = this.#question.then(() => this.#agreeTo(this.#options.ask!));
    this.#question = turn.catch(() => undefined);
    await turn;
    this.#mayGoOn();
  }

  async #agreeTo(ask: NonNullable<LedgerOptions["ask"]>): Promise<void> {
    if (!exceeds(this.#booked, this.#agreed)) return;
    await new Promise((resolve) => setTimeout(resolve, together));
    this.#mayGoOn();
    const { budget, known, signal, target, price } = this.#options;
    const least = this.#agreed === nothing && known !== undefined && !exceeds(known, budget) ? known : nothing;
    const wanted = {
      requests: Math.max(this.#booked.requests, least.requests),
      tokens: Math.max(this.#booked.tokens, least.tokens),
      warmup: this.#booked.warmup,
    };
    const more = minus(wanted, this.#agreed);
    const cost =
      price !== undefined && "input" in price ? (more.tokens * Math.max(price.input, price.output)) / 1e6 : 0;
    const facts = { ...more, target, agreed: this.#agreed, budget, signal, ...(cost > 0 && { cost }) };
    const stopped = new Promise<false>((resolve) => signal.addEventListener("abort", () => resolve(false)));
    const answer = await Promise.race([ask({ ...facts, text: questionText(facts) }), stopped]);
    this.#mayGoOn();
    if (answer === false) this.#declined = true;
    this.#mayGoOn();
    this.#agreed = answer === "run" ? { ...budget, warmup: this.#booked.warmup } : wanted;
  }

  #mayGoOn(): void {
    if (this.#options.signal.aborted) throw new Error("the run was stopped");
    if (this.#declined) throw new Error("you chose not to send the requests");
  }

  #overBudget({ requests, tokens }: Spend): string {
    const { budget } = this.#options;
    const before = this.#booked.requests === 0 ? "" : `, ${count(this.#booked.requests)} of them so far`;
    return (
      `this run would send ${count(requests)} requests with up to ${count(tokens)} tokens${before}; one run of this lab may send ` +
      `${count(budget.requests)} requests and ${count(budget.tokens)} tokens, warm-up included. Nothing of this measurement was sent: make the workload smaller.`
    );
  }
}

/** Two digits, never as a power of ten. */
export function dollars(usd: number): string {
  return `$${usd.toLocaleString("en-GB", { maximumSignificantDigits: 2 })}`;
}

function questionText(facts: Omit<SpendQuestion, "text" | "signal">): string {
  const { requests, tokens, warmup, target, agreed, cost } = facts;
  const more = agreed.requests > 0 ? " more" : "";
  const warm = warmup > 0 && agreed.requests === 0 ? ` (${count(warmup)} of them to warm up)` : "";
  const price = cost === undefined ? "" : `, at most ${dollars(cost)},`;
  const before = agreed.requests > 0 ? ` You have agreed to ${count(agreed.requests)} in this run already.` : "";
  return (
    `This sends ${count(requests)}${more} request${requests === 1 ? "" : "s"}${warm} with up to ${count(tokens)} tokens` +
    `${price} to ${target}.${before}`
  );
}

function exceeds(a: Spend, b: Spend): boolean {
  return !(a.requests <= b.requests && a.tokens <= b.tokens);
}

function plus(a: Booking, b: Booking): Booking {
  return { requests: a.requests + b.requests, tokens: a.tokens + b.tokens, warmup: a.warmup + b.warmup };
}

function minus(a: Booking, b: Booking): Booking {
  return {
    requests: Math.max(0, a.requests - b.requests),
    tokens: Math.max(0, a.tokens - b.tokens),
    warmup: Math.max(0, a.warmup - b.warmup),
  };
}

function count(n: number): string {
  return Math.ceil(n).toLocaleString("en-GB");
}
