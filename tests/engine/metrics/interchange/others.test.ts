import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fromAiperf,
  fromGuidellm,
  toAiperf,
  toAiperfAggregate,
  toGuidellm,
} from "../../../../src/engine/metrics/interchange/index.ts";
import { summarize } from "../../../../src/engine/metrics/summarize.ts";
import type { Definition } from "../../../../src/engine/metrics/types.ts";
import type { Run } from "../../../../src/engine/run.ts";
import { anyRun } from "./arbitrary-run.ts";

/** The same statistics of the successful requests, to `digits` decimals of a second. */
function sameAs(a: Run, b: Run, definition: Definition, digits: number) {
  const [x, y] = [a, b].map((run) => summarize(run, { definition }));
  expect(y.succeeded).toBe(x.succeeded);
  for (const name of ["ttft", "tpot", "e2e"] as const) {
    expect(y[name].n).toBe(x[name].n);
    if (x[name].n > 0) for (const q of [0, 50, 100]) expect(y[name].p(q)).toBeCloseTo(x[name].p(q), digits);
  }
}

/** Seconds since 1970, as these files have them. */
const zero = 1_795_000_000;

describe("AIPerf's records", () => {
  it("bring back AIPerf's own metrics of any run", () => {
    fc.assert(fc.property(anyRun, (run) => sameAs(run, fromAiperf(toAiperf(run, zero)).run, "aiperf", 5)));
  });
  it("are read from a file of AIPerf's own shape, warm-up and extra metrics named as dropped", () => {
    const record = {
      metadata: {
        request_start_ns: 1_000_000_000,
        request_ack_ns: 1_010_000_000,
        request_end_ns: 2_000_000_000,
        benchmark_phase: "profiling",
        was_cancelled: false,
      },
      metrics: {
        time_to_first_token: { value: 30, unit: "ms" },
        request_latency: { value: 1000, unit: "ms" },
        input_sequence_length: { value: 100, unit: "tokens" },
        output_sequence_length: { value: 50, unit: "tokens" },
        time_to_second_token: { value: 20, unit: "ms" },
      },
      error: null,
    };
    const warm = { ...record, metadata: { ...record.metadata, benchmark_phase: "warmup" } };
    const bad = {
      ...record,
      metadata: { ...record.metadata, request_start_ns: 1_500_000_000 },
      metrics: {},
      error: { type: "HTTPError", message: "503" },
    };
    const { run, dropped } = fromAiperf([warm, record, bad].map((r) => JSON.stringify(r)).join("\n"));
    const s = summarize(run, { definition: "aiperf" });
    expect([s.succeeded, s.failed]).toEqual([1, 1]);
    expect(s.ttft.mean).toBeCloseTo(0.03, 9);
    expect(s.tpot.mean).toBeCloseTo(0.97 / 49, 9);
    expect(run.requests.headers[0]).toBeCloseTo(0.01, 9);
    expect(dropped).toEqual(["metrics.time_to_second_token", "1 records of the warm-up"]);
  });
  it("aggregate in milliseconds under AIPerf's names", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const out = toAiperfAggregate(run) as Record<string, { avg: number; unit: string } | undefined>;
        const s = summarize(run, { definition: "aiperf" });
        expect(out["request_count"]).toEqual({ unit: "requests", avg: s.succeeded });
        if (s.ttft.n > 0) expect(out["time_to_first_token"]?.avg).toBeCloseTo(1000 * s.ttft.mean, 6);
        expect(JSON.stringify(out)).not.toContain("NaN");
      }),
    );
  });
  it("are refused by line and field when damaged", () => {
    expect(() => fromAiperf('{"metadata":{"request_start_ns":"x"},"metrics":{}}')).toThrow(
      "request_start_ns of record 1",
    );
    expect(() => fromAiperf("[1]")).toThrow("line 1");
  });
});

describe("GuideLLM's benchmarks.json", () => {
  it("brings back GuideLLM's own metrics of any run", () => {
    fc.assert(
      fc.property(anyRun, (run) => sameAs(run, fromGuidellm(JSON.stringify(toGuidellm(run, zero))).run, "guidellm", 5)),
    );
  });
  it("has every field that GuideLLM 0.8.1 asks for, none of them missing or NaN", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const report = JSON.parse(JSON.stringify(toGuidellm(run, zero))) as {
          benchmarks: [{ metrics: Record<string, Record<string, Record<string, unknown>>> }];
        };
        const { request_totals: totals, ...metrics } = report.benchmarks[0].metrics;
        expect(Object.keys(totals)).toEqual(["successful", "errored", "incomplete", "total"]);
        for (const name of ["requests_per_second", "time_to_first_token_ms", "tokens_per_second"])
          for (const group of Object.keys(totals))
            for (const field of ["mean", "median", "mode", "variance", "std_dev", "min", "max", "count", "total_sum"])
              expect(metrics[name][group][field]).toEqual(expect.any(Number));
      }),
    );
  });
  it("sorts requests into successful, incomplete and errored", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const s = summarize(run);
        const [benchmark] = toGuidellm(run)["benchmarks"] as { requests: Record<string, unknown[]> }[];
        expect([
          benchmark.requests["successful"].length,
          benchmark.requests["incomplete"].length,
          benchmark.requests["errored"].length,
        ]).toEqual([s.succeeded, s.cancelled, s.failed]);
      }),
    );
  });
  it("is refused where it has no such benchmark", () => {
    expect(() => fromGuidellm('{"benchmarks":[]}')).toThrow("benchmark");
    expect(() => fromGuidellm("{}")).toThrow("benchmarks");
  });
});
