/** Writes a Run as AIPerf does: `profile_export.jsonl` (a record a request) and `profile_export_aiperf.json` (an entry a metric). */
import { rulesOf } from "../definitions/definitions.ts";
import type { Distribution } from "../types.ts";
import { recordReader } from "../record.ts";
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

/** `profile_export_aiperf.json`: the statistics of a run by AIPerf's definitions, ms and tokens per second. */
export function toAiperfAggregate(run: Run): Record<string, unknown> {
  const s = summarize(run, { definition: "aiperf" });
  const ms = (d: Distribution) => (d.n > 0 ? statistics(d) : undefined);
  const single = (value: number, unit: string) => ({ unit, avg: value });
  return {
    schema_version: "1.5",
    request_latency: ms(s.e2e),
    time_to_first_token: ms(s.ttft),
    inter_token_latency: ms(s.tpot),
    inter_chunk_latency: ms(s.icl),
    output_token_throughput: single(s.outputTokensPerSecond, "tokens/sec"),
    request_throughput: single(s.requestsPerSecond, "requests/sec"),
    request_count: single(s.succeeded, "requests"),
    error_request_count: single(s.failed, "requests"),
  };
}

function statistics(d: Distribution): Record<string, number | string> {
  const out: Record<string, number | string> = {
    unit: "ms",
    avg: d.mean * 1000,
    min: d.min * 1000,
    max: d.max * 1000,
    count: d.n,
  };
  for (const q of [1, 5, 10, 25, 50, 75, 90, 95, 99]) out[`p${q}`] = d.p(q) * 1000;
  return out;
}
