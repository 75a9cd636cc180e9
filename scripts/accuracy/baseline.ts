/** The two baselines: the roofline of the datasheet, and the same at half the compute and four fifths of the bandwidth. */
import type { StepModel } from "../../src/engine/step/types.ts";
import { decodeFeatures, prefillFeatures } from "../../src/engine/estimate/features.ts";
import ideal from "../../src/engine/step/ideal.json" with { type: "json" };
import { rooflineModel, type RooflineParameters } from "../../src/engine/step/roofline.ts";
import type { Case } from "./case.ts";

const roofline = ideal as RooflineParameters;

/** Compute and prefill attention at 0.5 of dense peak, all bytes at 0.8 of bandwidth, no overheads (design.md §7). */
const rule: RooflineParameters = {
  ...roofline,
  name: "rule of thumb",
  values: {
    ...roofline.values,
    ...Object.fromEntries(
      [
        ["compute.default", 0.5],
        ["attention.default", 0.5],
        ["weights.default", 0.8],
        ["kv.default", 0.8],
        ["link.share.default", 0.8],
      ].map(([name, value]) => [name, { value: value as number, low: 0, high: 1, source: "rule of thumb" }]),
    ),
  },
};

/**
 * What a calculator without a queue says: a batch as large as load and memory allow, its prompts prefilled, then decoded;
 * a first token takes the prefill of one prompt. SI units.
 */
export function baselines(c: Case): { readonly roofline: number; readonly rule: number } {
  return { roofline: calculate(c, roofline), rule: calculate(c, rule) };
}

function calculate(c: Case, p: RooflineParameters): number {
  const step = rooflineModel({ ...c.server, parameters: p }, p, c.work);
  const output = Math.max(1, c.output);
  const batch = batchOf(c, step);
  const prompt = Math.max(1, c.prompt);
  const one = step.seconds(prefillFeatures(1, prompt, c.cached, step.window));
  const prefill = step.seconds(prefillFeatures(batch, prompt, c.cached, step.window));
  const decode = step.seconds(decodeFeatures(batch, c.prompt + output / 2, step.window));
  const total = prefill + (output - 1) * decode;
  const rate = (c.lanes * batch * output) / total;
  const { metric } = c;
  if (metric === "prefill_throughput") return (batch * prompt) / prefill;
  if (metric === "decode_throughput") return batch / decode;
  if (metric === "achieved_weight_bandwidth_per_gpu") return (c.work.denseBytes + c.work.headBytes) / decode;
  if (metric === "prefill_time_batch") return prefill;
  if (metric.startsWith("ttft")) return c.load === "static" ? prefill : one;
  if (metric === "decode_step_time_mean" || /^(tpot|itl)/.test(metric)) return decode;
  if (metric.startsWith("e2e")) return total;
  if (metric === "makespan") return ((c.requests ?? c.value) * output) / rate;
  if (metric === "output_throughput_per_gpu") return rate / c.gpus;
  if (metric === "total_token_throughput") return (rate * (c.prompt + output)) / output;
  return metric === "request_throughput" ? rate / output : rate;
}

function batchOf(c: Case, step: StepModel): number {
  if (c.load === "single") return 1;
  if (c.load === "static") return Math.max(1, c.value / c.lanes);
  if (c.load === "poisson" || c.load === "constant") {
    // The batch that the rate keeps in flight (Little), with the decode time of that batch.
    let batch = 1;
    for (let i = 0; i < 30; i++) {
      const seconds = step.seconds(decodeFeatures(batch, c.prompt + c.output / 2, step.window)) * c.output;
      batch = Math.min(c.maxRunning, Math.max(1, (c.value / c.lanes) * seconds));
    }
    return batch;
  }
  const wanted = c.value >= 1 ? c.value / c.lanes : c.maxRunning;
  return Math.max(1, Math.min(wanted, c.maxRunning));
}
