/** Result files from the field, each with its right values. Sources: tests/fixtures/results/README.md. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readResults, type StatedMetric, type ToolResult } from "../../../../src/engine/metrics/interchange/index.ts";
import { percentile } from "../../../../src/engine/metrics/percentile.ts";
import { summarize } from "../../../../src/engine/metrics/summarize.ts";
import type { SummaryOptions } from "../../../../src/engine/metrics/types.ts";

const read = (name: string) =>
  readResults(readFileSync(new URL(`../../../fixtures/results/${name}`, import.meta.url), "utf8"));
const only = (name: string): ToolResult => {
  const { results } = read(name);
  expect(results.length).toBe(1);
  return results[0];
};
const summary = (result: ToolResult, options?: SummaryOptions) => summarize(result.run!, options);
const ms = (values: ArrayLike<number> | undefined) => Array.from(values ?? [], (v) => Number((v * 1000).toFixed(6)));
const stated = (result: ToolResult, name: string): StatedMetric =>
  result.stated!.metrics.find((metric) => metric.name === name)!;
const at = (metric: StatedMetric, q: number) => metric.percentiles.find(([percent]) => percent === q)?.[1];

describe("vLLM", () => {
  it("reads details from before start times were kept, and says so", () => {
    const result = only("constructed_vllm_detailed_without_start_times.json");
    const s = summary(result);
    expect([s.succeeded, s.failed]).toEqual([2, 1]);
    expect(s.ttft.mean).toBeCloseTo(0.15, 9);
    expect(ms(s.tpot.values)).toEqual([60, 100]);
    // Rates come from the file's own duration.
    expect(s.outputTokensPerSecond).toBeCloseTo(5, 9);
    expect(result.missing.join()).toContain("start_times");
  });
  it("takes bare NaN and Infinity as missing", () => {
    const result = only("constructed_vllm_with_bare_NaN_Infinity.json");
    const s = summary(result);
    expect([s.succeeded, s.failed]).toEqual([2, 1]);
    expect(s.ttft.mean).toBeCloseTo(0.15, 9);
    expect(stated(result, "tpot")).toBeUndefined();
    expect(result.label).toContain("Infinity");
  });
  it("tells the runs of --append-result apart", () => {
    const { results } = read("constructed_vllm_append_result_two_runs.json");
    expect(results.map(({ label }) => label.split(",")[0])).toEqual(["request rate 10", "request rate 30"]);
    expect(results.map((result) => ms(summary(result).ttft.values))).toEqual([
      [100, 200],
      [300, 400],
    ]);
  });
  it("reads a run without one success as such", () => {
    const s = summary(only("constructed_vllm_burst_all_failed.json"));
    expect([s.succeeded, s.failed, s.ttft.n]).toEqual([0, 40, 0]);
    expect(summary(only("constructed_vllm_burst_all_good.json")).succeeded).toBe(40);
  });
  it("counts a request that brought nothing as failed, though its error text is empty", () => {
    const { results } = readResults(
      '{"ttfts":[0.1,0],"itls":[[0.1],[]],"input_lens":[1,1],"output_lens":[2,0],"start_times":[0,0],"errors":["",""],"completed":1}',
    );
    expect(summary(results[0]).failed).toBe(1);
    expect(results[0].missing).toEqual([]);
  });
  it("shows a summary without requests as a summary", () => {
    const result = only("vllm_bench_serve_v0.25.1.json");
    expect(result.run).toBeUndefined();
    expect(result.missing[0]).toContain("--save-detailed");
    expect(result.stated).toMatchObject({ model: "facebook/opt-125m", succeeded: 8, failed: 0 });
    expect(stated(result, "ttft").mean).toBeCloseTo(0.21553594, 8);
    expect(at(stated(result, "ttft"), 50)).toBeCloseTo(0.05568139649994919, 12);
    expect(at(stated(result, "ttft"), 99)).toBeCloseTo(0.7344049174101428, 12);
  });
});

describe("SGLang", () => {
  it("is read with its details, and told from vLLM", () => {
    const file = read("constructed_sglang_output_details.jsonl");
    expect(file.tool).toBe("SGLang");
    const s = summary(file.results[0]);
    expect(s.succeeded).toBe(2);
    expect(ms(s.ttft.values)).toEqual([100, 200]);
    expect(ms(s.tpot.values)).toEqual([60, 100]);
    expect(file.results[0].run!.workload.maxConcurrency).toBe(200);
  });
});

describe("GuideLLM", () => {
  it("0.3 has its times beside each request", () => {
    const file = read("guidellm_v0.3_benchmarks_trimmed.json");
    const { run, missing } = file.results[0];
    expect(file.version).toContain("0.3");
    const s = summarize(run!, { definition: "guidellm" });
    const near = (values: readonly number[], right: readonly number[], digits: number) =>
      right.forEach((value, i) => expect(values[i]).toBeCloseTo(value, digits));
    expect(s.succeeded).toBe(4);
    const sorted = (values: number[]) => values.sort((a, b) => a - b);
    near(ms(s.ttft.values), sorted([244.54, 601.68, 598.97, 602.53]), 2);
    near(Array.from(s.e2e.values!), sorted([23.3807, 23.4184, 23.4179, 23.423]), 4);
    near(
      [25, 50, 75, 100].map((q) => 1000 * s.itl.p(q)),
      sorted([182.17, 179.66, 179.68, 179.69]),
      2,
    );
    expect(missing.join()).toContain("996 of 1000");
  });
  it("says that requests were not kept, and shows what it worked out", () => {
    const { results, version } = read("guidellm_report_v2_llm-d_trimmed.json");
    expect(version).toBe("0.8.0.dev18");
    expect(results.length).toBe(2);
    for (const result of results) {
      expect(result.run).toBeUndefined();
      expect(result.missing[0]).toContain("were not kept");
    }
    expect(results.map(({ label }) => label)).toEqual(["constant, rate 2", "constant, rate 4"]);
    expect(stated(results[0], "e2e").mean).toBeCloseTo(0.01978909969329834, 12);
    expect(at(stated(results[0], "e2e"), 99.9)).toBeCloseTo(0.020308971405029297, 12);
    expect(results[0].stated).toMatchObject({ succeeded: 2, failed: 0 });
  });
});

describe("AIPerf", () => {
  it("its summary names the file with the requests", () => {
    const file = read("aiperf_profile_export_aiperf.json");
    expect(file.tool).toBe("AIPerf");
    expect(file.results[0].run).toBeUndefined();
    expect(file.results[0].missing[0]).toContain("profile_export.jsonl");
    expect(file.results[0].stated!.succeeded).toBe(80);
    expect(at(stated(file.results[0], "ttft"), 99)).toBeCloseTo(0.04816844818, 12);
  });
  it("keeps cancelled requests and cached tokens", () => {
    const { run } = only("aiperf_profile_export_first_record.jsonl");
    const s = summarize(run!, { definition: "aiperf" });
    expect([s.succeeded, s.cancelled]).toEqual([1, 1]);
    expect(s.ttft.mean).toBeCloseTo(1.714313534, 9);
    expect(s.e2e.mean).toBeCloseTo(12.912955548, 9);
    expect(s.tpot.mean).toBeCloseTo(0.04461610364, 9);
    expect(run!.requests.cachedTokens[0]).toBe(3);
  });
});

describe("llmperf", () => {
  it("leaves failed requests out of its times, and has no rates", () => {
    const { run, missing } = only("llmperf_individual_lepton_7b.json");
    const s = summarize(run!);
    expect([s.succeeded, s.failed]).toEqual([20, 130]);
    expect(run!.failures![0].message).toContain("429");
    expect(s.ttft.mean).toBeCloseTo(1.11076, 5);
    expect(s.ttft.p(50)).toBeCloseTo(1.130961, 6);
    expect(s.ttft.p(99)).toBeCloseTo(1.32179, 5);
    expect(percentile(s.ttft.values!, 99, "nearest-rank")).toBeCloseTo(1.32894, 5);
    expect(s.ttft.interval(99)).toBeNull();
    expect([s.requestsPerSecond, s.outputTokensPerSecond, s.duration]).toEqual([NaN, NaN, NaN]);
    expect(missing.join()).toContain("start times");
  });
  it("reads a run of 150 without a failure", () => {
    const s = summary(only("llmperf_individual_groq_70b.json"));
    expect(s.succeeded).toBe(150);
    expect(s.ttft.mean).toBeCloseTo(0.22786, 5);
    expect(s.ttft.p(50)).toBeCloseTo(0.221888, 6);
    expect(s.ttft.p(99)).toBeCloseTo(0.350027, 6);
    expect(percentile(s.ttft.values!, 99, "nearest-rank")).toBeCloseTo(0.359825, 6);
  });
});

describe("tools that keep no requests are named, with what they state", () => {
  it("inference-perf's stage", () => {
    const result = only("inference-perf_stage_1_lifecycle_metrics.json");
    expect(result.missing[0]).toContain("per_request_lifecycle_metrics.json");
    expect(result.stated).toMatchObject({ succeeded: 1884, failed: 0 });
    expect(at(stated(result, "ttft"), 99)).toBeCloseTo(0.04361342025920749, 12);
  });
  it("HdrHistogram", () => {
    const latency = stated(only("hdrhistogram_example1.hgrm.txt"), "latency");
    expect(latency.n).toBe(475_109);
    expect(latency.mean).toBeCloseTo(0.025048, 9);
    expect(latency.max).toBeCloseTo(9.4208, 9);
    expect(at(latency, 50)).toBeCloseTo(0.011167, 9);
  });
  it("wrk2, its last report", () => {
    const result = only("wrk2_latency_output.txt");
    const latency = stated(result, "latency");
    expect(latency.mean).toBeCloseTo(0.0066, 9);
    expect(at(latency, 50)).toBeCloseTo(0.00667, 9);
    expect(at(latency, 99)).toBeCloseTo(0.01118, 9);
    expect(result.missing[0]).toContain("perflab bench");
  });
  it("Locust's history, whose N/A is no number", () => {
    const result = only("locust_stats_history_lines.csv");
    expect(result.stated).toMatchObject({ succeeded: 1490, failed: 0 });
    expect(stated(result, "latency").mean).toBeCloseTo(0.036, 9);
    expect(at(stated(result, "latency"), 99)).toBeCloseTo(0.13, 9);
  });
});
