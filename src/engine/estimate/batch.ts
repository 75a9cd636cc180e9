/** One static batch: prefilled whole, then decoded to the end. */
import type { StepModel } from "../step/types.ts";
import { decodeFeatures, prefillFeatures } from "./features.ts";

/** Seconds. */
export interface StaticBatch {
  readonly prefill: number;
  /** Mean decode step, and the whole batch from start to end. */
  readonly decodeStep: number;
  readonly total: number;
}

/** `batch` prompts of `prompt` tokens, prefilled at most `maxNumBatchedTokens` a pass, then `output` − 1 decode steps. */
export function staticBatch(
  step: StepModel,
  o: { batch: number; prompt: number; output: number; maxNumBatchedTokens: number },
): StaticBatch {
  const { batch, prompt, output } = o;
  const perPass = Math.max(1, Math.min(batch, Math.floor(o.maxNumBatchedTokens / Math.max(1, prompt))));
  const passes = batch / perPass;
  const prefill = prompt > 0 ? passes * step.seconds(prefillFeatures(perPass, prompt, 0, step.window)) : 0;
  const decodeStep = step.seconds(decodeFeatures(batch, prompt + output / 2, step.window));
  return { prefill, decodeStep, total: prefill + Math.max(0, output - 1) * decodeStep };
}
