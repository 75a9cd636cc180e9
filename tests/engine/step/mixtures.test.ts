import { describe, expect, test } from "vitest";
import { withProfile } from "../../../scripts/accuracy/profiled.ts";
import { decodeFeatures } from "../../../src/engine/estimate/features.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import { parameters } from "../../../src/engine/step/parameters.ts";
import { rooflineModel, type RooflineParameters } from "../../../src/engine/step/roofline.ts";
import { workOf } from "../../../src/engine/step/work.ts";

// gpt-oss-120b: 36 layers of 128 experts, 4 a token, hidden size 2,880.
const server = resolveServer({
  model: "gpt-oss-120b",
  gpu: "h100-sxm-80",
  dataParallel: 8,
  expertParallel: 8,
  weights: "bf16",
  parameters: "ideal",
});
const with_ = (changed: Readonly<Record<string, number>>): RooflineParameters => ({
  ...parameters.ideal,
  values: {
    ...parameters.ideal.values,
    ...Object.fromEntries(
      Object.entries(changed).map(([name, value]) => [name, { value, low: value, high: value, source: "test" }]),
    ),
  },
});

describe("mixtures over data-parallel attention, by hand", () => {
  test("of a token's four copies an eighth stays on its own rank; the rest crosses the link there and back", () => {
    // 36 layers × 2 ways × 4 copies × 7⁄8 × 2,880 numbers of 2 bytes, over NVLink at 450 GB/s.
    const bytes = 36 * 2 * 4 * (7 / 8) * 2880 * 2;
    const tokens = 64;
    const { parts } = rooflineModel(server, parameters.ideal).cost(decodeFeatures(tokens, 1000, undefined));
    expect(parts.communication).toBeCloseTo((tokens * bytes) / 450e9, 12);
  });

  test("padding is rows for each expert that a token reaches, whatever the padding of dense GEMMs", () => {
    const f = decodeFeatures(64, 1000, undefined);
    const expertsOnly = (changed: Readonly<Record<string, number>>) =>
      rooflineModel(server, with_({ "experts.weights.default": 1e9, ...changed })).seconds(f);
    const { flopPerToken, ranks, count, logMiss } = workOf(server).experts!;
    const distinct = count * (1 - Math.exp(64 * ranks * logMiss));
    const perRow = (flopPerToken / server.gpu.peakFlops.bf16!) * ranks;
    expect(expertsOnly({ "experts.half.default": 16 }) - expertsOnly({ "experts.half.default": 0 })).toBeCloseTo(
      distinct * 16 * perRow,
      9,
    );
  });

  test("a profile's padding of dense GEMMs leaves that of experts as it is", () => {
    const profiled = withProfile(parameters.fitted, { model: "qwen3-30b-a3b", gpu: "rtx-pro-6000-server" });
    expect(profiled.values["compute.half.default"]).not.toEqual(parameters.fitted.values["compute.half.default"]);
    expect(profiled.values["experts.half.default"]).toEqual(parameters.fitted.values["experts.half.default"]);
  });
});

describe("formats that a chip can only store", () => {
  const seconds = (gpu: string, weights: "fp8" | "bf16", batch: number) =>
    rooflineModel(
      resolveServer({ model: "llama-3.1-8b", gpu, weights, parameters: "ideal" }),
      with_({ "compute.format.w8a16": 0.7, "compute.format.fp8": 1 }),
    ).seconds(decodeFeatures(batch, 1, undefined));

  test("FP8 on an A100 multiplies in 16 bits: slower than bf16 when compute-bound, on an H100 faster", () => {
    expect(seconds("a100-sxm-80", "fp8", 8192)).toBeGreaterThan(1.2 * seconds("a100-sxm-80", "bf16", 8192));
    expect(seconds("h100-sxm-80", "fp8", 8192)).toBeLessThan(0.7 * seconds("h100-sxm-80", "bf16", 8192));
  });

  test("it still halves what decoding a few sequences reads", () => {
    expect(seconds("a100-sxm-80", "fp8", 1)).toBeLessThan(0.7 * seconds("a100-sxm-80", "bf16", 1));
  });
});
