/** Features of the steps that closed forms are built from. Counts may be fractions: means over many steps. */
import type { StepFeatures } from "../step/types.ts";

/** Features of `batch` prompts of `tokens` after `cached` ones already computed, in one step. */
export function prefillFeatures(
  batch: number,
  tokens: number,
  cached: number,
  window: number | undefined,
): StepFeatures {
  return mixedFeatures(0, 0, batch, tokens, cached, window);
}

/** Features of `batch` sequences that each decode one token at a context. */
export function decodeFeatures(batch: number, context: number, window: number | undefined): StepFeatures {
  return mixedFeatures(batch, context, 0, 0, 0, window);
}

/** Features of a step that decodes `running` sequences and prefills `tokens` tokens of each of `prompts` prompts. */
export function mixedFeatures(
  running: number,
  context: number,
  prompts: number,
  tokens: number,
  cached: number,
  window: number | undefined,
): StepFeatures {
  const pairs = cached * tokens + (tokens * tokens) / 2;
  return {
    tokens: running + prompts * tokens,
    sequences: running + prompts,
    sampled: running + prompts,
    decodeContext: running * context,
    decodeContextWindowed: running * (window === undefined ? context : Math.min(context, window)),
    prefillTokens: prompts * tokens,
    prefillPairs: prompts * pairs,
    prefillPairsWindowed: prompts * (window === undefined ? pairs : windowedPairs(tokens, cached, window)),
    prefillContext: prompts * cached,
    prefillContextWindowed: prompts * (window === undefined ? cached : Math.min(cached, window)),
  };
}

/** Query–key pairs when each of `tokens` queries after `cached` sees at most `window` keys. */
export function windowedPairs(tokens: number, cached: number, window: number): number {
  const growing = Math.min(tokens, Math.max(0, window - cached));
  return cached * growing + (growing * growing) / 2 + (tokens - growing) * window;
}
