/** Reads llmperf's files (until December 2024): `…_individual_responses.json` and `…_summary.json`. */
import { array, count, isObject, numberOr, object, text, time, type Json } from "./parse.ts";
import { runFromRows, type ImportedRow, type ToolResult } from "./rows.ts";
import { given, statedOf, type StatedMetric } from "./stated.ts";

export const isLlmperfRequest = (value: unknown): boolean =>
  isObject(value) && "error_code" in value && "inter_token_latency_s" in value;

export const isLlmperfSummary = (json: Json): boolean =>
  Object.keys(json).some((name) => name.startsWith("results_") && name.includes("ttft_s"));

/** Requests begin at 0: llmperf does not keep when they left. A failed request has TTFT 0, which is no measurement. */
export function llmperfResult(records: readonly unknown[]): ToolResult {
  const rows = array(records, "the file").map((value, i): ImportedRow => {
    const record = object(value, `record ${i}`);
    const at = (name: string) => `${name} of record ${i}`;
    const error = record["error_code"];
    const failed = (error !== null && error !== undefined && error !== "") || text(record["error_msg"]) !== "";
    const latency = failed ? NaN : time(record["end_to_end_latency_s"], at("end_to_end_latency_s"));
    return {
      scheduled: 0,
      started: 0,
      first: failed ? NaN : time(record["ttft_s"], at("ttft_s")),
      last: latency,
      closed: latency,
      promptTokens: count(record["number_input_tokens"], at("number_input_tokens")),
      outputTokens: count(record["number_output_tokens"], at("number_output_tokens")),
      tokenSource: "tokenizer",
      status: failed ? "failed" : "succeeded",
      ...(failed
        ? { error: [errorCode(error), text(record["error_msg"])].filter(Boolean).join(": ") || "failed" }
        : {}),
    };
  });
  const { run } = runFromRows(rows, { tool: "llmperf", model: "", untimed: {} });
  return {
    label: "one run",
    run,
    dropped: [
      "inter_token_latency_s: llmperf's is E2E over tokens, TTFT included; TPOT here is (E2E − TTFT) / (tokens − 1)",
    ],
    missing: ["start times: so there are no rates", "the times of chunks: so no ITL"],
  };
}

function errorCode(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}

const OURS: Readonly<Record<string, string>> = {
  ttft_s: "ttft",
  inter_token_latency_s: "E2E over tokens (llmperf's inter-token latency)",
  end_to_end_latency_s: "e2e",
};

/** Its statistics have flat names, as `results_ttft_s_quantiles_p50`. */
export function llmperfSummary(json: Json): ToolResult {
  const found = new Map<string, Record<string, unknown>>();
  for (const [field, value] of Object.entries(json)) {
    const parts = /^results_(\w+?_s)_(quantiles_p\d+|mean|min|max|stddev)$/.exec(field);
    if (!parts || OURS[parts[1]!] === undefined) continue;
    found.set(parts[1]!, { ...found.get(parts[1]!), [parts[2]!]: value });
  }
  const perMinute = numberOr(json["results_num_completed_requests_per_min"]);
  return {
    label: text(json["name"]) || "the summary",
    stated: {
      ...given({
        model: text(json["model"]) || undefined,
        succeeded: numberOr(json["results_num_completed_requests"]),
        failed: numberOr(json["results_number_errors"]),
        requestsPerSecond: perMinute === undefined ? undefined : perMinute / 60,
        outputTokensPerSecond: numberOr(json["results_mean_output_throughput_token_per_s"]),
      }),
      metrics: [...found].flatMap(([from, statistics]): StatedMetric[] => {
        const stated = statedOf({ name: OURS[from]!, unit: "s", from }, statistics);
        return stated ? [stated] : [];
      }),
    },
    dropped: [],
    missing: ["requests: this is a summary; give the file that ends in individual_responses.json"],
  };
}
