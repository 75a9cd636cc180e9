/** The course's worked numbers under its frozen parameter sets. Parts and sections are those of the course's fact base. */
import { describe, expect, test } from "vitest";
import { model } from "../../../src/engine/catalog/model.ts";
import { price } from "../../../src/engine/catalog/price.ts";
import { apiCost, selfHostedCost } from "../../../src/engine/estimate/cost.ts";
import { estimate } from "../../../src/engine/estimate/estimate.ts";
import { kvBytes, kvBytesPerToken, memoryBudget } from "../../../src/engine/estimate/memory.ts";
import { decodeStep, prefillStep } from "../../../src/engine/estimate/step.ts";
import type { Dtype } from "../../../src/engine/catalog/types.ts";

const h100 = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" } as const;
const KiB = 1024;

function within(actual: number, expected: number, relative: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(relative);
}

describe("part 2: KV cache", () => {
  test.each([
    ["llama-2-7b", 512],
    ["opt-13b", 800],
    ["qwen2.5-7b", 56],
    ["llama-3.1-8b", 128],
    ["mistral-7b", 128],
    ["qwen3-4b", 144],
    ["qwen2.5-32b", 256],
    ["llama-3-70b", 320],
    ["llama-3.1-405b", 504],
    ["gpt-oss-120b", 72],
  ])("%s caches %i KiB a token", (id, kib) => {
    expect(kvBytesPerToken(model(id))).toBe(kib * KiB);
  });

  test("DeepSeek-V3 caches 35,136 numbers a token, 70,272 bytes", () => {
    expect(kvBytesPerToken(model("deepseek-v3"))).toBe(70272);
  });

  test("gpt-oss-120b keeps 36 KiB a token and 4.7 MB of windows; 4.84 GB at 128k", () => {
    const oss = model("gpt-oss-120b");
    expect(kvBytes(oss, 10_001) - kvBytes(oss, 10_000)).toBe(36 * KiB);
    expect(kvBytes(oss, 10_000) - 10_000 * 36 * KiB).toBe(4_718_592);
    within(kvBytes(oss, 131_072), 4.84e9, 0.002);
  });

  test("an 8k chat of Llama-3.1-8B is 1.00 GiB; OPT-13B's 2,048 tokens are 1.68 GB", () => {
    expect(kvBytes(model("llama-3.1-8b"), 8192)).toBe(2 ** 30);
    within(kvBytes(model("opt-13b"), 2048), 1.68e9, 0.002);
  });

  test("11.47 GiB hold 83,522 tokens of Qwen3-4B", () => {
    expect(Math.round((11.47 * 2 ** 30) / kvBytesPerToken(model("qwen3-4b")))).toBe(83_522);
  });
});

describe("part 2: roofline", () => {
  const ideal = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "ideal" } as const;
  const bound = (batch: number) => decodeStep(ideal, { batch, context: 0 }).bound;

  test("decode becomes compute-bound at a batch of 295 as the context goes to nothing", () => {
    expect(bound(295)).toBe("weights");
    expect(bound(296)).toBe("compute");
  });

  test("8-bit weights with 16-bit arithmetic put the knee near 148", () => {
    const server = { ...ideal, weights: "w8a16" } as const;
    let knee = 1;
    while (decodeStep(server, { batch: knee, context: 0 }).bound === "weights") knee++;
    // The output layer stays in 16 bits, so that a little more is read.
    within(knee, 148, 0.01);
  });

  test("the decode floor of an 8B in bf16 is 4.79 ms at full bandwidth, embedding table included", () => {
    within((model("llama-3.1-8b").parameters * 2) / 3.35e12, 4.79e-3, 0.002);
  });
});

describe("part 0 and 6: steps of Llama-3.1-8B on an H100", () => {
  test.each([
    [128, 6.5],
    [512, 15.7],
    [1000, 30],
    [2000, 61],
    [4000, 126],
    [8000, 268],
    [16_000, 596],
    [32_000, 1439],
    [128_000, 11_676],
  ])("a prefill of %i tokens takes %d ms", (tokens, ms) => {
    within(prefillStep(h100, { tokens }).seconds, ms / 1000, 0.02);
  });

  test.each([
    [2_000, 6.53],
    [32_000, 7.84],
    [100_000, 10.81],
  ])("a decode step at %i tokens takes %d ms", (context, ms) => {
    within(decodeStep(h100, { batch: 1, context }).seconds, ms / 1000, 0.002);
  });

  test("reusing 6,000 of 6,200 tokens takes a prefill from 202 to 7.8 ms", () => {
    within(prefillStep(h100, { tokens: 6200 }).seconds, 0.202, 0.02);
    within(prefillStep(h100, { tokens: 6200, cached: 6000 }).seconds, 7.8e-3, 0.08);
  });

  test("batch 1 to 64: 6.46 to 7.88 ms at 512 tokens, 6.8 to 29.4 ms at 8,192", () => {
    const ms = (batch: number, context: number) => decodeStep(h100, { batch, context }).seconds * 1000;
    within(ms(1, 512), 6.46, 0.01);
    within(ms(64, 512), 7.88, 0.01);
    within(ms(1, 8192), 6.8, 0.01);
    within(ms(64, 8192), 29.4, 0.01);
  });

  test("eight users, 20k in and 2k out: 467 tokens a second (450 were measured)", () => {
    within(estimate(h100, { prompt: 20_000, output: 2_000, concurrency: 8 }).outputTokensPerSecond.value, 467, 0.05);
  });
});

describe("part 2: Qwen3-4B on an L4, one efficiency of 0.82", () => {
  test.each([
    [2048, 29.1],
    [8192, 26.3],
    [16_384, 23.3],
    [32_768, 18.9],
  ])("at %i tokens: %d tokens a second", (context, rate) => {
    const server = { model: "qwen3-4b", gpu: "l4", parameters: "course-l4-v1" } as const;
    within(1 / decodeStep(server, { batch: 1, context }).seconds, rate, 0.01);
  });
});

describe("part 7: memory table", () => {
  const rows: readonly [string, string, number, Dtype, Dtype, number, number, string][] = [
    ["llama-3.1-8b", "l4", 1, "bf16", "bf16", 34e3, 16, "course-l4-v1"],
    ["llama-3.1-8b", "l4", 1, "fp8", "fp8", 191e3, 93, "course-l4-v1"],
    ["llama-3.1-8b", "h100-sxm-80", 1, "bf16", "bf16", 424e3, 207, "course-h100-v1"],
    ["llama-3.1-70b", "h100-sxm-80", 2, "bf16", "bf16", 6.1e3, 3, "course-h100-v1"],
    ["llama-3.1-70b", "h100-sxm-80", 4, "bf16", "bf16", 443e3, 216, "course-h100-v1"],
    ["llama-3.1-70b", "h100-sxm-80", 1, "fp8", "bf16", 3.1e3, 1, "course-h100-v1"],
    ["llama-3.1-70b", "h100-sxm-80", 2, "fp8", "bf16", 222e3, 108, "course-h100-v1"],
    ["llama-3.1-70b", "h100-sxm-80", 2, "fp8", "fp8", 443e3, 216, "course-h100-v1"],
    ["llama-3.1-70b", "h200-sxm-141", 1, "fp8", "fp8", 349e3, 170, "course-h100-v1"],
  ];
  test.each(rows)(
    "%s on %s × %i, %s weights, %s KV",
    (id, gpu, tensorParallel, weights, kv, tokens, sequences, parameters) => {
      const budget = memoryBudget({ model: id, gpu, tensorParallel, weights, kv, parameters });
      // The table rounds 70.55 to 70.6 GB of weights: 5 % where 2 GB are left.
      within(budget.blocks * 16, tokens, 0.05);
      expect(Math.abs(budget.maxSequences(2048) - sequences)).toBeLessThanOrEqual(1);
    },
  );
});

describe("part 7: tensor parallelism and cost", () => {
  test.each([
    [1, 30.2],
    [2, 16.4],
    [4, 8.8],
    [8, 5.1],
  ])("70B in fp8 over %i GPUs decodes a token in %d ms", (tensorParallel, ms) => {
    const server = {
      model: "llama-3.1-70b",
      gpu: "h100-sxm-80",
      weights: "fp8",
      tensorParallel,
      parameters: "course-tp-v1",
    } as const;
    within(decodeStep(server, { batch: 1, context: 512 }).seconds, ms / 1000, 0.01);
  });

  const replicasWin = (linkBytes: number) => {
    const gpu = { ...h100Gpu(), link: { name: "NVLink", bytesPerSecond: linkBytes } };
    const step = (tensorParallel: number, batch: number) =>
      decodeStep(
        { model: "llama-3.1-70b", gpu, weights: "fp8", tensorParallel, parameters: "course-tp-v1" },
        { batch, context: 0 },
      ).seconds;
    let sequences = 8;
    while (step(8, sequences) < step(2, sequences / 4)) sequences += 2;
    return sequences;
  };

  test("four TP2 replicas overtake one TP8 group near 530 sequences on NVLink and near 84 on 32 GB/s", () => {
    within(replicasWin(450e9), 530, 0.1);
    within(replicasWin(32e9), 84, 0.1);
  });

  test.each([
    [200, 4.51],
    [1000, 0.9],
    [2500, 0.361],
    [6450, 0.14],
  ])("an H100 at $3.25 and %i tokens a second: $%d a million", (outputTokensPerSecond, usd) => {
    within(selfHostedCost({ gpuHour: 3.25, gpus: 1, outputTokensPerSecond }).perMillionOutputTokens, usd, 0.01);
  });

  test("at 30 % busy, 1,000 tokens a second cost $3.01 a million", () => {
    const cost = selfHostedCost({ gpuHour: 3.25, gpus: 1, outputTokensPerSecond: 1000, utilisation: 0.3 });
    within(cost.perMillionOutputTokens, 3.01, 0.002);
  });
});

describe("part 1: API bills", () => {
  test("gpt-5.6-luna, 2,000 in and 300 out: $0.0038 before the cut, $0.00076 after, $0.00049 with 1,500 cached", () => {
    const tokens = { input: 2000, output: 300 };
    expect(apiCost(price("gpt-5.6-luna", "2026-07-01"), tokens).total).toBeCloseTo(0.0038, 8);
    expect(apiCost(price("gpt-5.6-luna", "2026-08-05"), tokens).total).toBeCloseTo(0.00076, 8);
    expect(apiCost(price("gpt-5.6-luna", "2026-08-05"), { ...tokens, cached: 1500 }).total).toBeCloseTo(0.00049, 8);
  });

  test("output is 47 % of that bill", () => {
    const bill = apiCost(price("gpt-5.6-luna", "2026-08-05"), { input: 2000, output: 300 });
    within(bill.parts["output"]! / bill.total, 0.47, 0.01);
  });
});

function h100Gpu() {
  return {
    id: "h100",
    name: "H100",
    memory: 80e9,
    hbmBandwidth: 3.35e12,
    peakFlops: { bf16: 989.4e12, fp8: 1978.9e12 },
  };
}
