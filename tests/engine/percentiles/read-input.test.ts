import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { analyse } from "../../../src/engine/percentiles/analyse.ts";
import { readInput } from "../../../src/engine/percentiles/read-input.ts";
import { defaults } from "../../../src/engine/percentiles/settings.ts";

const folder = new URL("../../fixtures/results/", import.meta.url);
const read = (name: string) => readInput(readFileSync(new URL(name, folder), "utf8"));

/** The first set of a file's first result with requests, in `metric`. */
function analysed(name: string, metric: "ttft" | "tpot" | "e2e" = "ttft", method = defaults.method) {
  const found = read(name).results.find(({ table }) => table);
  if (!found?.table) throw new Error(`${name} holds no requests`);
  const [set] = analyse([{ name, table: found.table }], { ...defaults, metric, method }).sets;
  return set!;
}
const value = (set: ReturnType<typeof analysed>, name: string) => set.statistics.find((s) => s.name === name)!.value;

describe("a result file gives the result that its tool's field case states", () => {
  test("llmperf, Lepton: 20 of 150 answered; the failed ones' TTFT of 0 counts for nothing, and p99 has no interval", () => {
    const set = analysed("llmperf_individual_lepton_7b.json");
    expect(set.counts).toMatchObject({ rows: 150, n: 20, failed: 130 });
    expect(value(set, "mean")).toBeCloseTo(1.11076, 5);
    expect(value(set, "p50")).toBeCloseTo(1.130961, 6);
    expect(value(set, "p99")).toBeCloseTo(1.32179, 6);
    expect(set.statistics.find(({ name }) => name === "p99")!.interval).toBeNull();
    expect(set.statistics.find(({ name }) => name === "p50")!.withFailures).toBe(Infinity);
    const nearest = analysed("llmperf_individual_lepton_7b.json", "ttft", "nearest-rank");
    expect(value(nearest, "p99")).toBeCloseTo(1.32894, 6);
  });

  test("llmperf, Groq: 150 answered", () => {
    const set = analysed("llmperf_individual_groq_70b.json");
    expect(set.counts).toMatchObject({ n: 150, failed: 0 });
    expect(value(set, "mean")).toBeCloseTo(0.22786, 5);
    expect(value(set, "p50")).toBeCloseTo(0.221888, 6);
    expect(value(set, "p99")).toBeCloseTo(0.350027, 6);
    expect(value(analysed("llmperf_individual_groq_70b.json", "ttft", "nearest-rank"), "p99")).toBeCloseTo(0.359825, 6);
  });

  test("vLLM without start times: 2 succeeded, 1 failed, TTFT 150 ms in the mean, and no time axis", () => {
    const set = analysed("constructed_vllm_detailed_without_start_times.json");
    expect(set.counts).toMatchObject({ n: 2, failed: 1 });
    expect(value(set, "mean")).toBeCloseTo(0.15, 9);
    expect(value(analysed("constructed_vllm_detailed_without_start_times.json", "tpot"), "max")).toBeCloseTo(0.1, 9);
    expect(set.mapping.some(({ role }) => role === "time")).toBe(false);
  });

  test("GuideLLM 0.3: four requests by their own times", () => {
    const set = analysed("guidellm_v0.3_benchmarks_trimmed.json");
    expect(set.counts.n).toBe(4);
    expect(value(set, "min")).toBeCloseTo(0.24454, 5);
    expect(value(analysed("guidellm_v0.3_benchmarks_trimmed.json", "e2e"), "max")).toBeCloseTo(23.423, 3);
  });

  test("AIPerf's records: one succeeded, one cancelled", () => {
    const set = analysed("aiperf_profile_export_first_record.jsonl");
    expect(set.counts).toMatchObject({ n: 1, failed: 1 });
    expect(value(set, "mean")).toBeCloseTo(1.714313534, 9);
    expect(value(analysed("aiperf_profile_export_first_record.jsonl", "tpot"), "mean")).toBeCloseTo(0.04461610364, 9);
  });

  test("vLLM's appended file holds two results, and a run that failed throughout has no value", () => {
    expect(read("constructed_vllm_append_result_two_runs.json").results).toHaveLength(2);
    const dead = analysed("constructed_vllm_burst_all_failed.json");
    expect(dead.counts.n).toBe(0);
    expect(dead.counts.failed).toBe(dead.counts.rows);
    expect(analysed("constructed_vllm_burst_all_good.json").counts.failed).toBe(0);
  });

  test("HdrHistogram's table: n, p50, mean and max, ms, as a summary", () => {
    const { source, results } = read("hdrhistogram_example1.hgrm.txt");
    expect(source).toContain("HdrHistogram");
    const [metric] = results[0]!.stated!.metrics;
    expect(metric).toMatchObject({ n: 475109 });
    expect(metric!.percentiles.find(([q]) => q === 50)![1]).toBeCloseTo(0.011167, 6);
    expect(metric!.mean).toBeCloseTo(0.025048, 5);
    expect(metric!.max).toBeCloseTo(9.4208, 4);
  });

  test("a file without requests says so, what to give instead, and what its tool worked out", () => {
    for (const name of [
      "aiperf_profile_export_aiperf.json",
      "vllm_bench_serve_v0.25.1.json",
      "inference-perf_stage_1_lifecycle_metrics.json",
      "guidellm_report_v2_llm-d_trimmed.json",
      "wrk2_latency_output.txt",
      "locust_stats_history_lines.csv",
    ]) {
      const [first] = read(name).results;
      expect(first!.table, name).toBeUndefined();
      expect(first!.missing.join(" "), name).toMatch(/requests|tokens/);
      expect(first!.stated!.metrics.length, name).toBeGreaterThan(0);
    }
  });

  test("no file of the field is refused", () => {
    for (const name of readdirSync(folder))
      if (name !== "README.md") expect(read(name).results.length, name).toBeGreaterThan(0);
  });
});

describe("samples of general load tools are read as a table", () => {
  test("k6's CSV: the durations of requests alone, ms", () => {
    const k6 = [
      "metric_name,timestamp,metric_value,status",
      "http_reqs,1,1,200",
      "http_req_duration,1,120.5,200",
      "http_req_duration,2,80,500",
    ];
    const { source, results } = readInput(k6.join("\n"));
    expect(source).toContain("k6");
    const [set] = analyse([{ name: "k6", table: results[0]!.table! }], defaults).sets;
    expect(set!.counts).toMatchObject({ n: 1, failed: 1 });
    expect(value(set!, "max")).toBeCloseTo(0.1205, 9);
  });

  test("k6's JSON lines, and JMeter's table", () => {
    const line = (value: number) =>
      JSON.stringify({ type: "Point", metric: "http_req_duration", data: { time: "2026-11-27T12:00:00Z", value } });
    const head = JSON.stringify({ type: "Metric", metric: "http_req_duration", data: { type: "trend" } });
    const table = readInput([head, line(100), line(300)].join("\n")).results[0]!.table!;
    expect(value(analyse([{ name: "k6", table }], defaults).sets[0]!, "mean")).toBeCloseTo(0.2, 9);
    const jmeter =
      "timeStamp,elapsed,label,responseCode,success\n1764244800000,210,chat,200,true\n1764244800500,410,chat,500,false\n";
    const set = analyse([{ name: "jmeter", table: readInput(jmeter).results[0]!.table! }], defaults).sets[0]!;
    expect(set.counts).toMatchObject({ n: 1, failed: 1 });
    expect(value(set, "max")).toBeCloseTo(0.21, 9);
  });
});

test("a server's metrics are refused by name, and an empty text too", () => {
  expect(() => readInput("# HELP x y\n# TYPE x counter\nx 1\n")).toThrow("a server's counters hold no requests");
  expect(() => readInput("  \n")).toThrow("empty");
  expect(() => readInput("hello\nworld\n")).toThrow("one with numbers in it");
});
