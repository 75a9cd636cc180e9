/** Reads a result file of any tool we know: whose it is, what runs or summaries it holds, and what it lacks. */
import { InputError } from "../../errors.ts";
import { isAiperfRecord, aiperfRun } from "./aiperf-import.ts";
import { aiperfCsv, aiperfSummary, isAiperfSummary } from "./aiperf-summary.ts";
import { csvRows } from "./csv.ts";
import { documentsOf } from "./documents.ts";
import { guidellmResults } from "./guidellm-import.ts";
import {
  inferencePerfResults,
  inferencePerfSummary,
  isInferencePerfRequest,
  isInferencePerfSummary,
} from "./inference-perf.ts";
import { jsonlRuns } from "./jsonl.ts";
import { isLlmperfRequest, isLlmperfSummary, llmperfResult, llmperfSummary } from "./llmperf.ts";
import { fromLoadJson, fromTable, fromText, type Recognised } from "./load-tools.ts";
import { array, isObject, numberOr, object, text, type Json } from "./parse.ts";
import type { ToolResult } from "./rows.ts";
import { isSglang, sglangResult } from "./sglang.ts";
import { isSketchFile, sketchResult } from "./sketch-file.ts";
import { given, statedOf } from "./stated.ts";
import { vllmResult } from "./vllm-import.ts";
import { requireRun } from "../../valid-run.ts";

export interface ResultFile {
  readonly tool: string;
  /** As far as the file says. */
  readonly version?: string;
  /** Which of the tool's files it is. */
  readonly kind: string;
  /** At least one. */
  readonly results: readonly ToolResult[];
}

const KNOWN =
  "a result of perflab, vLLM (bench serve), SGLang (bench_serving), AIPerf, GenAI-Perf, GuideLLM, inference-perf or llmperf";

/** One way to read a file: what it looks like, and the reading. */
interface Reader {
  readonly tool: string;
  readonly kind: string;
  readonly version?: string;
  readonly read: () => readonly ToolResult[];
}

/**
 * `file` is the text of a result file. Throws InputError, naming the tool that it looks like and the field at fault, for one
 * that can't be read; a file without requests comes back as a summary.
 */
export function readResults(file: string): ResultFile {
  const whole = file.replace(/^\uFEFF/, "");
  if (whole.trim() === "") throw new InputError("the file", "empty", KNOWN);
  const first = whole.trimStart()[0];
  if (first !== "{" && first !== "[") return fromPlain(whole);
  const { values, cutOff } = documentsOf(whole);
  const documents = values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
  const reader = readerOf(documents);
  const results = attempt(reader);
  if (results.length === 0) throw new InputError(`the number of results in ${reader.tool}'s file`, 0, "at least one");
  const note = "its end: the file was cut off in the middle of a value, which is left out";
  return {
    tool: reader.tool,
    kind: reader.kind,
    ...(reader.version ? { version: reader.version } : {}),
    results: cutOff ? results.map((result) => ({ ...result, missing: [...result.missing, note] })) : results,
  };
}

/** An error names the tool as well, since the reader of the message knows the file by it. */
function attempt({ tool, kind, version, read }: Reader): readonly ToolResult[] {
  try {
    const results = read();
    for (const { run } of results) if (run !== undefined) requireRun("run", run);
    return results;
  } catch (error) {
    if (error instanceof InputError)
      error.message = `it looks like ${tool}'s ${kind}${version ? `, version ${version}` : ""}, but ${error.message}`;
    throw error;
  }
}

function fromPlain(whole: string): ResultFile {
  if (/^# (HELP|TYPE) /m.test(whole))
    throw new InputError("the file", "a scrape of /metrics", `${KNOWN}: a server's counters hold no requests`);
  const plain = fromText(whole) ?? tableOf(csvRows(whole));
  if (plain) return plain;
  throw new InputError("the file", whole.trim().slice(0, 60), KNOWN);
}

function tableOf(rows: readonly (readonly string[])[]): Recognised | undefined {
  const head = rows[0] ?? [];
  if (rows.length < 2) return undefined;
  if (head[0] === "Metric") return { tool: "AIPerf (or GenAI-Perf)", kind: "its CSV", results: [aiperfCsv(rows)] };
  if (head.includes("request_throughput") && head.includes("mean_ttft_ms")) {
    const results = rows
      .slice(1)
      .map((row) => vllmResult(Object.fromEntries(head.map((name, i) => [name, numeric(row[i])]))));
    return { tool: "vLLM", kind: "table of a sweep", results };
  }
  // Three rows of heads, above one another; a table of somebody's own has numbers under its only one.
  const isHead = (row: readonly string[]) => row.every((cell) => numberOr(cell) === undefined);
  if (
    rows.length >= 4 &&
    rows.slice(0, 3).every(isHead) &&
    rows
      .slice(0, 2)
      .flat()
      .some((cell) => /Time to First Token/i.test(cell))
  )
    return {
      tool: "GuideLLM",
      kind: "its CSV",
      results: rows.slice(3).map((row, i) => ({
        label: row.find((cell) => cell !== "") ?? `benchmark ${i + 1}`,
        dropped: [],
        missing: ["requests: this is a summary; keep GuideLLM's JSON (--outputs json), which holds them"],
      })),
    };
  return fromTable(rows);
}

function numeric(cell: string | undefined): unknown {
  const value = cell === undefined || cell.trim() === "" ? NaN : Number(cell);
  return Number.isFinite(value) ? value : cell;
}

function readerOf(documents: readonly unknown[]): Reader {
  const head = documents[0];
  if (!isObject(head)) throw new InputError("the file", head ?? "an empty list", KNOWN);
  const each = (read: (json: Json) => ToolResult) => () =>
    documents.map((value, i) => read(object(value, `result ${i + 1}`)));
  if (head["format"] === "perflab-run") return { tool: "perflab", kind: "kept run", read: () => jsonlRuns(documents) };
  if (isSketchFile(head)) return { tool: "perflab", kind: "merged sketches", read: each(sketchResult) };
  if (isObject(head["counts"]) && isObject(head["times"]))
    return { tool: "perflab", kind: "report (--json)", read: each(ownReport) };
  if (Array.isArray(head["points"]) && isObject(head["points"][0]) && isObject(head["points"][0]["report"]))
    return { tool: "perflab", kind: "sweep (--json)", read: () => ownSweep(head) };
  if ("benchmarks" in head) {
    const about = isObject(head["metadata"]) ? head["metadata"] : {};
    const version = text(about["guidellm_version"]) || ("metadata" in head ? "" : "0.3 or older");
    return {
      tool: "GuideLLM",
      kind: "report",
      version,
      read: () => documents.flatMap((value, i) => guidellmResults(object(value, `report ${i + 1}`))),
    };
  }
  if (isAiperfRecord(head))
    return {
      tool: "AIPerf",
      kind: "profile_export.jsonl",
      read: () => {
        const { run, dropped, missing = [] } = aiperfRun(documents.map((line, i) => object(line, `record ${i + 1}`)));
        return [{ label: "one run", run, dropped, missing }];
      },
    };
  if (isLlmperfRequest(head))
    return { tool: "llmperf", kind: "individual responses", read: () => [llmperfResult(documents)] };
  if (isInferencePerfRequest(head))
    return { tool: "inference-perf", kind: "per-request report", read: () => inferencePerfResults(documents) };
  if (isInferencePerfSummary(head))
    return { tool: "inference-perf", kind: "summary", read: each(inferencePerfSummary) };
  if (isLlmperfSummary(head)) return { tool: "llmperf", kind: "summary", read: each(llmperfSummary) };
  if (isSglang(head)) return { tool: "SGLang", kind: "bench_serving result", read: each(sglangResult) };
  if ("ttfts" in head || ("request_throughput" in head && !isObject(head["request_throughput"])))
    return { tool: "vLLM", kind: "bench serve result", read: each(vllmResult) };
  if (isAiperfSummary(head))
    return { tool: "AIPerf", kind: "summary", version: text(head["aiperf_version"]), read: each(aiperfSummary) };
  const other = otherVllm(head) ?? fromLoadJson(head);
  if (other) return { tool: other.tool, kind: other.kind, read: () => other.results };
  throw new InputError("the file", head, KNOWN);
}

/** vLLM's other benchmarks, and the tool before AIPerf: named, with what to run instead. */
function otherVllm(head: Json): Recognised | undefined {
  const only = (tool: string, kind: string, why: string): Recognised => ({
    tool,
    kind,
    results: [{ label: kind, dropped: [], missing: [why] }],
  });
  if ("avg_latency" in head && "latencies" in head)
    return only(
      "vLLM",
      "bench latency result",
      "a server's requests: it times batches without one; run `vllm bench serve`",
    );
  if ("elapsed_time" in head && "tokens_per_second" in head)
    return only("vLLM", "bench throughput result", "a server's requests: it runs offline; run `vllm bench serve`");
  if (Array.isArray(head["experiments"]))
    return only(
      "GenAI-Perf",
      "profile_export.json",
      "tokens: it holds raw responses, uncounted; AIPerf, which followed it, writes profile_export.jsonl",
    );
  if (isObject(head["benchmark"]) && isObject(head["metric"]))
    return only("vLLM", "PyTorch benchmark record", "requests: give the file without .pytorch in its name");
  return undefined;
}

/** What `sweep --json` prints: a report a load. */
function ownSweep(json: Json): readonly ToolResult[] {
  const by = json["loads"] === "users" ? "concurrency" : json["loads"] === "rate" ? "rate" : undefined;
  return array(json["points"], "points").map((value, i) => {
    const point = object(value, `points[${i}]`);
    const { stated, ...rest } = ownReport(object(point["report"], `points[${i}].report`));
    const at = numberOr(point["load"]);
    return {
      ...rest,
      label: `load ${at ?? "unknown"}`,
      stated: { ...stated!, load: { ...stated!.load, ...(by && at !== undefined ? { [by]: at } : {}) } },
      missing: ["requests: this is what sweep --json prints; keep the runs themselves with --save-result"],
    };
  });
}

/** What `bench --json` prints. */
function ownReport(json: Json): ToolResult {
  const [counts, times] = [object(json["counts"], "counts"), object(json["times"], "times")];
  const tokens = isObject(json["tokens"]) ? json["tokens"] : {};
  const succeeded = numberOr(counts["succeeded"]) ?? 0;
  const mean = (name: string): number | undefined => {
    const total = numberOr(tokens[name]);
    return total !== undefined && succeeded > 0 ? total / succeeded : undefined;
  };
  return {
    label: text(json["model"]) || "one run",
    stated: {
      ...given({
        model: text(json["model"]) || undefined,
        succeeded: numberOr(counts["succeeded"]),
        failed: ["failed", "timedOut", "refused"].reduce((sum, name) => sum + (numberOr(counts[name]) ?? 0), 0),
        cancelled: numberOr(counts["cancelled"]),
        duration: numberOr(json["duration"]),
        requestsPerSecond: numberOr(json["requestsPerSecond"]),
        outputTokensPerSecond: numberOr(json["outputTokensPerSecond"]),
        totalTokensPerSecond: numberOr(json["totalTokensPerSecond"]),
        load: given({ prompt: mean("prompt"), output: mean("output") }),
      }),
      metrics: Object.entries(times).flatMap(([name, statistics]) => {
        return statedOf({ name, unit: "s", from: name }, statistics) ?? [];
      }),
    },
    dropped: [],
    missing: ["requests: this is what bench --json prints; keep the run itself with --save-result"],
  };
}
