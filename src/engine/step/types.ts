/** What one engine step is made of, and what it costs. */

/** A fitted or assumed constant with its interval and where it comes from. */
export interface Parameter {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly source: string;
}

/** Factors around an estimate, by metric. */
export type Scatter = Readonly<Record<"ttft" | "tpot" | "throughput" | "step", number>>;

/** A named set of efficiencies and overheads. */
export interface StepParameters {
  readonly name: string;
  /** Factors that four of five measurements by others stay within, by metric: the intervals of estimates. */
  readonly scatter?: Scatter;
  /** The same where nothing measured is of this GPU, of its whole family, or of this engine. */
  readonly scatterFar?: Readonly<Record<"gpu" | "architecture" | "engine", Scatter>>;
  readonly fittedOn?: Readonly<Record<"gpus" | "architectures" | "engines", readonly string[]>>;
  readonly [parameter: string]: unknown;
}

/**
 * The sums that the cost of a step depends on. `Windowed` sums are the same with each context cut at the model's
 * attention window; where a model has none they equal the plain ones. Counts, no units.
 */
export interface StepFeatures {
  /** Tokens processed: prefill tokens, plus one for each decoding sequence (more when drafts are verified). */
  tokens: number;
  /** Sequences in the step. */
  sequences: number;
  /** Sequences whose next token is sampled when the step ends: rows of the output layer. */
  sampled: number;
  /** Σ context over decoding sequences. */
  decodeContext: number;
  decodeContextWindowed: number;
  prefillTokens: number;
  /** Σ p·q + q²/2 over prefill chunks of q tokens after p computed ones: query–key pairs. */
  prefillPairs: number;
  prefillPairsWindowed: number;
  /** Σ p over prefill chunks: KV of earlier tokens read again. */
  prefillContext: number;
  prefillContextWindowed: number;
}

export interface StepCost {
  readonly seconds: number;
  readonly bound: "compute" | "weights" | "kv" | "communication" | "overhead";
  /** Seconds by part; they add up to `seconds`. */
  readonly parts: Readonly<Record<string, number>>;
  readonly flop: number;
  readonly bytes: number;
}

/**
 * A step model with a server's constants folded in. `seconds` allocates nothing and, with the other features fixed, is
 * affine in `decodeContext` and `decodeContextWindowed`: the simulator advances many decode steps at once on that.
 */
export interface StepModel {
  /** The model's attention window in tokens, if it has windowed layers. */
  readonly window?: number;
  seconds(features: StepFeatures): number;
  cost(features: StepFeatures): StepCost;
}

/** Order of `bound` codes in a Run's timeline. */
export const bounds = ["compute", "weights", "kv", "communication", "overhead"] as const;
