/** Results that vLLM and SGLang keep as one list a field, one entry a request: `ttfts`, `itls`, `output_lens` and the like. */
import { InputError } from "../../errors.ts";
import { array, count, finite, numberOr, text, time, type Json } from "./parse.ts";
import type { ImportedRow } from "./rows.ts";
import { given, statedOf, type StatedLoad, type StatedSummary } from "./stated.ts";

export interface ColumnRows {
  readonly rows: readonly ImportedRow[];
  /** The clock reading that is time 0 of the rows, seconds; 0 where the file has no start times. */
  readonly clock: number;
  readonly untimed?: { readonly duration?: number };
  readonly errors?: readonly string[];
  readonly missing: readonly string[];
}

/** Throws InputError where a list is not one, holds something else, or is of another length than `ttfts`. */
export function rowsOfColumns(json: Json, startsSince: string): ColumnRows {
  const ttfts = numbers(json, "ttfts");
  const n = ttfts.length;
  const optional = (name: string): number[] | undefined =>
    json[name] === undefined || json[name] === null ? undefined : numbers(json, name, n);
  const starts = optional("start_times");
  const inputs = optional("input_lens");
  const outputs = numbers(json, "output_lens", n);
  const latencies = optional("latencies");
  const waits = optional("queue_times");
  const cached = optional("cached_tokens");
  const itls = ofLength(array(json["itls"], "itls"), "itls", n).map((gaps, i) =>
    array(gaps ?? [], `itls[${i}]`).map((g, k) => positive(finite(g, `itls[${i}][${k}]`), `itls[${i}][${k}]`)),
  );
  const errors =
    json["errors"] === undefined ? undefined : ofLength(array(json["errors"], "errors"), "errors", n).map(errorText);

  // Times relative to the first keep their digits; a clock that has run for days leaves them none to spare.
  const clock = (starts ?? []).reduce((least, start, i) => {
    const at = start - (waits?.[i] ?? 0);
    return at < least ? at : least;
  }, Infinity);
  const rows = ttfts.map((ttft, i): ImportedRow => {
    const started = starts ? positive(finite(starts[i], `start_times[${i}]`), `start_times[${i}]`) - clock : 0;
    // A request that failed before its first chunk has TTFT 0.
    const chunks = ttft > 0 || itls[i].length > 0 ? cumulate(started + (ttft || 0), itls[i]) : [];
    // vLLM has kept empty error texts for some failures (its pull request 26478): nothing arrived, so it failed.
    const ok = (errors?.[i] ?? "") === "" && (chunks.length > 0 || outputs[i] > 0);
    const latency = latencies?.[i] ?? NaN;
    const end = chunks.length > 0 ? chunks[chunks.length - 1] : NaN;
    const last = Number.isNaN(latency) || chunks.length === 0 ? end : started + latency;
    const error = errors?.[i] || (ok ? undefined : "failed, without a reason in the file");
    return {
      scheduled: started - (waits?.[i] ?? 0),
      started,
      first: chunks[0],
      last,
      closed: Number.isNaN(latency) ? last : started + latency,
      promptTokens: count(inputs?.[i], `input_lens[${i}]`),
      ...(cached ? { cachedTokens: count(cached[i], `cached_tokens[${i}]`) } : {}),
      outputTokens: count(outputs[i], `output_lens[${i}]`),
      tokenSource: "usage",
      status: ok ? "succeeded" : "failed",
      chunks,
      ...(error ? { error } : {}),
    };
  });
  const duration = numberOr(json["duration"]);
  const succeeded = rows.filter((row) => row.status === "succeeded").length;
  const completed = numberOr(json["completed"]);
  return {
    rows,
    clock: clock === Infinity ? 0 : clock,
    ...(starts ? {} : { untimed: duration !== undefined && duration > 0 ? { duration } : {} }),
    ...(errors ? { errors } : {}),
    missing: [
      ...(starts ? [] : [`start_times (${startsSince}): rates are over the file's own duration, without an interval`]),
      ...(inputs ? [] : ["input_lens"]),
      ...(completed !== undefined && completed !== succeeded
        ? [`agreement: it says ${completed} completed, its lists hold ${succeeded}`]
        : []),
    ],
  };
}

/** vLLM's and SGLang's own statistics: `mean_ttft_ms`, `p99_e2e_latency_ms` and the like. */
export function statedOfFlat(json: Json): StatedSummary {
  const found = new Map<string, Record<string, unknown>>();
  for (const [field, value] of Object.entries(json)) {
    const parts = /^(mean|median|std|min|max|p[\d.]+)_(\w+)_ms$/.exec(field);
    if (!parts) continue;
    const metric = found.get(parts[2]) ?? {};
    found.set(parts[2], { ...metric, [parts[1]]: value });
  }
  const ours: Readonly<Record<string, string>> = { e2el: "e2e", e2e_latency: "e2e" };
  return {
    ...given({
      model: text(json["model_id"] ?? json["model"]) || undefined,
      succeeded: numberOr(json["completed"]),
      failed: numberOr(json["failed"]),
      duration: numberOr(json["duration"]),
      requestsPerSecond: numberOr(json["request_throughput"]),
      outputTokensPerSecond: numberOr(json["output_throughput"]),
      totalTokensPerSecond: numberOr(json["total_token_throughput"] ?? json["total_throughput"]),
      load: loadOfFlat(json),
    }),
    metrics: [...found].flatMap(([name, statistics]) => {
      const about = { name: ours[name] ?? name, unit: "s", from: `${name}_ms` } as const;
      return statedOf(about, statistics, 0.001) ?? [];
    }),
  };
}

/** A request rate of "inf" is all at once: then the load is how many may be in flight. */
function loadOfFlat(json: Json): StatedLoad | undefined {
  const completed = numberOr(json["completed"]) ?? 0;
  const mean = (name: string): number | undefined => {
    const total = numberOr(json[name]);
    return total !== undefined && completed > 0 ? total / completed : undefined;
  };
  const load = given({
    concurrency: numberOr(json["max_concurrency"]),
    rate: numberOr(json["request_rate"]),
    prompt: mean("total_input_tokens"),
    output: mean("total_output_tokens"),
  });
  return Object.keys(load).length > 0 ? load : undefined;
}

/** What tells a result from its neighbours in a file or a sweep. */
export function labelOfFlat(json: Json): string {
  const parts = [
    json["request_rate"] !== undefined && json["request_rate"] !== null
      ? `request rate ${String(json["request_rate"])}`
      : "",
    typeof json["max_concurrency"] === "number" ? `${json["max_concurrency"]} at once` : "",
    text(json["label"] ?? json["tag"]),
    text(json["date"]),
  ];
  return parts.filter((part) => part !== "").join(", ") || text(json["model_id"]) || "one run";
}

function errorText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function cumulate(first: number, gaps: readonly number[]): number[] {
  const times = [first];
  for (const gap of gaps) times.push(times[times.length - 1] + gap);
  return times;
}

function numbers(json: Json, name: string, length?: number): number[] {
  const list = array(json[name], name).map((value, i) => positive(time(value, `${name}[${i}]`), `${name}[${i}]`));
  return length === undefined ? list : ofLength(list, name, length);
}

function ofLength<T>(list: readonly T[], name: string, length: number): T[] {
  if (list.length !== length) throw new InputError(`the length of ${name}`, list.length, `${length}, as ttfts`);
  return [...list];
}

function positive(value: number, field: string): number {
  if (value < 0) throw new InputError(field, value, "0 or more");
  return value;
}
