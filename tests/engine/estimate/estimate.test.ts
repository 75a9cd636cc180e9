import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog } from "../../../src/engine/catalog/catalog.ts";
import { model } from "../../../src/engine/catalog/model.ts";
import { price } from "../../../src/engine/catalog/price.ts";
import { staticBatch } from "../../../src/engine/estimate/batch.ts";
import { burst, spreadOf } from "../../../src/engine/estimate/burst.ts";
import { apiCost, breakEven, monthlyCost, selfHostedCost } from "../../../src/engine/estimate/cost.ts";
import { estimate } from "../../../src/engine/estimate/estimate.ts";
import { closedLoop, openLoop } from "../../../src/engine/estimate/steady.ts";
import { pareto, rooflinePoint } from "../../../src/engine/estimate/pareto.ts";
import { decodeStep, prefillStep } from "../../../src/engine/estimate/step.ts";
import { InputError } from "../../../src/engine/errors.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import { stepModel } from "../../../src/engine/step/model.ts";
import type { Server } from "../../../src/engine/server.ts";

const h100 = { model: "llama-3.1-8b", gpu: "h100-sxm-80" } as const;
const lane = {
  step: stepModel(resolveServer(h100)),
  prompt: 1000,
  output: 500,
  cached: 0,
  maxRunning: 256,
  maxNumBatchedTokens: 8192,
  mixes: true,
  outside: 0,
  ahead: false,
  interval: 1,
};

describe("an estimate", () => {
  test("is finite, positive and inside its interval for every model, GPU and load that fits", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...catalog.models.map((entry) => entry.id)),
        fc.constantFrom("l4", "rtx-4090", "h100-sxm-80", "mi300x", "b200-sxm-180", "apple-m3-max"),
        fc.constantFrom("fitted", "ideal", "course-h100-v1"),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 100 }),
        fc.oneof(fc.constant("max" as const), fc.integer({ min: 1, max: 500 })),
        (id, gpu, parameters, prompt, output, concurrency) => {
          const e = attempt(() => estimate({ model: id, gpu, parameters }, { prompt, output, concurrency }));
          if (!e) return;
          const tpot = output > 1 ? [e.tpot] : [];
          for (const value of [e.ttft, ...tpot, e.e2e, e.outputTokensPerSecond, e.requestsPerSecond]) {
            expect(value.value).toBeGreaterThan(0);
            expect(Number.isFinite(value.high)).toBe(true);
            expect(value.low).toBeLessThanOrEqual(value.value);
            expect(value.high).toBeGreaterThanOrEqual(value.value);
          }
        },
      ),
    );
  });

  test("obeys Little's law: requests in flight are rate times time in the system", () => {
    for (const concurrency of [1, 8, 64, 250, 600]) {
      const s = closedLoop(lane, concurrency);
      const time = s.ttft + (lane.output - 1) * s.tpot;
      expect(Math.abs((s.requestsPerSecond * time) / concurrency - 1)).toBeLessThan(0.02);
    }
  });

  test("gains throughput with concurrency until memory is full, and then only TTFT grows", () => {
    const at = (concurrency: number) => closedLoop(lane, concurrency);
    expect(at(64).requestsPerSecond).toBeGreaterThan(at(8).requestsPerSecond);
    expect(at(2000).requestsPerSecond).toBeCloseTo(at(1000).requestsPerSecond, 6);
    expect(at(2000).ttft).toBeGreaterThan(2 * at(1000).ttft * 0.9);
  });

  test("divides the load over replicas", () => {
    const shape = { prompt: 500, output: 200, concurrency: 32 };
    const one = estimate(h100, shape);
    const two = estimate({ ...h100, replicas: 2 }, { ...shape, concurrency: 64 });
    expect(two.tpot.value).toBeCloseTo(one.tpot.value, 9);
    expect(two.outputTokensPerSecond.value).toBeCloseTo(2 * one.outputTokensPerSecond.value, 3);
  });

  test("names what it assumed, and what binds", () => {
    const e = estimate(h100, { prompt: 1000, output: 1000, concurrency: "max" });
    expect(e.bound).toBe("memory");
    expect(e.assumed).toContain("weights");
  });
});

describe("other loads", () => {
  test("an open loop under capacity serves the rate; over it the queue is endless", () => {
    const capacity = closedLoop(lane, 1024).requestsPerSecond;
    expect(openLoop(lane, capacity / 2).requestsPerSecond).toBe(capacity / 2);
    expect(openLoop(lane, capacity * 1.1).waiting).toBe(Infinity);
    expect(openLoop(lane, capacity * 0.9).tpot).toBeGreaterThan(openLoop(lane, capacity * 0.2).tpot);
  });

  test("a burst takes longer with more requests, and longer still where answers differ in length", () => {
    const time = (requests: number, varied: boolean) => burst(lane, requests, spreadOf(varied)).makespan;
    expect(time(2000, false)).toBeGreaterThan(time(200, false));
    expect(time(200, true)).toBeGreaterThan(time(200, false));
  });

  test("a spread of lengths has the mean it was asked for, under its cap", () => {
    for (const cap of [1.2, 1.5, 2, 4]) {
      const { lengths } = spreadOf(true, cap);
      expect(lengths.reduce((sum, x) => sum + x, 0) / lengths.length).toBeCloseTo(1, 2);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(cap);
    }
  });

  test("a static batch is its prefill and its decode steps", () => {
    const run = staticBatch(lane.step, { batch: 8, prompt: 128, output: 100, maxNumBatchedTokens: 16_384 });
    expect(run.total).toBeCloseTo(run.prefill + 99 * run.decodeStep, 12);
  });
});

test("along the Pareto curve a GPU's throughput rises as one user's speed falls", () => {
  const curve = pareto(h100, { prompt: 512, output: 128 });
  expect(curve.length).toBeGreaterThan(5);
  for (let i = 1; i < curve.length; i++) {
    expect(curve[i]!.perUser).toBeLessThan(curve[i - 1]!.perUser);
    expect(curve[i]!.perGpu).toBeGreaterThan(curve[i - 1]!.perGpu);
  }
});

test("under its roofline a step reaches at most what the datasheet allows", () => {
  for (const step of [decodeStep(h100, { batch: 1, context: 100 }), prefillStep(h100, { tokens: 8192 })]) {
    const point = rooflinePoint(h100, step);
    expect(point.achieved).toBeLessThanOrEqual(point.attainable);
    expect(point.ridge).toBeCloseTo(989.4 / 3.35, 6);
  }
});

describe("bad input is refused by name", () => {
  const shape = { prompt: 100, output: 100, concurrency: 1 };
  test.each<[string, Server]>([
    ["tensorParallel", { ...h100, tensorParallel: 3 }],
    ["tensorParallel", { ...h100, tensorParallel: 0 }],
    ["expertParallel", { ...h100, expertParallel: 2 }],
    ["pipelineParallel", { ...h100, pipelineParallel: 33 }],
    ["weights", { ...h100, weights: "fp7" as "fp8" }],
    ["kv", { ...h100, kv: "int3" as "fp8" }],
    ["scheduler.gpuMemoryUtilization", { ...h100, scheduler: { gpuMemoryUtilization: 1.5 } }],
    ["scheduler.maxNumSeqs", { ...h100, scheduler: { maxNumSeqs: 0 } }],
    ["scheduler.maxModelLen", { ...h100, scheduler: { maxModelLen: 1e9 } }],
    ["parameters", { ...h100, parameters: "course-h100-v2" }],
    ["engine", { ...h100, engine: "vlm" }],
    ["model.layers", { ...h100, model: { ...model("llama-3.1-8b"), layers: 0 } }],
  ])("%s", (field, server) => {
    const error = thrown(() => estimate(server, shape));
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).field).toBe(field);
  });

  test.each([
    [{ ...shape, prompt: -1 }],
    [{ ...shape, output: 0 }],
    [{ ...shape, prompt: NaN }],
    [{ ...shape, prompt: 131_072 }],
    [{ ...shape, concurrency: 0 }],
  ])("shape %o", (bad) => {
    expect(() => estimate(h100, bad)).toThrow(InputError);
  });

  test("steps without sequences, with more cached than prompted, over the context", () => {
    expect(() => decodeStep(h100, { batch: 0, context: 10 })).toThrow(InputError);
    expect(() => decodeStep(h100, { batch: 1, context: 1e7 })).toThrow(InputError);
    expect(() => prefillStep(h100, { tokens: 10, cached: 10 })).toThrow(InputError);
    expect(() => prefillStep(h100, { tokens: NaN })).toThrow(InputError);
  });

  test("a model that does not fit says by how much", () => {
    expect(() => estimate({ model: "llama-3.1-405b", gpu: "l4" }, shape)).toThrow(/short/);
  });
});

describe("cost", () => {
  test("parts add up, batches are discounted, and a long prompt pays the tier", () => {
    const gpt = price("gpt-5.5");
    const bill = apiCost(gpt, { input: 1000, cached: 400, output: 100 });
    expect(Object.values(bill.parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(bill.total, 12);
    expect(apiCost(gpt, { input: 1000, output: 100 }, { batch: true }).total).toBeCloseTo(0.0065 / 1.625, 6);
    expect(apiCost(gpt, { input: 300_000, output: 0 }).total).toBeCloseTo(3, 9);
    expect(apiCost(gpt, { input: 272_000, output: 0 }).total).toBeCloseTo(1.36, 9);
  });

  test("more cached than input, negative tokens and missing prices are refused", () => {
    const gpt = price("gpt-5.5");
    expect(() => apiCost(gpt, { input: 10, cached: 11, output: 1 })).toThrow(InputError);
    expect(() => apiCost(gpt, { input: -1, output: 1 })).toThrow(InputError);
    expect(() => apiCost({ ...gpt, output: undefined as unknown as number }, { input: 1, output: 1 })).toThrow(
      /price\.output/,
    );
    expect(() => selfHostedCost({ gpuHour: 1, gpus: 1, outputTokensPerSecond: 0 })).toThrow(InputError);
    expect(() => selfHostedCost({ gpuHour: 1, gpus: 1, outputTokensPerSecond: 1, utilisation: 0 })).toThrow(InputError);
  });

  test("at the break-even utilisation both cost the same", () => {
    const rent = { gpuHour: 3.25, gpus: 1, outputTokensPerSecond: 2500 };
    const { utilisation, possible } = breakEven({ ...rent, apiPerMillionOutputTokens: 0.6 });
    expect(selfHostedCost({ ...rent, utilisation }).perMillionOutputTokens).toBeCloseTo(0.6, 9);
    expect(possible).toBe(true);
    expect(breakEven({ ...rent, apiPerMillionOutputTokens: 0.1 }).possible).toBe(false);
  });

  test("a month is its days' requests", () => {
    const perRequest = apiCost(price("gpt-5.5"), { input: 1000, output: 100 });
    expect(monthlyCost({ perRequest, requestsPerDay: 1000 }).total).toBeCloseTo(30_000 * perRequest.total, 9);
  });
});

function attempt<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function thrown(f: () => unknown): unknown {
  try {
    f();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("the interval of a whole answer is that of its first token and its gaps together", () => {
  const { ttft, tpot, e2e } = estimate(
    { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
    { prompt: 500, output: 101, concurrency: 8 },
  );
  for (const end of ["value", "low", "high"] as const) expect(e2e[end]).toBeCloseTo(ttft[end] + 100 * tpot[end], 12);
});
