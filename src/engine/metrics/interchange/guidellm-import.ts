/** Reads GuideLLM's `benchmarks.json`: 0.3 (times beside each request), 0.4 and 0.5, and 0.6 to 0.8 (times in `info.timings`). */
import { InputError } from "../../errors.ts";
import { array, count, isObject, numberOr, object, parseObject, text, time, type Json } from "./parse.ts";
import { runFromRows, type Imported, type ImportedRow, type ToolResult } from "./rows.ts";
import { given, statedOf, type StatedMetric, type StatedSummary } from "./stated.ts";

const groups = ["successful", "incomplete", "errored"] as const;
type Group = (typeof groups)[number];

const DROPPED = ["the texts of requests and answers", "scheduler_metrics", "chunk times, which GuideLLM does not keep"];

/** The `benchmark`-th benchmark of the file, by start time of its requests. Throws InputError where there is none. */
export function fromGuidellm(file: string, benchmark = 0): Imported<{ clock: number }> {
  const all = array(parseObject(file, "the file")["benchmarks"], "benchmarks");
  if (!(benchmark in all)) throw new InputError("benchmark", benchmark, `a whole number below ${all.length}`);
  const one = object(all[benchmark], `benchmarks[${benchmark}]`);
  const { run, zero } = runFromRows(rowsOf(object(one["requests"], "requests")), { tool: "guidellm", model: "" });
  return { run, beside: { clock: zero }, dropped: DROPPED };
}

/** Every benchmark of a report. */
export function guidellmResults(json: Json): ToolResult[] {
  return array(json["benchmarks"], "benchmarks").map((value, i) => {
    const benchmark = object(value, `benchmarks[${i}]`);
    const stated = statedOfBenchmark(benchmark);
    const about = { label: labelOf(benchmark, i), stated };
    const made = (stated.succeeded ?? 0) + (stated.failed ?? 0) + (stated.cancelled ?? 0);
    const rows = isObject(benchmark["requests"]) ? rowsOf(benchmark["requests"]) : [];
    if (rows.length === 0)
      return {
        ...about,
        dropped: [],
        missing: [
          `requests: they were not kept (it made ${made}). Run GuideLLM without a limit on the sample of requests, and keep its JSON`,
        ],
      };
    const { run } = runFromRows(rows, { tool: "guidellm", model: stated.model ?? "" });
    const missing =
      rows.length < made ? [`${made - rows.length} of ${made} requests: the file keeps ${rows.length}`] : [];
    return { ...about, run, dropped: DROPPED, missing };
  });
}

function rowsOf(requests: Json): ImportedRow[] {
  const rows = groups.flatMap((group) =>
    array(requests[group] ?? [], `requests.${group}`).map((entry, i) =>
      rowOf(object(entry, `requests.${group}[${i}]`), group, i),
    ),
  );
  return rows.sort((a, b) => a.scheduled - b.scheduled || a.started - b.started);
}

/** 0.6: info.timings. 0.4: scheduler_info.scheduler_timings and .request_timings. 0.3: scheduler_info, and the request itself. */
function timesOf(request: Json): Json {
  const info = [request["info"], request["scheduler_info"]].find(isObject) ?? {};
  const nested = ["timings", "scheduler_timings", "request_timings"].map((name) => info[name]).filter(isObject);
  return Object.assign({}, request, info, ...nested) as Json;
}

function rowOf(request: Json, group: Group, i: number): ImportedRow {
  const at = (name: string) => `${name} of ${group} request ${i}`;
  const times = timesOf(request);
  const when = (...names: string[]) => {
    for (const name of names) {
      const read = time(times[name], at(name));
      if (!Number.isNaN(read)) return read;
    }
    return NaN;
  };
  const started = when("request_start", "start_time", "resolve_start", "worker_start");
  const scheduled = when("targeted_start", "targeted_start_time");
  if (Number.isNaN(started))
    throw new InputError(at("request_start"), times["request_start"], "a time, or start_time beside it");
  const first = when("first_token_iteration", "first_iteration", "first_token_time");
  const closed = when("request_end", "end_time");
  const tokens = (name: string, side: string): number => {
    const metrics = times[side];
    const nested = isObject(metrics) ? (metrics["total_tokens"] ?? metrics["text_tokens"]) : undefined;
    return count(times[name] ?? nested, at(name));
  };
  const info = [request["info"], request["scheduler_info"]].find(isObject) ?? {};
  return {
    scheduled: Number.isNaN(scheduled) ? started : scheduled,
    started,
    first: Number.isNaN(first)
      ? started + time(times["time_to_first_token_ms"], at("time_to_first_token_ms")) / 1000
      : first,
    last: when("last_token_iteration", "last_iteration", "last_token_time"),
    closed: Number.isNaN(closed) ? started + time(times["request_latency"], at("request_latency")) : closed,
    promptTokens: tokens("prompt_tokens", "input_metrics"),
    cachedTokens: count(times["cached_tokens"], at("cached_tokens")),
    outputTokens: tokens("output_tokens", "output_metrics"),
    tokenSource: "usage",
    status: group === "successful" ? "succeeded" : group === "incomplete" ? "cancelled" : "failed",
    ...(group === "errored" ? { error: text(info["error"]) || text(request["error"]) || "errored" } : {}),
  };
}

function labelOf(benchmark: Json, i: number): string {
  const about = [benchmark["config"], benchmark["args"]].find(isObject) ?? {};
  const strategy = isObject(about["strategy"]) ? about["strategy"] : {};
  const parts = [text(strategy["type_"]) || text(benchmark["mode"])];
  for (const name of ["rate", "streams"]) {
    const value = strategy[name];
    if (typeof value === "number") parts.push(`${name} ${value}`);
  }
  return parts.filter((part) => part !== "").join(", ") || `benchmark ${i + 1}`;
}

const OURS: Readonly<Record<string, { name: string; unit: "s" | "/s"; factor: number }>> = {
  time_to_first_token_ms: { name: "ttft", unit: "s", factor: 0.001 },
  inter_token_latency_ms: { name: "itl", unit: "s", factor: 0.001 },
  time_per_output_token_ms: { name: "time per output token, TTFT included", unit: "s", factor: 0.001 },
  request_latency: { name: "e2e", unit: "s", factor: 1 },
};

function statedOfBenchmark(benchmark: Json): StatedSummary {
  const metrics = isObject(benchmark["metrics"]) ? benchmark["metrics"] : {};
  const successful = (name: string): unknown => {
    const metric = metrics[name];
    return isObject(metric) ? metric["successful"] : undefined;
  };
  const stats = [benchmark["scheduler_metrics"], benchmark["run_stats"]].find(isObject) ?? {};
  const totals = [metrics["request_totals"], stats["requests_made"]].find(isObject) ?? {};
  const mean = (name: string): number | undefined => {
    const statistics = successful(name);
    return isObject(statistics) ? numberOr(statistics["mean"]) : undefined;
  };
  const worker = isObject(benchmark["worker"]) ? benchmark["worker"] : {};
  return {
    ...given({
      model: text(worker["backend_model"]) || undefined,
      succeeded: numberOr(totals["successful"]),
      failed: numberOr(totals["errored"]),
      cancelled: numberOr(totals["incomplete"]),
      duration: numberOr(benchmark["duration"]),
      requestsPerSecond: mean("requests_per_second"),
      outputTokensPerSecond: mean("output_tokens_per_second"),
      totalTokensPerSecond: mean("tokens_per_second"),
    }),
    metrics: Object.entries(OURS).flatMap(([from, { name, unit, factor }]): StatedMetric[] => {
      const found = statedOf({ name, unit, from }, successful(from), factor);
      return found ? [found] : [];
    }),
  };
}
