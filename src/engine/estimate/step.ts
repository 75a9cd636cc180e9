/** One prefill or decode step of a server, in closed form. */
import { InputError } from "../errors.ts";
import { resolveServer } from "../resolve.ts";
import type { ResolvedServer, Server } from "../server.ts";
import { stepModel } from "../step/model.ts";
import type { StepCost, StepFeatures } from "../step/types.ts";

/** Features of `batch` prompts of `tokens` after `cached` ones already computed, in one step. */
export function prefillFeatures(
  batch: number,
  tokens: number,
  cached: number,
  window: number | undefined,
): StepFeatures {
  const pairs = cached * tokens + (tokens * tokens) / 2;
  return {
    tokens: batch * tokens,
    sequences: batch,
    sampled: batch,
    decodeContext: 0,
    decodeContextWindowed: 0,
    prefillTokens: batch * tokens,
    prefillPairs: batch * pairs,
    prefillPairsWindowed: batch * (window === undefined ? pairs : windowedPairs(tokens, cached, window)),
    prefillContext: batch * cached,
    prefillContextWindowed: batch * (window === undefined ? cached : Math.min(cached, window)),
  };
}

/** Query–key pairs when each of `tokens` queries after `cached` sees at most `window` keys. */
export function windowedPairs(tokens: number, cached: number, window: number): number {
  const growing = Math.min(tokens, Math.max(0, window - cached));
  return cached * growing + (growing * growing) / 2 + (tokens - growing) * window;
}

/** Features of `batch` sequences that each decode one token at a context. */
export function decodeFeatures(batch: number, context: number, window: number | undefined): StepFeatures {
  return {
    tokens: batch,
    sequences: batch,
    sampled: batch,
    decodeContext: batch * context,
    decodeContextWindowed: batch * (window === undefined ? context : Math.min(context, window)),
    prefillTokens: 0,
    prefillPairs: 0,
    prefillPairsWindowed: 0,
    prefillContext: 0,
    prefillContextWindowed: 0,
  };
}

/**
 * What one step costs that prefills `batch` prompts of `tokens` tokens each, `cached` of which a prefix cache already
 * holds. Seconds, FLOP and bytes over all GPUs. Throws InputError on counts that no step can have.
 */
export function prefillStep(server: Server, o: { tokens: number; cached?: number; batch?: number }): StepCost {
  const resolved = resolveServer(server);
  const { tokens, cached = 0, batch = 1 } = o;
  checkCount("tokens", tokens, 1, resolved);
  checkCount("cached", cached, 0, resolved);
  if (cached >= tokens) throw new InputError("cached", cached, `less than tokens (${tokens})`);
  checkBatch(batch);
  const model = stepModel(resolved);
  return model.cost(prefillFeatures(batch, tokens - cached, cached, model.window));
}

/** What one step costs in which `batch` sequences, each with `context` tokens behind it, decode one token. */
export function decodeStep(server: Server, o: { batch: number; context: number }): StepCost {
  const resolved = resolveServer(server);
  checkBatch(o.batch);
  checkCount("context", o.context, 0, resolved);
  const model = stepModel(resolved);
  return model.cost(decodeFeatures(o.batch, o.context, model.window));
}

function checkBatch(batch: number): void {
  if (!(batch >= 1 && batch <= 1e6)) throw new InputError("batch", batch, "a number from 1 to 1,000,000");
}

function checkCount(field: string, value: number, low: number, server: ResolvedServer): void {
  if (!(value >= low && value <= server.model.maxContext))
    throw new InputError(field, value, `from ${low} to the model's limit of ${server.model.maxContext} tokens`);
}
