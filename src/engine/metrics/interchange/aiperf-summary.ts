/** Reads the statistics that AIPerf and GenAI-Perf keep without the requests: `profile_export_aiperf.json`, and their CSV. */
import { isObject, numberOr, text, type Json } from "./parse.ts";
import type { ToolResult } from "./rows.ts";
import { given, statedOf, type StatedMetric, type StatedSummary } from "./stated.ts";

/** Their inter-token latency is one value a request, which others call TPOT. */
const OURS: Readonly<Record<string, string>> = {
  time_to_first_token: "ttft",
  inter_token_latency: "tpot",
  inter_chunk_latency: "icl",
  request_latency: "e2e",
};
const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, sec: 1, seconds: 1 };

const isStatistic = (value: unknown): value is Json => isObject(value) && "unit" in value && "avg" in value;

export function isAiperfSummary(json: Json): boolean {
  const metrics = isObject(json["records"]) ? json["records"] : json;
  return Object.values(metrics).some(isStatistic) && ("request_latency" in metrics || "request_throughput" in metrics);
}

export function aiperfSummary(json: Json): ToolResult {
  const tool = "aiperf_version" in json || "schema_version" in json ? "AIPerf" : "AIPerf (or GenAI-Perf)";
  const metrics = isObject(json["records"]) ? json["records"] : json;
  return summaryOf(
    tool,
    Object.entries(metrics).filter((entry): entry is [string, Json] => isStatistic(entry[1])),
    loadAsked(json),
  );
}

/** The load generator's own settings, which the summary repeats. */
function loadAsked(json: Json): { concurrency: number | undefined; rate: number | undefined } {
  const config = isObject(json["input_config"]) ? json["input_config"] : {};
  const asked = isObject(config["loadgen"]) ? config["loadgen"] : config;
  return { concurrency: numberOr(asked["concurrency"]), rate: numberOr(asked["request_rate"]) };
}

/** A table of theirs: the heads of the columns, then a row a metric, named as "Time to First Token (ms)". */
export function aiperfCsv(rows: readonly (readonly string[])[]): ToolResult {
  const entries: [string, Json][] = [];
  let head: readonly string[] = [];
  for (const row of rows) {
    if (row[0] === "Metric") head = row;
    const named = /^(.+?)(?: \(([^)]*)\))?$/.exec(row[0] ?? "");
    if (row[0] === "Metric" || row.length < 2 || !named) continue;
    const name = named[1]!.toLowerCase().replace(/[^a-z0-9]+/g, "_");
    const statistics = Object.fromEntries(row.slice(1).map((cell, i) => [head[i + 1] ?? "", cell.replaceAll(",", "")]));
    entries.push([name, { ...statistics, unit: named[2] ?? "", avg: statistics["avg"] ?? statistics["Value"] }]);
  }
  return summaryOf("AIPerf (or GenAI-Perf)", entries);
}

function summaryOf(
  tool: string,
  entries: readonly (readonly [string, Json])[],
  asked: { readonly concurrency?: number | undefined; readonly rate?: number | undefined } = {},
): ToolResult {
  const all = new Map(entries);
  const average = (name: string) => numberOr(all.get(name)?.["avg"]);
  const errors = average("error_request_count");
  const load = given({
    ...asked,
    prompt: average("input_sequence_length"),
    output: average("output_sequence_length"),
  });
  const stated: StatedSummary = {
    ...given({
      succeeded: average("request_count"),
      failed: errors,
      duration: average("benchmark_duration"),
      requestsPerSecond: average("request_throughput"),
      outputTokensPerSecond: average("output_token_throughput"),
      totalTokensPerSecond: average("total_token_throughput"),
      load: Object.keys(load).length > 0 ? load : undefined,
    }),
    metrics: entries.flatMap(([name, statistics]): StatedMetric[] => {
      const factor = SECONDS[text(statistics["unit"])];
      const unit = factor === undefined ? "" : "s";
      const found = statedOf({ name: OURS[name] ?? name, unit, from: name }, statistics, factor ?? 1);
      return found && found.percentiles.length > 0 ? [found] : [];
    }),
  };
  return {
    label: `${tool}'s summary`,
    stated,
    dropped: [],
    missing: ["requests: this is a summary; give profile_export.jsonl of the same folder, which holds them"],
  };
}
