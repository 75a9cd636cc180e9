/** What the tokens of a plan cost: its sums for the step model, and the parts that explanations need. */
import type { StepFeatures, StepModel } from "../step/types.ts";
import { addDecode, addPrefill, emptyFeatures, resetFeatures } from "./features.ts";
import type { StepPlan } from "./plan.ts";
import type { Requests } from "./requests.ts";

export class StepCost {
  readonly features: StepFeatures = emptyFeatures();
  readonly #part: StepFeatures = emptyFeatures();
  readonly #model: StepModel;
  readonly #window: number;

  constructor(model: StepModel) {
    this.#model = model;
    this.#window = model.window ?? Infinity;
  }

  /** Adds a plan up. */
  sum(plan: StepPlan, r: Requests): void {
    resetFeatures(this.features);
    for (let k = 0; k < plan.count; k++) this.add(plan.request[k] as number, plan.tokens[k] as number, r);
  }

  /** Adds request i with n tokens: a decode if it lacks only its last token, else a piece of prompt. */
  add(i: number, n: number, r: Requests): void {
    const computed = r.computed[i] as number;
    const generated = r.generated[i] as number;
    const left = (r.prompt[i] as number) + generated - computed;
    if (generated > 0 && left === 1) addDecode(this.features, computed, n, this.#window);
    else addPrefill(this.features, computed, n, n >= left, this.#window);
  }

  /** The features of `batch` sequences that only decode. */
  setDecodes(batch: number, contexts: number, windowed: number): void {
    const f = this.features;
    resetFeatures(f);
    f.tokens = f.sequences = f.sampled = batch;
    f.decodeContext = contexts;
    f.decodeContextWindowed = windowed;
  }

  /** Seconds of the whole step. */
  seconds(): number {
    return this.#model.seconds(this.features);
  }

  /** Seconds that the step would take without its prefills. */
  decodeSeconds(): number {
    const f = this.features;
    const part = this.#part;
    resetFeatures(part);
    part.tokens = part.sequences = part.sampled = f.tokens - f.prefillTokens;
    part.decodeContext = f.decodeContext;
    part.decodeContextWindowed = f.decodeContextWindowed;
    return this.#model.seconds(part);
  }

  /** Seconds of one piece of prompt on its own: n tokens after `computed`; `last` when they end it. */
  promptSeconds(computed: number, n: number, last: boolean): number {
    resetFeatures(this.#part);
    addPrefill(this.#part, computed, n, last, this.#window);
    return this.#model.seconds(this.#part);
  }
}
