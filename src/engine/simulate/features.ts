/** Adds up what a step is made of, in the sums that the step model prices. Contexts are cut at the attention window. */
import type { StepFeatures } from "../step/types.ts";

export function emptyFeatures(): StepFeatures {
  return {
    tokens: 0,
    sequences: 0,
    sampled: 0,
    decodeContext: 0,
    decodeContextWindowed: 0,
    prefillTokens: 0,
    prefillPairs: 0,
    prefillPairsWindowed: 0,
    prefillContext: 0,
    prefillContextWindowed: 0,
  };
}

export function resetFeatures(f: StepFeatures): void {
  f.tokens = f.sequences = f.sampled = 0;
  f.decodeContext = f.decodeContextWindowed = 0;
  f.prefillTokens = f.prefillPairs = f.prefillPairsWindowed = 0;
  f.prefillContext = f.prefillContextWindowed = 0;
}

/** Numbers that `writeFeatures` writes. */
export const FEATURES = 10;

/** Writes features into a list of numbers, from `at` on. */
export function writeFeatures(f: StepFeatures, into: Float64Array, at: number): void {
  into[at] = f.tokens;
  into[at + 1] = f.sequences;
  into[at + 2] = f.sampled;
  into[at + 3] = f.decodeContext;
  into[at + 4] = f.decodeContextWindowed;
  into[at + 5] = f.prefillTokens;
  into[at + 6] = f.prefillPairs;
  into[at + 7] = f.prefillPairsWindowed;
  into[at + 8] = f.prefillContext;
  into[at + 9] = f.prefillContextWindowed;
}

/** Reads back what `writeFeatures` wrote. */
export function readFeatures(f: StepFeatures, from: Float64Array, at: number): void {
  f.tokens = from[at] as number;
  f.sequences = from[at + 1] as number;
  f.sampled = from[at + 2] as number;
  f.decodeContext = from[at + 3] as number;
  f.decodeContextWindowed = from[at + 4] as number;
  f.prefillTokens = from[at + 5] as number;
  f.prefillPairs = from[at + 6] as number;
  f.prefillPairsWindowed = from[at + 7] as number;
  f.prefillContext = from[at + 8] as number;
  f.prefillContextWindowed = from[at + 9] as number;
}

/** A decoding sequence with `context` cached tokens that computes n: its next token, and drafts to verify. */
export function addDecode(f: StepFeatures, context: number, n: number, window: number): void {
  f.tokens += n;
  f.sequences++;
  f.sampled += n;
  f.decodeContext += context;
  f.decodeContextWindowed += context < window ? context : window;
}

/** A chunk of n prompt tokens after `computed` ones; `last` when it ends the prompt, so that a token is sampled. */
export function addPrefill(f: StepFeatures, computed: number, n: number, last: boolean, window: number): void {
  f.tokens += n;
  f.sequences++;
  if (last) f.sampled++;
  f.prefillTokens += n;
  f.prefillPairs += computed * n + (n * n) / 2;
  f.prefillPairsWindowed += windowedPairs(computed, n, window);
  f.prefillContext += computed;
  f.prefillContextWindowed += computed < window ? computed : window;
}

/** Query–key pairs of n tokens after p, each looking back at most `window`. */
function windowedPairs(p: number, n: number, window: number): number {
  if (p + n <= window) return p * n + (n * n) / 2;
  if (p >= window) return n * window;
  const within = window - p;
  return p * within + (within * within) / 2 + (n - within) * window;
}
