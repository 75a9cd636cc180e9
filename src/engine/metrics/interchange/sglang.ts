/** Reads the result lines of `python -m sglang.bench_serving` (sglang/benchmark/serving.py, up to 0.5.23). */
import { labelOfFlat, rowsOfColumns, statedOfFlat } from "./columns.ts";
import { text, type Json } from "./parse.ts";
import { runFromRows, type ToolResult } from "./rows.ts";

/** Its result lines are vLLM's with other names; these tell them apart. */
export function isSglang(json: Json): boolean {
  return (
    "mean_e2e_latency_ms" in json ||
    "total_output_tokens_retokenized" in json ||
    ("input_throughput" in json && "dataset_name" in json)
  );
}

/** Requests are there only with --output-details, and never the moment they left. */
export function sglangResult(json: Json): ToolResult {
  const about = { label: labelOfFlat(json), stated: statedOfFlat(json) };
  if (!Array.isArray(json["ttfts"]))
    return {
      ...about,
      dropped: [],
      missing: ["requests: run `python -m sglang.bench_serving` with --output-file and --output-details to keep them"],
    };
  const { rows, untimed, missing } = rowsOfColumns(json, "SGLang keeps none");
  const most = json["max_concurrency"];
  const { run } = runFromRows(rows, {
    tool: "sglang",
    model: text(json["model_id"] ?? json["model"]),
    ...(untimed ? { untimed } : {}),
    ...(Number.isInteger(most) && (most as number) > 0 ? { workload: { maxConcurrency: most as number } } : {}),
  });
  return { ...about, run, dropped: ["the texts of answers"], missing };
}
