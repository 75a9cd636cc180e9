import { expect, test } from "vitest";
import { catalog } from "../../../src/engine/catalog/catalog.ts";
import { gpu } from "../../../src/engine/catalog/gpu.ts";
import { model } from "../../../src/engine/catalog/model.ts";
import records from "../../../src/engine/catalog/models.json" with { type: "json" };
import { gpuPrice, price } from "../../../src/engine/catalog/price.ts";
import { sourceOf } from "../../../src/engine/catalog/source.ts";
import { InputError } from "../../../src/engine/errors.ts";

/** Totals that the models' cards print, in billions. */
const printed: Readonly<Record<string, number>> = {
  "llama-2-7b": 6.74,
  "llama-3.1-8b": 8.03,
  "llama-3.1-70b": 70.55,
  "llama-3.1-405b": 405.85,
  "qwen2.5-7b": 7.62,
  "qwen3-32b": 32.76,
  "qwen3-30b-a3b": 30.53,
  "qwen3-235b-a22b": 235.09,
  "mixtral-8x7b": 46.7,
  "mixtral-8x22b": 140.62,
  "mistral-7b-v0.3": 7.25,
  "gpt-oss-20b": 20.91,
  "gpt-oss-120b": 116.83,
  "deepseek-v3": 671.03,
  "gemma-2-27b": 27.23,
  "phi-4-14b": 14.66,
};

test.each(Object.entries(printed))(
  "the shape of %s has the parameters its card prints, within 0.5 %%",
  (id, billions) => {
    expect(Math.abs(model(id).parameters / (billions * 1e9) - 1)).toBeLessThan(0.005);
  },
);

test("every shape has the parameters its catalogue entry cites, within 0.5 %, unless the entry says what is left out", () => {
  const off = records
    .filter((record) => record.published.parameters !== null)
    .map((record) => ({
      id: record.id,
      error: Math.abs(model(record.id).parameters / record.published.parameters! - 1),
      doubted: "unverified" in record && (record.unverified as string[]).includes("params"),
    }))
    .filter((entry) => entry.error > 0.005);
  // Kimi K3's total is announced as a rounded 2.8 T.
  expect(off.filter((entry) => !entry.doubted).map((entry) => entry.id)).toEqual(["kimi-k3"]);
});

test("the parts of every model add up to its parameters, and no token multiplies with more than there are", () => {
  for (const entry of catalog.models) {
    const sum = Object.values(entry.parts).reduce((total, part) => total + part, 0);
    expect(sum, entry.id).toBe(entry.parameters);
    expect(entry.activeParameters, entry.id).toBeLessThanOrEqual(entry.parameters);
    for (const number of [entry.parameters, entry.activeParameters, entry.ffnWidth]) expect(number).toBeGreaterThan(0);
  }
});

test("cached numbers per token agree with the catalogue's own count", () => {
  for (const record of records) {
    if (record.published.kvElements === null) continue;
    const elements = model(record.id).attention.reduce((sum, group) => sum + group.layers * group.kvElements, 0);
    expect(elements, record.id).toBe(record.published.kvElements);
  }
});

test("a model is found by id and by the name of a checkpoint; an unknown one names the nearest", () => {
  expect(model("meta-llama/Llama-3.1-8B").id).toBe("llama-3.1-8b");
  expect(() => model("llama-3.1-9b")).toThrow(/llama-3\.1-8b/);
  expect(() => gpu("h100-smx-80")).toThrow(/h100-sxm-80/);
  expect(() => gpu("h100-smx-80")).toThrow(InputError);
});

test("peaks are dense: an H100 does 989 TFLOP/s in bf16, and a type without units multiplies as 16 bits", () => {
  expect(gpu("h100-sxm-80").peakFlops.bf16).toBe(989.4e12);
  expect(gpu("h100-sxm-80").peakFlops.fp8).toBe(1978.9e12);
  expect(gpu("a100-sxm-80").peakFlops.fp8).toBe(312e12);
  expect(gpu("h100-sxm-80").peakFlops.w4a16).toBe(989.4e12);
});

test("a GPU whose variant a source left open takes the figures of the one it is taken for, and says so", () => {
  expect(gpu("h100-80").hbmBandwidth).toBe(gpu("h100-sxm-80").hbmBandwidth);
  expect(sourceOf(gpu("h100-80"), "hbmBandwidth").flag).toContain("h100-sxm-80");
});

test("prices are those of the day asked for", () => {
  expect(price("gpt-5.6-luna", "2026-07-29").output).toBeCloseTo(6e-6, 12);
  expect(price("gpt-5.6-luna", "2026-07-30").output).toBeCloseTo(1.2e-6, 12);
  expect(price("gpt-5.6-luna").output).toBeCloseTo(1.2e-6, 12);
  expect(() => price("gpt-5.6-luna", "2020-01-01")).toThrow(/on or after/);
  expect(() => price("gpt-5.6-luna", "yesterday")).toThrow(InputError);
  expect(() => price("no-such-model")).toThrow(InputError);
  expect(gpuPrice("h100-sxm-80").usdPerHour).toBe(3.25);
});

test("every figure has a source and a date", () => {
  for (const entry of [...catalog.models, ...catalog.gpus, ...catalog.prices, ...catalog.gpuPrices]) {
    const field = "peakFlops" in entry ? "hbmBandwidth" : "attention" in entry ? "layers" : "on";
    const { source, date } = sourceOf(entry, field);
    expect(source.length, entry.id).toBeGreaterThan(3);
    expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
  expect(() => sourceOf(gpu("l4"), "colour")).toThrow(InputError);
});
