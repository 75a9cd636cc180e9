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

describe("other members of the kinds: the same tools in other versions and forms", () => {
  const stated = (text: string) => readInput(text).results[0]!.stated!;
  const lacks = (text: string) => {
    const { source, results } = readInput(text);
    expect(results[0]!.table).toBeUndefined();
    return `${source}; ${results[0]!.missing.join("; ")}`;
  };

  test("k6's summary since 1.5: metrics in a list", () => {
    const metric = (name: string, values: object) => ({ name, type: "trend", values });
    const text = JSON.stringify({
      version: "1.0.0",
      metadata: { k6_version: "1.5.0" },
      config: { duration: 10 },
      results: {
        metrics: [
          metric("http_req_duration", { avg: 140, min: 119, med: 141, max: 154, "p(95)": 148 }),
          metric("http_reqs", { count: 45, rate: 4.5 }),
          metric("http_req_failed", { matches: 5, total: 45 }),
        ],
      },
    });
    expect(stated(text)).toMatchObject({ succeeded: 40, failed: 5 });
    expect(stated(text).metrics[0]).toMatchObject({ n: 45, mean: 0.14, max: 0.154 });
    expect(lacks("  http_req_duration......: avg=140ms min=1ms\n  http_reqs......: 45\n")).toContain(
      "--summary-export",
    );
  });

  test("wrk2 with a percentile in place of the largest, and answers that were errors", () => {
    const text = [
      "Running 10s test @ http://localhost",
      "  Thread Stats   Avg      Stdev     99%   +/- Stdev",
      "    Latency     1.20ms  400.00us   3.00ms   70.0%",
      "       Value   Percentile   TotalCount 1/(1-Percentile)",
      "       1.100     0.500000          500         2.00",
      "       9.000     1.000000         1000          inf",
      "  1000 requests in 10.00s, 1MB read",
      "  Socket errors: connect 0, read 1, write 0, timeout 2",
      "  Non-2xx or 3xx responses: 14",
    ].join("\n");
    expect(stated(text)).toMatchObject({ succeeded: 986, failed: 17 });
    expect(stated(text).metrics[0]!.max).toBeCloseTo(0.009, 9);
    expect(stated(text).metrics[0]!.percentiles).toContainEqual([99, 0.003]);
  });

  test("HdrHistogram's table with whole numbers, with decimal commas, and as CSV; its log is refused by name", () => {
    const table = (rows: string) =>
      `Value     Percentile TotalCount 1/(1-Percentile)\n${rows}\n#[Max     =     2600, Total count    =          100]\n`;
    const percentiles = [
      [50, 1.5],
      [100, 2.6],
    ];
    expect(stated(table("  1500 0.5 50 2.00\n  2600 1.0 100 inf")).metrics[0]).toMatchObject({ n: 100, percentiles });
    expect(stated(table("  1500,000 0,500 50 2,00\n  2600,000 1,000 100 inf")).metrics[0]).toMatchObject({
      percentiles,
    });
    const csv = '"Value","Percentile","TotalCount","1/(1-Percentile)"\n1500.0,0.5,50,2.0\n2600.0,1.0,100,Infinity\n';
    expect(stated(csv).metrics[0]).toMatchObject({ n: 100, percentiles });
    expect(
      lacks('"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n0.1,1,2,HISTF\n'),
    ).toContain("its log");
  });

  test("Locust: failures are counted, and its list of them holds no latencies", () => {
    const head = "Type,Name,Request Count,Failure Count,Average Response Time,Max Response Time,50%,99%";
    expect(stated(`${head}\nPOST,/v1,100,12,500,2000,450,1900\n,Aggregated,100,12,500,2000,450,1900\n`)).toMatchObject({
      succeeded: 88,
      failed: 12,
    });
    expect(lacks('Method,Name,Error,Occurrences\nPOST,/v1,"Timeout()",12\n')).toContain("stats.csv");
  });

  test("vegeta's results, with and without a head: nanoseconds", () => {
    const json = '{"attack":"","seq":0,"code":200,"timestamp":"2026-11-27T12:00:00Z","latency":1500000,"error":""}\n';
    const csv = "1764244800000000000,200,1500000,0,10,,abc,0,attack,GET,http://x,\n".replace("0,attack", "attack,0");
    for (const text of [json + json, csv + csv]) {
      const [set] = analyse([{ name: "vegeta", table: readInput(text).results[0]!.table! }], defaults).sets;
      expect(set!.counts.n).toBe(2);
      expect(value(set!, "max")).toBeCloseTo(0.0015, 9);
    }
  });

  test("a table of one's own with a column named as GuideLLM names it is no summary of GuideLLM", () => {
    const { table } = readInput("Time to First Token in milliseconds,x\n1.5,2\n2.5,3\n3.5,4\n").results[0]!;
    expect(table!.rows).toBe(3);
  });
});
