/** One prefill or decode step of a server, in closed form. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import type { ResolvedServer, Server } from "../server.ts";
import { stepModel } from "../step/model.ts";
import type { StepCost } from "../step/types.ts";
import { decodeFeatures, prefillFeatures } from "./features.ts";

const prefillOptions = optionsNamed({ numbers: ["tokens", "cached", "batch"] });
const decodeOptions = optionsNamed({ numbers: ["batch", "context"] });

/**
 * What one step costs that prefills `batch` prompts of `tokens` tokens each, `cached` of which a prefix cache already
 * holds. Seconds, FLOP and bytes over all GPUs. Throws InputError on counts that no step can have.
 */
export function prefillStep(server: Server, o: { tokens: number; cached?: number; batch?: number }): StepCost {
  const resolved = resolveServer(server);
  checkOptions("prefillStep options", o, prefillOptions);
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
  checkOptions("decodeStep options", o, decodeOptions);
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
