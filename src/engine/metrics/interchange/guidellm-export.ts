/** Writes a Run as GuideLLM's `benchmarks.json`, version 2, with every field that GuideLLM 0.8 asks for. */
import { rulesOf } from "../definitions/definitions.ts";
import { recordReader, type RawRecord } from "../record.ts";
import { summarize } from "../summarize.ts";
import type { RequestMetrics } from "../definitions/types.ts";
import type { Run } from "../../run.ts";
import { guidellmStatistics } from "./guidellm-statistics.ts";
import { orNull } from "./parse.ts";

const groups = ["successful", "errored", "incomplete"] as const;
type Group = (typeof groups)[number];

interface Measured {
  readonly i: number;
  readonly record: RawRecord;
  readonly m: RequestMetrics;
}

/** One benchmark; `zero`: seconds since 1970 at time 0 of the run. Requests that never left are left out. */
export function toGuidellm(run: Run, zero = 0): Record<string, unknown> {
  const rules = rulesOf("guidellm");
  const read = recordReader(run);
  const sent: Record<Group, Measured[]> = { successful: [], errored: [], incomplete: [] };
  for (let i = 0; i < run.requests.count; i++) {
    const record = read(i);
    if (record.status === "unsent") continue;
    const m = rules.measure(record, record.started);
    sent[groupOf(record)].push({ i, record, m });
  }
  const failures = new Map((run.failures ?? []).map((f) => [f.request, f.message]));
  const s = summarize(run, { definition: "guidellm" });
  const duration = Number.isFinite(s.duration) ? s.duration : 0;
  const made = Object.fromEntries(groups.map((group) => [group, sent[group].length]));
  const total = groups.reduce((sum, group) => sum + sent[group].length, 0);
  const strategy = strategyOf(run);
  const backend = {
    kind: "openai_http",
    model: modelOf(run),
    target: "http://localhost",
    request_format: "/v1/chat/completions",
  };
  return {
    metadata: { version: 2, guidellm_version: "exported by perflab", python_version: "none", platform: "perflab" },
    config: {
      metadata: { labels: {} },
      spec: {
        backend,
        profile: profileOf(strategy),
        data: [{ kind: "synthetic_text", prompt_tokens: 1, output_tokens: 1 }],
      },
    },
    benchmarks: [
      {
        type_: "generative_benchmark",
        config: {
          id_: "perflab",
          run_id: "perflab",
          run_index: 0,
          strategy,
          constraints: {},
          profile: profileOf(strategy),
          requests: {},
          backend,
          environment: {},
        },
        scheduler_state: {
          node_id: 0,
          num_processes: 1,
          start_time: zero,
          end_time: zero + duration,
          created_requests: total,
          processed_requests: total,
          successful_requests: made["successful"],
          errored_requests: made["errored"],
          cancelled_requests: made["incomplete"],
        },
        scheduler_metrics: schedulerMetrics(sent.successful, { ...made, total }, zero, duration),
        metrics: { request_totals: { ...made, total }, ...metricsOf(sent, duration) },
        requests: Object.fromEntries(
          groups.map((group) => [
            group,
            sent[group].map((one) => requestOf(one, group, zero, failures.get(one.i) ?? one.record.status)),
          ]),
        ),
        start_time: zero,
        end_time: zero + duration,
        duration,
        warmup_duration: 0,
        cooldown_duration: 0,
      },
    ],
  };
}

function groupOf({ status }: RawRecord): Group {
  return status === "succeeded" ? "successful" : status === "cancelled" ? "incomplete" : "errored";
}

function modelOf({ origin }: Run): string {
  return origin.kind === "measured" ? origin.model : "simulated";
}

function strategyOf({ workload, requests }: Run): Record<string, unknown> {
  const { arrivals } = workload;
  if (arrivals.kind === "closed") return { type_: "concurrent", streams: arrivals.users };
  if (arrivals.kind === "constant") return { type_: "constant", rate: arrivals.rate };
  if ("rate" in arrivals && Number.isFinite(arrivals.rate)) return { type_: "poisson", rate: arrivals.rate };
  return { type_: "throughput", max_concurrency: workload.maxConcurrency ?? Math.max(1, requests.count) };
}

/** The profile that has such a strategy. */
function profileOf({ type_, streams, rate, max_concurrency }: Record<string, unknown>): Record<string, unknown> {
  if (type_ === "concurrent") return { kind: "concurrent", streams: [streams] };
  return rate === undefined ? { kind: "throughput", max_concurrency } : { kind: type_, rate: [rate] };
}

function requestOf({ i, record, m }: Measured, group: Group, zero: number, failure: string) {
  const at = (t: number) => orNull(t + zero);
  const ms = (value: number | undefined) => (value === undefined ? null : value * 1000);
  const iterations = record.chunks?.t.length ?? m.outputTokens;
  return {
    type_: "generative_request_stats",
    request_id: String(i),
    info: {
      request_id: String(i),
      status: { successful: "completed", incomplete: "cancelled", errored: "errored" }[group],
      scheduler_start_time: zero,
      error: group === "errored" ? failure : null,
      timings: {
        targeted_start: at(record.scheduled),
        scheduled_at: at(record.scheduled),
        resolve_start: at(record.started),
        request_start: at(record.started),
        first_request_iteration: at(record.firstEvent),
        first_token_iteration: at(record.first),
        last_token_iteration: at(record.last),
        last_request_iteration: at(record.last),
        request_iterations: iterations,
        token_iterations: iterations,
        request_end: at(record.closed),
        // A request without an end is refused, though its other times may be missing.
        resolve_end: at([record.closed, record.last, record.started].find((t) => !Number.isNaN(t)) ?? 0),
      },
    },
    input_metrics: { text_tokens: record.promptTokens, cached_tokens: record.cachedTokens },
    output_metrics: { text_tokens: m.outputTokens },
    prompt_tokens: record.promptTokens,
    output_tokens: m.outputTokens,
    request_latency: m.e2e ?? null,
    time_to_first_token_ms: ms(m.ttft),
    time_per_output_token_ms: ms(m.tpot),
    inter_token_latency_ms: ms(m.itl[0]),
  };
}

function schedulerMetrics(
  done: readonly Measured[],
  made: Readonly<Record<string, number>>,
  zero: number,
  duration: number,
): Record<string, unknown> {
  const mean = (of: (record: RawRecord) => number) =>
    done.length > 0 ? done.reduce((sum, { record }) => sum + (of(record) || 0), 0) / done.length : 0;
  const late = mean((r) => r.started - r.scheduled);
  const took = mean((r) => r.closed - r.started);
  return {
    start_time: zero,
    request_start_time: zero,
    measure_start_time: zero,
    measure_end_time: zero + duration,
    request_end_time: zero + duration,
    end_time: zero + duration,
    requests_made: made,
    queued_time_avg: 0,
    resolve_start_delay_avg: 0,
    resolve_targeted_start_delay_avg: late,
    request_start_delay_avg: 0,
    request_targeted_start_delay_avg: late,
    request_time_avg: took,
    resolve_end_delay_avg: 0,
    resolve_time_avg: took,
    finalized_delay_avg: 0,
    processed_delay_avg: 0,
  };
}

type Read = (one: Measured) => number | undefined;

/** Rates are totals over the run where GuideLLM weighs them by time: one value each, so that means are right. */
function metricsOf(sent: Readonly<Record<Group, readonly Measured[]>>, duration: number): Record<string, unknown> {
  const all = [...sent.successful, ...sent.errored, ...sent.incomplete];
  const each = (summary: (of: readonly Measured[]) => unknown) => ({
    ...Object.fromEntries(groups.map((group) => [group, summary(sent[group])])),
    total: summary(all),
  });
  const over = (read: Read, weight?: Read) =>
    each((of) => {
      const known = of.filter((one) => read(one) !== undefined);
      const values = known.map((one) => read(one)!);
      return weight
        ? guidellmStatistics(
            values,
            known.map((one) => weight(one) ?? 0),
          )
        : guidellmStatistics(values);
    });
  const perSecond = (read: Read) =>
    each((of) => {
      const sum = of.reduce((total, one) => total + (read(one) ?? 0), 0);
      return guidellmStatistics([duration > 0 ? sum / duration : 0]);
    });
  const ms = (of: (m: RequestMetrics) => number | undefined): Read => {
    return ({ m }) => {
      const value = of(m);
      return value === undefined ? undefined : value * 1000;
    };
  };
  const prompt: Read = ({ record }) => record.promptTokens;
  const output: Read = ({ m }) => m.outputTokens;
  const both: Read = ({ record, m }) => record.promptTokens + m.outputTokens;
  const ttft = over(ms((m) => m.ttft));
  const iterations: Read = ({ record, m }) => record.chunks?.t.length ?? m.outputTokens;
  const perIteration = over((one) => (iterations(one)! > 0 ? one.m.outputTokens / iterations(one)! : undefined));
  return {
    requests_per_second: perSecond(() => 1),
    request_concurrency: perSecond(({ m }) => m.e2e ?? 0),
    request_latency: over(({ m }) => m.e2e),
    request_streaming_iterations_count: over(iterations),
    prompt_token_count: over(prompt),
    output_token_count: over(output),
    total_token_count: over(both),
    time_to_first_token_ms: ttft,
    time_to_first_output_token_ms: ttft,
    time_per_output_token_ms: over(
      ms((m) => m.tpot),
      ({ m }) => m.outputTokens,
    ),
    inter_token_latency_ms: over(
      ms((m) => m.itl[0]),
      ({ m }) => m.itlWeight,
    ),
    time_to_last_round_trip_ms: over(() => undefined),
    avg_round_trip_time_ms: over(() => undefined),
    prompt_tokens_per_second: perSecond(prompt),
    output_tokens_per_second: perSecond(output),
    tokens_per_second: perSecond(both),
    output_tokens_per_iteration: perIteration,
    iter_tokens_per_iteration: perIteration,
    text: {
      tokens: {
        ...{ input: over(prompt), input_per_second: perSecond(prompt), input_concurrency: null },
        ...{ output: over(output), output_per_second: perSecond(output), output_concurrency: null },
        ...{ total: over(both), total_per_second: perSecond(both), total_concurrency: null },
      },
      words: null,
      characters: null,
    },
    image: { tokens: null, images: null, pixels: null, bytes: null },
    video: { tokens: null, frames: null, seconds: null, bytes: null },
    audio: { tokens: null, samples: null, seconds: null, bytes: null },
    tool_call: { tokens: null, mixed_tokens: null, count: null },
  };
}
