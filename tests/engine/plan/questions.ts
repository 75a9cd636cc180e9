/** Ten questions drawn from a seed, over spaces small enough to be searched by trying everything. */
import type { Dtype } from "../../../src/engine/catalog/types.ts";
import type { Bound, PlanQuestion } from "../../../src/engine/plan/types.ts";
import { createRandom } from "../../../src/engine/random.ts";
import type { Lengths } from "../../../src/engine/workload/types.ts";

function lengths(median: number, most: number): Lengths {
  return { kind: "clamp", of: { kind: "lognormal", median, sigma: 0.6 }, min: 1, max: most };
}

const models = [
  {
    model: "llama-3.1-8b",
    gpus: ["rtx-4090", "l40s", "h100-sxm-80", "mi300x"],
    weights: ["bf16", "fp8", "w4a16"],
    scale: 1,
  },
  {
    model: "llama-3.1-70b",
    gpus: ["a100-sxm-80", "h100-sxm-80", "h200-sxm-141", "b200-sxm-180"],
    weights: ["fp8", "w4a16"],
    scale: 3,
  },
  {
    model: "qwen3-30b-a3b",
    gpus: ["a100-sxm-80", "h100-sxm-80", "rtx-pro-6000-server"],
    weights: ["bf16", "fp8"],
    scale: 1,
  },
] as const;

function question(seed: number): PlanQuestion {
  const random = createRandom(seed, "plan questions");
  const one = <T>(list: readonly T[]): T => list[random.integer(list.length)]!;
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const { model, gpus, weights, scale } = one(models);
  const first = random.integer(gpus.length);
  const second = (first + 1 + random.integer(gpus.length - 1)) % gpus.length;
  const bounds: readonly Bound[] = [
    { metric: "ttft", percentile: one([50, 95, 99] as const), seconds: scale * between(0.25, 0.8) },
    { metric: "tpot", percentile: one([50, 95] as const), seconds: scale * between(0.012, 0.04) },
  ];
  return {
    model,
    workload: {
      rate: between(2, 24) / scale,
      prompt: lengths(between(150, 1500), 6000),
      output: lengths(between(40, 200), 900),
      ...(seed % 5 === 0 && { prefix: { groups: 4, tokens: { kind: "fixed", value: 600 } } }),
    },
    slo: seed % 3 === 0 ? { goodput: { share: 0.9, ttft: scale * 0.6, tpot: scale * 0.035 } } : { bounds },
    ...(seed % 2 === 0 && { usdPerMonth: scale * between(2500, 9000) }),
    asOf: "2026-11-28",
    space: {
      gpus: [gpus[first]!, gpus[second]!],
      weights: weights as unknown as Dtype[],
      kv: ["bf16"],
      tensorParallel: [1, 2, 4],
      pipelineParallel: [1],
      dataParallel: [1],
      replicas: 6,
    },
    rows: 3,
    rankBy: one(["ttft", "e2e"]),
    seed,
  };
}

export const questions: readonly PlanQuestion[] = Array.from({ length: 10 }, (_, i) => question(i + 1));
