/** Every edge case that the estimator must know, by name. */
import { describe, expect, test } from "vitest";
import { questionOf } from "../../../src/components/estimator/estimator-state.ts";
import { latencyFigures } from "../../../src/components/estimator/figures-own.ts";
import { termsOf } from "../../../src/components/estimator/api-terms.ts";
import { curves, shares, shareWithin } from "../../../src/components/estimator/curves.ts";
import { refine } from "../../../src/components/estimator/refine.ts";
import { answered, readWith, type Change } from "./typed.ts";

const problemsOf = (change: Change) => readWith(change).problems;
const notesOf = (change: Change, today?: string) => {
  const { api, own } = answered(change, today);
  return [...(own?.notes ?? []), ...(api?.notes ?? [])].join("\n");
};

describe("answers of no length", () => {
  test("out = 0: a bill for the prompt alone, and no price per token out", () => {
    const { api, own } = answered({ out: "0" });
    expect(api!.perRequest.total).toBeCloseTo(2000 * 0.2e-6, 12);
    expect(api!.perRequest.perMillionOutputTokens).toBe(0);
    expect(own!.notes.join()).toContain("still makes the engine generate one");
    expect(own!.peak!.tpot.value).toBeNaN();
  });

  test("out = 1: TPOT is undefined, and E2E is TTFT", () => {
    const { plan, own } = answered({ out: "1" });
    const figures = latencyFigures(plan.own!, plan.load, plan.objective, own!.peak!)!;
    expect(figures.tpot.text).toBe("–");
    expect(figures.tpot.filled).toContain("no time between tokens");
    expect(figures.e2e.text).toBe(figures.ttft.text);
  });
});

describe("cached tokens", () => {
  test("cached > in is said beside the field, and nothing is billed", () => {
    const { plan, problems } = readWith({ cached: "2500" });
    expect(problems.cached).toContain("2,000 tokens");
    expect(plan!.api).toBeNull();
    expect(plan!.own).not.toBeNull();
  });

  test("cached + written > in is an error too", () => {
    expect(problemsOf({ cached: "1500", written: "600" }).written).toContain("More than the prompt has");
  });

  test("a prefix under the provider's minimum is not cached, and says so", () => {
    const { api } = answered({ prefix: "45" });
    expect(termsOf("gpt-5.6-luna")!.cacheMinimum).toBe(1024);
    expect(api!.tokens.cached).toBe(0);
    expect(notesOf({ prefix: "45" })).toContain("under gpt-5.6-luna’s minimum of 1,024");
    expect(answered({ prefix: "60" }).api!.tokens.cached).toBe(1200);
  });

  test("a price list without a cached price bills cached tokens as plain input", () => {
    const change = { api: "own", priceIn: "1", priceOut: "2", cached: "1500" };
    expect(answered(change).api!.perRequest.total).toBeCloseTo(2000 * 1e-6 + 300 * 2e-6, 12);
    expect(notesOf(change)).toContain("no price for cached tokens");
  });
});

describe("limits", () => {
  test("a context above the limit of the model or of the API is refused in words", () => {
    expect(problemsOf({ in: "140000" }).in).toMatch(/140,300 tokens are above the 131,072/);
    expect(problemsOf({ in: "1.2M", mode: "api", api: "claude-sonnet-5" }).in).toContain("1,000,000");
  });

  test("a prompt above the long-context tier pays its price for the whole request, and a spread of lengths in part", () => {
    const { api } = answered({ mode: "api", api: "gpt-5.5", in: "300000" });
    expect(api!.aboveTier).toBe(1);
    expect(api!.perRequest.total).toBeCloseTo(300_000 * 10e-6 + 300 * 45e-6, 9);
    const some = answered({ mode: "api", api: "gpt-5.5", inKind: "lognormal", in: "200000", in2: "0.5" }).api!;
    expect(some.aboveTier).toBeGreaterThan(0.1);
    expect(some.aboveTier).toBeLessThan(0.3);
    expect(some.notes.join()).toContain("long-context price");
  });

  test("weights that do not fit print no latency, and what would help", () => {
    const { own } = answered({ model: "llama-3.1-70b" });
    expect(own!.peak).toBeNull();
    expect(own!.perMonth).toBeNull();
    expect(own!.notes.join()).toMatch(/does not fit: weights take 141.*What would help/s);
  });

  test("a KV cache of less than one sequence is refused, though the weights fit", () => {
    const { own } = answered({
      model: "llama-3.1-70b",
      weights: "fp8",
      in: "60000",
      utilisation: "0.96",
      overhead: "1",
    });
    expect(own!.memory.fits).toBe(true);
    expect(own!.peak).toBeNull();
    expect(own!.notes.join()).toContain("less than one such request");
  });

  test("GB and GiB are told apart: an overhead of 2 GiB is one of 2.147483648 GB, and larger than one of 2", () => {
    const cache = (overhead: string) => answered({ overhead }).own!.memory.cacheTokens;
    expect(cache("2 GiB")).toBe(cache("2.147483648"));
    expect(cache("2 GiB")).toBeLessThan(cache("2 GB"));
    expect(problemsOf({ overhead: "2 gallons" }).overhead).toContain("is not a number of GB");
  });
});

describe("architectures", () => {
  test("a mixture of experts stores all parameters and multiplies the active ones", () => {
    expect(notesOf({ model: "qwen3-30b-a3b" })).toMatch(/30\.5 B parameters are stored, 3\.04 B are multiplied/);
  });

  test("MLA, sliding windows, shared KV and tied embeddings each have their own cache, and say so", () => {
    expect(notesOf({ model: "deepseek-v2", gpus: "8", tp: "8", weights: "fp8" })).toContain("MLA");
    expect(notesOf({ model: "gemma-3-12b" })).toContain("sliding window");
    expect(notesOf({ model: "qwen3-4b" })).toContain("counted once");
    const shared = {
      model_type: "gemma3n_text",
      hidden_size: 2048,
      intermediate_size: 16384,
      num_hidden_layers: 30,
      num_attention_heads: 8,
      num_key_value_heads: 2,
      head_dim: 256,
      vocab_size: 262144,
      num_kv_shared_layers: 10,
      sliding_window: 512,
      max_position_embeddings: 32768,
    };
    const kv = (config: object) =>
      answered({ model: "config", config: JSON.stringify(config) }).own!.memory.sequenceBytes(2300);
    expect(kv(shared)).toBeLessThan(kv({ ...shared, num_kv_shared_layers: 0 }));
    expect(notesOf({ model: "config", config: JSON.stringify(shared) })).toContain("keep none of their own");
  });

  test("what a pasted config leaves open is listed, and what is no config is said beside the field", () => {
    const config = {
      model_type: "newcomer",
      hidden_size: 4096,
      intermediate_size: 14336,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      vocab_size: 128256,
    };
    const { own } = readWith({ model: "config", config: JSON.stringify(config) }).plan!;
    expect(own!.model.parameters / 1e9).toBeCloseTo(8.03, 2);
    expect(own!.model.assumed!.join()).toContain("131,072");
    expect(problemsOf({ model: "config", config: "{ nonsense" }).config).toContain("not JSON");
    expect(problemsOf({ model: "config", config: "[]" }).config).toBeDefined();
    expect(problemsOf({ model: "config", config: "" }).config).toContain("Paste");
  });
});

describe("prices change", () => {
  test("a price that has expired by now is used on its day, and its end is named", () => {
    const { api } = answered({ mode: "api", on: "2026-07-01" });
    expect(api!.perRequest.total).toBeCloseTo(0.0038, 9);
    expect(api!.notes.join()).toContain("held until 2026-07-30");
  });

  test("a day before the first known price is an error beside the day", () => {
    expect(problemsOf({ on: "2020-01-01" }).on).toContain("2026-06-01");
    expect(problemsOf({ on: "tomorrow" }).on).toContain("date like");
  });

  test("a price that was read long ago says how long", () => {
    expect(notesOf({}, "2026-12-31")).toContain("148 days before");
    expect(notesOf({}, "2026-08-10")).not.toContain("days before");
  });

  test("time-of-day prices double what falls into dear hours, on the curve's own clock", () => {
    const cheap = answered({ mode: "api", api: "deepseek-v4-flash", curve: "night", zone: "0" }).api!;
    // Midnight to six in UTC: hours 1, 2 and 3 are dear.
    expect(cheap.dearShare).toBeCloseTo(3 / 6, 9);
    expect(cheap.dearFactor).toBeCloseTo(1.5, 9);
    expect(cheap.perRequest.perMillionOutputTokens).toBeCloseTo((1e6 * cheap.perRequest.total) / 300, 9);
    const flat = answered({ mode: "api", api: "deepseek-v4-flash" }).api!;
    expect(flat.dearShare).toBeCloseTo(7 / 24, 9);
    expect(flat.perDay.total).toBeCloseTo(10_000 * (2000 * 0.14e-6 + 300 * 0.28e-6) * (31 / 24), 9);
    // Half-hour clocks split an hour.
    expect(shareWithin(shares(curves.night.hours), 5.5, [[0, 4]])).toBeCloseTo(0.5 / 6, 9);
  });

  test("batch and flex halve what has a discount, and are refused where none is listed", () => {
    expect(answered({ tier: "batch" }).api!.perRequest.total).toBeCloseTo(0.00076 / 2, 12);
    expect(problemsOf({ tier: "batch", api: "deepseek-v4-flash" }).tier).toContain("No batch");
  });
});

test("tokenizer drift makes the API's tokens more than yours", () => {
  const { api } = answered({ drift: "19" });
  expect(api!.tokens.input).toBeCloseTo(2380, 9);
  expect(api!.perRequest.total).toBeCloseTo(1.19 * 0.00076, 12);
});

test("reasoning tokens are billed as tokens out, by the API and by the GPUs", () => {
  const { api, own } = answered({ reasoning: "700" });
  expect(api!.perRequest.total).toBeCloseTo(2000 * 0.2e-6 + 1000 * 1.2e-6, 12);
  expect(own!.peak!.e2e.value).toBeGreaterThan(3 * answered({}).own!.peak!.e2e.value);
});

test("TPOT over all tokens instead of the gaps is smaller by one part in N", () => {
  const tpot = (per: string) => {
    const { plan, own } = answered({ per, out: "10" });
    return parseFloat(latencyFigures(plan.own!, plan.load, plan.objective, own!.peak!)!.tpot.text);
  };
  expect(tpot("tokens") / tpot("gaps")).toBeCloseTo(0.9, 2);
});

test("a rate at or above the capacity is unstable, and has no latency, estimated or simulated", () => {
  const { plan, own } = answered({ calls: "2M" });
  expect(own!.peak!.stable).toBe(false);
  expect(latencyFigures(plan.own!, plan.load, plan.objective, own!.peak!)).toBeNull();
  const refined = refine({ ...questionOf(plan)!, load: plan.load }, () => {});
  expect(refined.stable).toBe(false);
  expect([refined.ttft, refined.tpot, refined.e2e]).toEqual([null, null, null]);
});
