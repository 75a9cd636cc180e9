import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog } from "../../../src/engine/catalog/catalog.ts";
import { gpu as findGpu } from "../../../src/engine/catalog/gpu.ts";
import { formats } from "../../../src/engine/catalog/dtypes.ts";
import type { Dtype } from "../../../src/engine/catalog/types.ts";
import { mixedFeatures } from "../../../src/engine/estimate/features.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import { engineGeneration, engines } from "../../../src/engine/step/engines.ts";
import { stepModel } from "../../../src/engine/step/model.ts";
import { parameters } from "../../../src/engine/step/parameters.ts";
import type { Server } from "../../../src/engine/server.ts";

const sets = Object.keys(parameters);
const models = catalog.models.filter((model) => model.attention[0]!.heads % 4 === 0);
const gpus = catalog.gpus.filter((gpu) => gpu.peakFlops.bf16! > 0);

const servers = fc.record({
  model: fc.constantFrom(...models.map((model) => model.id)),
  gpu: fc.constantFrom(...gpus.map((gpu) => gpu.id)),
  weights: fc.constantFrom(...(Object.keys(formats) as Dtype[])),
  kv: fc.constantFrom<Dtype>("bf16", "fp8"),
  tensorParallel: fc.constantFrom(1, 2, 4),
  parameters: fc.constantFrom(...sets),
  engine: fc.constantFrom(...engines),
});

const steps = fc
  .record({
    running: fc.integer({ min: 0, max: 512 }),
    context: fc.integer({ min: 1, max: 20_000 }),
    prompts: fc.integer({ min: 0, max: 8 }),
    tokens: fc.integer({ min: 1, max: 4096 }),
    cached: fc.integer({ min: 0, max: 4096 }),
  })
  .filter((step) => step.running + step.prompts > 0);

function modelAndFeatures(
  server: Server,
  o: { running: number; context: number; prompts: number; tokens: number; cached: number },
) {
  const model = stepModel(resolveServer(server));
  return { model, features: mixedFeatures(o.running, o.context, o.prompts, o.tokens, o.cached, model.window) };
}

describe("every step of every server in the catalogue", () => {
  test("takes a positive, finite time whose parts add up and whose biggest part is called its bound", () => {
    fc.assert(
      fc.property(servers, steps, (server, o) => {
        const { model, features } = modelAndFeatures(server, o);
        const cost = model.cost(features);
        const sum = Object.values(cost.parts).reduce((total, part) => total + part, 0);
        expect(cost.seconds).toBeGreaterThan(0);
        expect(Number.isFinite(cost.seconds + cost.flop + cost.bytes)).toBe(true);
        expect(Math.abs(sum / cost.seconds - 1)).toBeLessThan(1e-9);
        expect(Math.abs(model.seconds(features) / cost.seconds - 1)).toBeLessThan(1e-9);
        for (const part of Object.values(cost.parts)) expect(part).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("is never slower with more bandwidth, more FLOP/s or a faster link", () => {
    fc.assert(
      fc.property(servers, steps, fc.double({ min: 1, max: 8, noNaN: true }), (server, o, factor) => {
        const gpu = findGpu(server.gpu);
        const base = modelAndFeatures({ ...server, gpu }, o);
        const before = base.model.seconds(base.features);
        const peakFlops = Object.fromEntries(
          Object.entries(gpu.peakFlops).map(([dtype, flops]) => [dtype, flops * factor]),
        );
        const link = gpu.link && { ...gpu.link, bytesPerSecond: gpu.link.bytesPerSecond * factor };
        for (const better of [{ hbmBandwidth: gpu.hbmBandwidth * factor }, { peakFlops }, { ...(link && { link }) }]) {
          const after = stepModel(resolveServer({ ...server, gpu: { ...gpu, ...better } })).seconds(base.features);
          expect(after).toBeLessThanOrEqual(before * (1 + 1e-12));
        }
      }),
    );
  });

  test("does not get faster with more work", () => {
    fc.assert(
      fc.property(servers, steps, (server, o) => {
        const { model, features } = modelAndFeatures(server, o);
        const before = model.seconds(features);
        for (const more of [
          { ...o, running: o.running + 1 },
          { ...o, context: o.context + 100 },
          { ...o, prompts: o.prompts + 1 },
        ])
          expect(model.seconds(modelAndFeatures(server, more).features)).toBeGreaterThanOrEqual(before * (1 - 1e-12));
      }),
    );
  });

  test("is affine in the context that decoding sequences read", () => {
    fc.assert(
      fc.property(servers, steps, (server, o) => {
        const { model, features } = modelAndFeatures(server, o);
        const at = (full: number, windowed: number) =>
          model.seconds({ ...features, decodeContext: full, decodeContextWindowed: windowed });
        const middle = (at(0, 0) + at(2e6, 1e5)) / 2;
        expect(Math.abs(at(1e6, 5e4) / middle - 1)).toBeLessThan(1e-9);
      }),
    );
  });

  test("has no communication on one GPU", () => {
    fc.assert(
      fc.property(servers, steps, (server, o) => {
        const { model, features } = modelAndFeatures({ ...server, tensorParallel: 1 }, o);
        expect(model.cost(features).parts["communication"]).toBe(0);
      }),
    );
  });
});

test("every fitted constant lies in its interval, names its source, and no efficiency exceeds 1", () => {
  for (const [name, p] of Object.entries(parameters.fitted.values)) {
    expect(p.low, name).toBeLessThanOrEqual(p.value);
    expect(p.high, name).toBeGreaterThanOrEqual(p.value);
    expect(p.value, name).toBeGreaterThanOrEqual(0);
    expect(p.source.length, name).toBeGreaterThan(3);
    if (
      /^(compute|weights|kv|attention|link\.share|experts\.(compute|weights|skew))\.[^.]+$/.test(name) &&
      !name.includes("engine") &&
      name !== "compute.half"
    )
      expect(p.value, name).toBeLessThanOrEqual(name.startsWith("compute.half") ? Infinity : 1);
  }
});

test("versions fall into the generation whose host overheads they share", () => {
  expect(engineGeneration("vllm", "0.6.3")).toBe("vllm-v0");
  expect(engineGeneration("vllm", "0.11.0")).toBe("vllm-v1");
  expect(engineGeneration("vllm", "0.19.1")).toBe("vllm-async");
  expect(engineGeneration("trtllm", "0.17")).toBe("trtllm-cpp");
  expect(engineGeneration("trtllm", "1.0.0rc3")).toBe("trtllm-pytorch");
  expect(engineGeneration("vllm", "nightly")).toBe("vllm-async");
  expect(engineGeneration("vllm-v1")).toBe("vllm-v1");
  expect(engineGeneration("no-such-engine")).toBeUndefined();
});
