/** Reads AIPerf's `profile_export.jsonl`: one record a request (AIPerf 0.1 to 0.13). */
import { InputError } from "../../errors.ts";
import { array, count, finite, isObject, numberOr, object, parseLines, text, time, type Json } from "./parse.ts";
import { runFromRows, type Imported, type ImportedRow } from "./rows.ts";

const kept = [
  "time_to_first_token",
  "request_latency",
  "inter_token_latency",
  "inter_chunk_latency",
  "input_sequence_length",
  "output_sequence_length",
  "usage_prompt_cache_read_tokens",
];

/** Seconds in one of AIPerf's units of time. */
const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, sec: 1 };

/** Warm-up records are left out. Throws InputError, naming line and field, for a file that is not AIPerf's. */
export function fromAiperf(file: string): Imported<{ clock: number }> {
  return aiperfRun(parseLines(file, "the file"));
}

export function isAiperfRecord(value: unknown): boolean {
  return isObject(value) && isObject(value["metadata"]) && ("metrics" in value || "error" in value);
}

/** As `fromAiperf`, of lines that are parsed. */
export function aiperfRun(lines: readonly Json[]): Imported<{ clock: number }> {
  const others = new Set<string>();
  let warmup = 0;
  // Nanoseconds since 1970 lose digits in seconds: they are counted from the first.
  const clock = lines.reduce((least, line, i) => {
    const meta = object(line["metadata"], `metadata of record ${i + 1}`);
    const at = meta["credit_issued_ns"] ?? meta["request_start_ns"];
    return typeof at === "number" && at < least ? at : least;
  }, Infinity);
  const seconds = (value: unknown, field: string) => (time(value, field) - clock) / 1e9;
  const rows = lines.flatMap((line, i): ImportedRow[] => {
    const at = (name: string) => `${name} of record ${i + 1}`;
    const meta = object(line["metadata"], at("metadata"));
    if (meta["benchmark_phase"] === "warmup") {
      warmup++;
      return [];
    }
    const metrics = object(line["metrics"] ?? {}, at("metrics"));
    for (const name of Object.keys(metrics)) if (!kept.includes(name)) others.add(`metrics.${name}`);
    const entry = (name: string): Json => {
      const found = metrics[name];
      return found === undefined || found === null ? {} : object(found, at(name));
    };
    const value = (name: string) => entry(name)["value"];
    const inSeconds = (name: string) => SECONDS[text(entry(name)["unit"])] ?? SECONDS["ms"]!;
    const duration = (name: string) => {
      const read = time(value(name), at(name)) * inSeconds(name);
      if (read < 0) throw new InputError(at(name), value(name), "0 or more");
      return read;
    };
    const started = (finite(meta["request_start_ns"], at("request_start_ns")) - clock) / 1e9;
    const first = started + duration("time_to_first_token");
    const gaps = value("inter_chunk_latency");
    const chunks = Number.isNaN(first) ? [] : [first];
    if (gaps !== undefined && gaps !== null && chunks.length > 0)
      for (const gap of array(gaps, at("inter_chunk_latency")))
        chunks.push(
          chunks[chunks.length - 1] + finite(gap, at("inter_chunk_latency")) * inSeconds("inter_chunk_latency"),
        );
    const error =
      line["error"] === null || line["error"] === undefined ? undefined : object(line["error"], at("error"));
    const tokens = value("output_sequence_length");
    const usage = value("usage_completion_tokens");
    return [
      {
        scheduled: seconds(meta["credit_issued_ns"] ?? meta["request_start_ns"], at("credit_issued_ns")),
        started,
        headers: seconds(meta["request_ack_ns"], at("request_ack_ns")),
        first,
        last: started + duration("request_latency"),
        closed: seconds(meta["request_end_ns"], at("request_end_ns")),
        promptTokens: count(
          value("input_sequence_length") ?? value("usage_prompt_tokens") ?? value("error_isl"),
          at("input_sequence_length"),
        ),
        cachedTokens: count(value("usage_prompt_cache_read_tokens"), at("usage_prompt_cache_read_tokens")),
        outputTokens: count(tokens ?? usage, at("output_sequence_length")),
        tokenSource: numberOr(tokens) === undefined && numberOr(usage) !== undefined ? "usage" : "tokenizer",
        status: meta["was_cancelled"] === true ? "cancelled" : error ? "failed" : "succeeded",
        ...(gaps !== undefined && chunks.length > 1 ? { chunks } : {}),
        ...(error ? { error: text(error["message"]) || text(error["type"]) || "failed" } : {}),
      },
    ];
  });
  const { run, zero } = runFromRows(rows, { tool: "aiperf", model: "" });
  const dropped = [...others, ...(warmup > 0 ? [`${warmup} records of the warm-up`] : [])];
  const missing = rows.some((row) => row.chunks)
    ? []
    : ["inter_chunk_latency: the times of chunks, so no ITL between tokens (its inter_token_latency is others' TPOT)"];
  return { run, beside: { clock: clock === Infinity ? 0 : clock / 1e9 + zero }, dropped, missing };
}
