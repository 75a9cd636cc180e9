/** Writes a Run as AIPerf does: `profile_export.jsonl` (a record a request) and `profile_export_aiperf.json` (an entry a metric). */
import { rulesOf } from "../definitions/definitions.ts";
import type { Distribution } from "../types.ts";
import { fromSorted } from "../distribution.ts";
import { recordReader, type RawRecord } from "../record.ts";
import { summarize } from "../summarize.ts";
import type { Run } from "../../run.ts";

const ns = (seconds: number, zero: number) => Math.round((seconds + zero) * 1e9);

/** Requests that never left are left out, as AIPerf has no record for them. `zero`: seconds since 1970 at time 0 of the run. */
export function toAiperf(run: Run, zero = 0): string {
  const rules = rulesOf("aiperf");
  const read = recordReader(run);
  const failures = new Map((run.failures ?? []).map((f) => [f.request, f]));
  const lines: string[] = [];
  for (let i = 0; i < run.requests.count; i++) {
    const record = read(i);
    if (record.status === "unsent") continue;
    const m = rules.measure(record, record.started);
    const ms = (value: number | undefined) => (value === undefined ? undefined : { value: value * 1000, unit: "ms" });
    const metrics = {
      time_to_first_token: ms(m.ttft),
      request_latency: ms(m.e2e),
      inter_token_latency: ms(m.tpot),
      inter_chunk_latency: m.icl.length > 0 ? { value: m.icl.map((gap) => gap * 1000), unit: "ms" } : undefined,
      input_sequence_length: { value: record.promptTokens, unit: "tokens" },
      output_sequence_length: { value: m.outputTokens, unit: "tokens" },
      ...(record.cachedTokens > 0
        ? { usage_prompt_cache_read_tokens: { value: record.cachedTokens, unit: "tokens" } }
        : {}),
    };
    const end = [record.closed, record.last, record.started].find((t) => !Number.isNaN(t)) as number;
    const failed = record.status !== "succeeded";
    lines.push(
      JSON.stringify({
        metadata: {
          session_num: i,
          credit_issued_ns: ns(record.scheduled, zero),
          request_start_ns: ns(record.started, zero),
          ...(Number.isNaN(record.headers) ? {} : { request_ack_ns: ns(record.headers, zero) }),
          request_end_ns: ns(end, zero),
          worker_id: "perflab",
          record_processor_id: "perflab",
          benchmark_phase: "profiling",
          was_cancelled: record.status === "cancelled",
        },
        metrics: failed ? {} : metrics,
        error:
          failed && record.status !== "cancelled"
            ? { type: failures.get(i)?.kind ?? record.status, message: failures.get(i)?.message ?? record.status }
            : null,
      }),
    );
  }
  return lines.join("\n") + (lines.length > 0 ? "\n" : "");
}

/**
 * `profile_export_aiperf.json`: the statistics of a run by AIPerf's definitions, ms and tokens per second. `zero`: seconds
 * since 1970 at time 0 of the run.
 */
export function toAiperfAggregate(run: Run, zero = 0): Record<string, unknown> {
  const s = summarize(run, { definition: "aiperf" });
  const read = recordReader(run);
  const done = Array.from({ length: run.requests.count }, (_, i) => read(i)).filter(
    ({ status }) => status === "succeeded",
  );
  const of = (values: readonly number[], unit: string) => {
    const sorted = Float64Array.from(values).sort();
    return sorted.length > 0 ? statistics(fromSorted(sorted), unit, 1) : undefined;
  };
  const ms = (d: Distribution) => (d.n > 0 ? statistics(d, "ms", 1000) : undefined);
  const single = (value: number, unit: string) => (Number.isFinite(value) ? { unit, avg: value } : undefined);
  const total = (read: (r: RawRecord) => number) => done.reduce((sum, r) => sum + read(r), 0);
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  return {
    schema_version: "1.4",
    aiperf_version: `written by perflab ${run.versions["perflab"] ?? ""}`.trim(),
    start_time: iso(zero),
    end_time: iso(zero + (s.duration || 0)),
    was_cancelled: run.ended?.reason === "stopped",
    error_summary: [],
    request_throughput: single(s.requestsPerSecond, "requests/sec"),
    request_latency: ms(s.e2e),
    request_count: single(s.succeeded, "requests"),
    error_request_count: single(s.failed, "requests"),
    time_to_first_token: ms(s.ttft),
    inter_token_latency: ms(s.tpot),
    inter_chunk_latency: ms(s.icl),
    output_token_throughput: single(s.outputTokensPerSecond, "tokens/sec"),
    output_token_throughput_per_user: s.tpot.values
      ? of(
          Array.from(s.tpot.values).flatMap((gap) => (gap > 0 ? [1 / gap] : [])),
          "tokens/sec/user",
        )
      : undefined,
    output_sequence_length: of(
      done.map((r) => r.outputTokens),
      "tokens",
    ),
    input_sequence_length: of(
      done.map((r) => r.promptTokens),
      "tokens",
    ),
    total_output_tokens: single(
      total((r) => r.outputTokens),
      "tokens",
    ),
    total_isl: single(
      total((r) => r.promptTokens),
      "tokens",
    ),
    benchmark_duration: single(s.duration, "sec"),
    min_request_timestamp: single(
      (zero + done.reduce((least, r) => Math.min(least, r.started), done[0]?.started ?? 0)) * 1e9,
      "ns",
    ),
    max_response_timestamp: single((zero + (s.duration || 0)) * 1e9, "ns"),
  };
}

function statistics(d: Distribution, unit: string, factor: number): Record<string, number | string> {
  const values = d.values ?? [];
  const squares = Array.from(values).reduce((sum, v) => sum + (v - d.mean) * (v - d.mean), 0);
  const out: Record<string, number | string> = {
    unit,
    avg: d.mean * factor,
    min: d.min * factor,
    max: d.max * factor,
    std: Math.sqrt(squares / d.n) * factor,
    count: d.n,
    sum: d.mean * d.n * factor,
  };
  for (const q of [1, 5, 10, 25, 50, 75, 90, 95, 99]) out[`p${q}`] = d.p(q) * factor;
  return out;
}
