/** Writes a Run as GuideLLM's `benchmarks.json`, version 2. */
import { rulesOf } from "../definitions/definitions.ts";
import { summarize } from "../summarize.ts";
import type { Distribution } from "../types.ts";
import { recordReader } from "../record.ts";
import type { Run } from "../../run.ts";
import { orNull } from "./parse.ts";

type Group = "successful" | "incomplete" | "errored";

/** One benchmark; `zero`: seconds since 1970 at time 0 of the run. Requests that never left are left out. */
export function toGuidellm(run: Run, zero = 0): Record<string, unknown> {
  const rules = rulesOf("guidellm");
  const read = recordReader(run);
  const failures = new Map((run.failures ?? []).map((f) => [f.request, f.message]));
  const requests: Record<Group, unknown[]> = { successful: [], incomplete: [], errored: [] };
  const at = (t: number) => orNull(t + zero);
  for (let i = 0; i < run.requests.count; i++) {
    const record = read(i);
    if (record.status === "unsent") continue;
    const m = rules.measure(record, record.started);
    const group =
      record.status === "succeeded" ? "successful" : record.status === "cancelled" ? "incomplete" : "errored";
    const ms = (value: number | undefined) => (value === undefined ? null : value * 1000);
    requests[group].push({
      request_id: String(i),
      info: {
        request_id: String(i),
        status: { successful: "completed", incomplete: "cancelled", errored: "errored" }[group],
        error: group === "errored" ? (failures.get(i) ?? record.status) : null,
        timings: {
          targeted_start: at(record.scheduled),
          request_start: at(record.started),
          first_request_iteration: at(record.firstEvent),
          first_token_iteration: at(record.first),
          last_token_iteration: at(record.last),
          token_iterations: record.chunks?.t.length ?? m.outputTokens,
          request_end: at(record.closed),
        },
      },
      prompt_tokens: record.promptTokens,
      output_tokens: m.outputTokens,
      request_latency: m.e2e ?? null,
      time_to_first_token_ms: ms(m.ttft),
      time_per_output_token_ms: ms(m.tpot),
      inter_token_latency_ms: ms(m.itl[0]),
    });
  }
  const s = summarize(run, { definition: "guidellm" });
  const metric = (d: Distribution, factor: number) => ({ successful: d.n > 0 ? statistics(d, factor) : null });
  return {
    metadata: { version: 2, guidellm_version: "exported by perflab" },
    benchmarks: [
      {
        type_: "generative_benchmark",
        start_time: zero,
        end_time: zero + s.duration,
        duration: s.duration,
        metrics: {
          request_totals: {
            successful: requests.successful.length,
            incomplete: requests.incomplete.length,
            errored: requests.errored.length,
          },
          request_latency: metric(s.e2e, 1),
          time_to_first_token_ms: metric(s.ttft, 1000),
          time_per_output_token_ms: metric(s.tpot, 1000),
          inter_token_latency_ms: metric(s.itl, 1000),
        },
        requests,
      },
    ],
  };
}

function statistics(d: Distribution, factor: number) {
  const names = {
    p001: 0.1,
    p01: 1,
    p05: 5,
    p10: 10,
    p25: 25,
    p50: 50,
    p75: 75,
    p90: 90,
    p95: 95,
    p99: 99,
    p999: 99.9,
  };
  return {
    mean: d.mean * factor,
    median: d.p(50) * factor,
    min: d.min * factor,
    max: d.max * factor,
    count: d.n,
    percentiles: Object.fromEntries(Object.entries(names).map(([name, q]) => [name, d.p(q) * factor])),
  };
}
