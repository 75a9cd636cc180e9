/** Reads inference-perf's reports: `per_request_lifecycle_metrics.json`, and the summaries of a stage or a whole run. */
import { InputError } from "../../errors.ts";
import { array, count, finite, isObject, numberOr, object, text, time, type Json } from "./parse.ts";
import { runFromRows, type ImportedRow, type ToolResult } from "./rows.ts";
import { given, statedOf, type StatedMetric } from "./stated.ts";

export const isInferencePerfSummary = (json: Json): boolean => "load_summary" in json && "successes" in json;

export const isInferencePerfRequest = (value: unknown): boolean =>
  isObject(value) && "start_time" in value && "end_time" in value && "info" in value;

/** One result a stage where records tell their stage, else one. Token counts are its tokenizer's. */
export function inferencePerfResults(records: readonly unknown[]): ToolResult[] {
  const stages = new Map<string, ImportedRow[]>();
  records.forEach((value, i) => {
    const record = object(value, `record ${i}`);
    const stage = typeof record["stage_id"] === "number" ? `stage ${record["stage_id"]}` : "one run";
    stages.set(stage, [...(stages.get(stage) ?? []), rowOf(record, i)]);
  });
  return [...stages].map(([label, rows]) => ({
    label,
    run: runFromRows(rows, { tool: "inference-perf", model: modelOf(records) }).run,
    dropped: ["the texts of requests and answers"],
    missing: rows.some((row) => row.chunks)
      ? []
      : ["output_token_times: so no TTFT, TPOT or ITL; run it with streaming on"],
  }));
}

function rowOf(record: Json, i: number): ImportedRow {
  const at = (name: string) => `${name} of record ${i}`;
  const info = isObject(record["info"]) ? record["info"] : {};
  const response = isObject(info["response_metrics"]) ? info["response_metrics"] : {};
  const request = isObject(info["request_metrics"]) ? info["request_metrics"] : {};
  const prompt = isObject(request["text"]) ? request["text"] : request;
  const started = finite(record["start_time"], at("start_time"));
  const closed = time(record["end_time"], at("end_time"));
  if (closed < started) throw new InputError(at("end_time"), closed, "start_time or later");
  const listed = response["output_token_times"] ?? info["output_token_times"] ?? [];
  const tokens = array(listed, at("output_token_times")).map((t) => finite(t, at("output_token_times")));
  const error = record["error"];
  const failed = error !== null && error !== undefined;
  return {
    scheduled: time(record["scheduled_time"] ?? started, at("scheduled_time")),
    started,
    ...(tokens.length > 0 ? { first: tokens[0], last: tokens[tokens.length - 1], chunks: tokens } : {}),
    closed,
    promptTokens: count(prompt["input_tokens"] ?? info["input_tokens"], at("input_tokens")),
    outputTokens: count(response["output_tokens"] ?? info["output_tokens"] ?? tokens.length, at("output_tokens")),
    tokenSource: "tokenizer",
    status: failed ? "failed" : "succeeded",
    ...(failed
      ? { error: isObject(error) ? text(error["error_msg"] ?? error["error_type"]) || "failed" : String(error) }
      : {}),
  };
}

/** The request is kept as JSON in a text. */
function modelOf(records: readonly unknown[]): string {
  const first = records[0];
  const found = isObject(first) ? /"model"\s*:\s*"([^"]*)"/.exec(text(first["request"])) : null;
  return found?.[1] ?? "";
}

const OURS: Readonly<Record<string, string>> = {
  time_to_first_token: "ttft",
  time_per_output_token: "tpot",
  inter_token_latency: "itl",
  request_latency: "e2e",
};

export function inferencePerfSummary(json: Json): ToolResult {
  const load = object(json["load_summary"], "load_summary");
  const successes = object(json["successes"], "successes");
  const failures = isObject(json["failures"]) ? json["failures"] : {};
  const latency = isObject(successes["latency"]) ? successes["latency"] : {};
  const throughput = isObject(successes["throughput"]) ? successes["throughput"] : {};
  const succeeded = numberOr(successes["count"]);
  const rate = numberOr(load["requested_rate"]);
  return {
    label: rate === undefined ? "the summary" : `rate ${rate}`,
    stated: {
      ...given({
        succeeded,
        failed: numberOr(failures["count"]),
        duration: numberOr(load["send_duration"]),
        requestsPerSecond: numberOr(throughput["requests_per_sec"]),
        outputTokensPerSecond: numberOr(throughput["output_tokens_per_sec"]),
        totalTokensPerSecond: numberOr(throughput["total_tokens_per_sec"]),
      }),
      metrics: Object.entries(latency).flatMap(([from, statistics]): StatedMetric[] => {
        const found = statedOf({ name: OURS[from] ?? from, unit: "s", from }, statistics);
        const counted = from !== "inter_token_latency" && succeeded !== undefined;
        return found ? [{ ...found, ...(counted ? { n: succeeded } : {}) }] : [];
      }),
    },
    dropped: [],
    missing: [
      "requests: this is a summary; give per_request_lifecycle_metrics.json, which inference-perf writes with report.request_lifecycle.per_request: true",
    ],
  };
}
