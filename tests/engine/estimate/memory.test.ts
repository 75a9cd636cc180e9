import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog } from "../../../src/engine/catalog/catalog.ts";
import { model } from "../../../src/engine/catalog/model.ts";
import { kvBytes, kvBytesPerToken, kvParts, memoryBudget } from "../../../src/engine/estimate/memory.ts";
import { InputError } from "../../../src/engine/errors.ts";

/** What vLLM's log printed, and the settings beside it. */
describe("KV capacity comes within 5 % of vLLM's own count", () => {
  test.each([
    [
      "Llama-3.1-8B, RTX 4090 (LLMServingSim, vLLM 0.19.0)",
      41_408,
      { model: "llama-3.1-8b", gpu: "rtx-4090", scheduler: { gpuMemoryUtilization: 0.9, maxNumSeqs: 256 } },
    ],
    [
      "Qwen3-4B, L4, bf16 KV (vLLM documentation)",
      83_488,
      { model: "qwen3-4b", gpu: "l4", scheduler: { gpuMemoryUtilization: 0.9 } },
    ],
    [
      "Qwen3-4B, L4, fp8 KV (vLLM documentation)",
      166_992,
      { model: "qwen3-4b", gpu: "l4", kv: "fp8", scheduler: { gpuMemoryUtilization: 0.9 } },
    ],
    [
      "Yi-34B, 2 × H100 (BLIS logs)",
      332_688,
      {
        model: "yi-34b",
        gpu: "h100-sxm-80",
        tensorParallel: 2,
        scheduler: { gpuMemoryUtilization: 0.9, maxNumSeqs: 128, maxNumBatchedTokens: 2048 },
      },
    ],
    [
      "Llama-2-70B, 4 × H100 (BLIS logs)",
      501_712,
      {
        model: "llama-2-70b",
        gpu: "h100-sxm-80",
        tensorParallel: 4,
        scheduler: { gpuMemoryUtilization: 0.9, maxNumBatchedTokens: 2048 },
      },
    ],
  ] as const)("%s: %i tokens", (_what, tokens, server) => {
    expect(Math.abs((memoryBudget(server).blocks * 16) / tokens - 1)).toBeLessThan(0.05);
  });
});

test("usable memory is weights, activations, runtime and KV, for every model that fits", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...catalog.models.map((entry) => entry.id)),
      fc.constantFrom("l4", "h100-sxm-80", "mi300x", "b200-sxm-180", "rtx-4090"),
      fc.constantFrom("course-h100-v1", "fitted"),
      (id, gpu, parameters) => {
        const budget = memoryBudget({ model: id, gpu, parameters });
        const sum = budget.weights + budget.activations + budget.runtime + budget.kv;
        if (budget.fits) expect(Math.abs(sum / budget.usable - 1)).toBeLessThan(1e-9);
        else {
          expect(budget.shortBy).toBeGreaterThan(0);
          expect(budget.reason).toMatch(/short/);
        }
      },
    ),
  );
});

test("what is short, added, makes it fit", () => {
  const server = { model: "llama-3.1-70b", gpu: "h100-sxm-80" } as const;
  const budget = memoryBudget(server);
  expect(budget.fits).toBe(false);
  expect(budget.reason).toMatch(/2 GPUs instead of 1/);
  expect(memoryBudget({ ...server, tensorParallel: 2 }).fits).toBe(true);
});

test("KV heads are copied once there are more GPUs than heads; a latent is copied to every GPU", () => {
  const tokens = (id: string, tensorParallel: number) => {
    const budget = memoryBudget({ model: id, gpu: "b200-sxm-180", weights: "fp8", tensorParallel });
    return (budget.blocks * 16 * kvBytesPerToken(model(id))) / budget.kv;
  };
  // Qwen3-30B-A3B has 4 KV heads.
  expect(tokens("qwen3-30b-a3b", 4)).toBeCloseTo(1, 3);
  expect(tokens("qwen3-30b-a3b", 8)).toBeCloseTo(0.5, 3);
  expect(tokens("deepseek-v3", 8)).toBeCloseTo(1 / 8, 3);
});

test("windowed layers stop growing, recurrent layers do not grow", () => {
  const gemma = model("gemma-3-27b");
  // 52 of 62 layers see 1,024 tokens: the catalogue's 2.91 GiB at 32k.
  expect(kvBytes(gemma, 32_768) / 2 ** 30).toBeCloseTo(2.91, 2);
  expect(kvBytes(gemma, 131_072) / 2 ** 30).toBeCloseTo(10.41, 2);
  const qwen = model("qwen3.5-9b");
  expect(kvBytes(qwen, 2000) - kvBytes(qwen, 1000)).toBe(1000 * kvBytesPerToken(qwen));
  expect(kvBytes(qwen, 0)).toBeGreaterThan(0);
});

test("numGpuBlocks overrides the budget, as a server's log knows better", () => {
  const budget = memoryBudget({ model: "llama-3.1-8b", gpu: "rtx-4090", scheduler: { numGpuBlocks: 2588 } });
  expect(budget.blocks * 16).toBe(41_408);
  expect(budget.maxSequences(4096)).toBe(Math.floor(41_408 / 4096));
});

test.each([-1, 1e9, NaN])("a context of %d is refused", (context) => {
  expect(() => kvBytes(model("llama-3.1-8b"), context)).toThrow(InputError);
});

test("advice is given only where the engine then takes it, and it helps", () => {
  for (const id of ["llama-3.1-405b", "llama-3.1-70b", "deepseek-v3", "qwen3-235b-a22b", "qwen2.5-32b", "kimi-k2"])
    for (const gpu of ["h100-sxm-80", "l4", "a100-sxm-40", "b200-sxm-180"]) {
      const { fits, reason } = memoryBudget({ model: id, gpu });
      if (fits) continue;
      const advised = reason!.slice(reason!.indexOf("What would help")).replaceAll(/\d+ GPUs instead of \d+/g, "");
      const given = [
        ...advised.matchAll(/(tensorParallel|pipelineParallel|weights|gpuMemoryUtilization): ("?)([\w.]+)\2/g),
      ];
      const [tensor, pipeline] = ["tensorParallel", "pipelineParallel"].map((name) =>
        Number(given.find((match) => match[1] === name)?.[3] ?? 1),
      );
      if (tensor! > 1)
        expect(memoryBudget({ model: id, gpu, tensorParallel: tensor!, pipelineParallel: pipeline! }).fits).toBe(true);
      const weights = given.find((match) => match[1] === "weights")?.[3];
      if (weights) expect(memoryBudget({ model: id, gpu, weights: weights as "fp8" }).fits, `${id} ${gpu}`).toBe(true);
    }
  expect(memoryBudget({ model: "llama-3.1-405b", gpu: "h100-sxm-80" }).reason).toContain(
    "16 GPUs instead of 1 (tensorParallel: 16)",
  );
});

describe("KV cache in parts", () => {
  test("perToken × context + fixed is the whole, for every model of the catalogue, with or without full windows", () => {
    for (const { id, maxContext } of catalog.models)
      for (const context of [0, 100, Math.min(maxContext, 20_000)]) {
        const { perToken, fixed } = kvParts(id, context);
        expect(perToken * context + fixed).toBeCloseTo(kvBytes(id, context), 3);
        expect(kvBytesPerToken(id, { at: context })).toBe(perToken);
        expect(Number.isInteger(perToken), id).toBe(true);
      }
  });
  test("gpt-oss-120b takes 73,728 bytes a token until its windows are full, then 36,864 and 4,718,592 once", () => {
    expect(kvBytesPerToken("gpt-oss-120b")).toBe(73_728);
    expect(kvParts("gpt-oss-120b", 4000)).toEqual({ perToken: 36_864, fixed: 4_718_592 });
  });
  test("index keys of sparse layers keep their own format, whatever the KV's", () => {
    const [bf16, fp8] = [kvBytesPerToken("deepseek-v3.2"), kvBytesPerToken("deepseek-v3.2", "fp8")];
    const index = 61 * 132;
    expect(bf16).toBe(61 * 576 * 2 + index);
    expect(fp8).toBe(61 * 576 + index);
  });
  test("what can't be a model, a context or a format is refused by name", () => {
    expect(() => kvBytesPerToken("llama-3.1-9b")).toThrow(/llama-3\.1-8b/);
    expect(() => kvBytesPerToken({} as never)).toThrow(InputError);
    expect(() => kvBytes("gpt-oss-120b", 1e9)).toThrow("limit of 131072 tokens");
    expect(() => kvBytes("llama-3.1-8b", 10, "toString" as never)).toThrow("kv is");
  });
});
