/** Reads the result files of `vllm bench serve` (vllm/benchmarks/serve.py, 2024 to 2026), with details or without. */
import { InputError } from "../../errors.ts";
import { labelOfFlat, rowsOfColumns, statedOfFlat } from "./columns.ts";
import { array, parseObject, text, type Json } from "./parse.ts";
import { runFromRows, type Imported, type ToolResult } from "./rows.ts";

/** What a Run has no place for, kept for the way back. */
export interface VllmBeside {
  /** Every field of the file that is not one value a request. */
  readonly fields: Json;
  /** The clock reading that is time 0 of the Run, seconds. */
  readonly clock: number;
  readonly texts?: readonly string[];
  readonly errors?: readonly string[];
  /** Failed requests' partial times, which a failed request of a Run does not tell from a whole one's. */
  readonly perRequest: readonly string[];
}

const perRequest = [
  "input_lens",
  "output_lens",
  "ttfts",
  "itls",
  "latencies",
  "start_times",
  "queue_times",
  "generated_texts",
  "errors",
];

/** One result object of vLLM's. */
export function vllmResult(json: Json): ToolResult {
  const about = { label: labelOfFlat(json), stated: statedOfFlat(json) };
  if (!Array.isArray(json["ttfts"]))
    return {
      ...about,
      dropped: [],
      missing: ["requests: run `vllm bench serve` with --save-result --save-detailed to keep them"],
    };
  const { run, beside, missing = [] } = fromVllmJson(json);
  const dropped = beside.texts?.some((answer) => answer !== "") ? ["the texts of answers"] : [];
  return { ...about, run, dropped, missing };
}

/**
 * Every choices chunk of vLLM, an empty role or finish chunk too, comes back as a content chunk: the file does not tell them
 * apart. Files from before January 2026 have no start times: their runs are `untimed`. Throws InputError for a file without
 * details.
 */
export function fromVllm(file: string): Imported<VllmBeside> {
  const json = parseObject(file, "the file");
  if (!Array.isArray(json["ttfts"]))
    throw new InputError("ttfts", json["ttfts"], "a list: run `vllm bench serve` with --save-result --save-detailed");
  return fromVllmJson(json);
}

function fromVllmJson(json: Json): Imported<VllmBeside> {
  const { rows, clock, untimed, errors, missing } = rowsOfColumns(json, "vLLM keeps them since January 2026");
  const texts =
    json["generated_texts"] === undefined ? undefined : array(json["generated_texts"], "generated_texts").map(text);
  const most = json["max_concurrency"];
  const { run } = runFromRows(rows, {
    tool: "vllm",
    model: text(json["model_id"]),
    date: text(json["date"]),
    ...(untimed ? { untimed } : {}),
    ...(Number.isInteger(most) && (most as number) > 0 ? { workload: { maxConcurrency: most as number } } : {}),
  });
  return {
    run,
    beside: {
      fields: Object.fromEntries(Object.entries(json).filter(([name]) => !perRequest.includes(name))),
      clock,
      ...(texts ? { texts } : {}),
      ...(errors && json["errors"] ? { errors } : {}),
      perRequest: perRequest.filter((name) => json[name] !== undefined),
    },
    dropped: [],
    missing,
  };
}
