/** Recognises the results of general load generators, which know requests and no tokens, and reads the statistics they state. */
import { isObject, numberOr, text, type Json } from "./parse.ts";
import type { ToolResult } from "./rows.ts";
import { given, percentOf, statedOf, type StatedMetric } from "./stated.ts";

/** A file that was recognised: whose it is, and what it says. */
export interface Recognised {
  readonly tool: string;
  readonly kind: string;
  readonly results: readonly ToolResult[];
}

const instead =
  "each request's tokens and times of tokens: it measures whole answers over HTTP. Measure the same endpoint with perflab bench, or with vLLM, AIPerf or GuideLLM";

function found(tool: string, kind: string, results: readonly Pick<ToolResult, "label" | "stated">[]): Recognised {
  return { tool, kind, results: results.map((result) => ({ ...result, dropped: [], missing: [instead] })) };
}

/** A file of a tool that holds no latencies that can be read: what to give instead. */
const refused = (tool: string, kind: string, why: string): Recognised => ({
  tool,
  kind,
  results: [{ label: kind, dropped: [], missing: [why] }],
});

const named = (tool: string, kind: string): Recognised => found(tool, kind, [{ label: "the summary" }]);

/** Plain text: HdrHistogram, wrk2, wrk, hey, ApacheBench. */
export function fromText(file: string): Recognised | undefined {
  const isWrk = /Running \S+ test @/.test(file);
  if (/"?Interval_Compressed_Histogram"?/.test(file))
    return refused(
      "HdrHistogram",
      "its log",
      "a table: its histograms are packed; unpack them with HistogramLogProcessor",
    );
  if (/^\s*http_req_duration[.…]*:? .*avg=/m.test(file))
    return refused("k6", "what it prints", "exact numbers: keep them with --summary-export=FILE or --out csv=FILE");
  if (isWrk || /"?Value"?[\s,;]+"?Percentile"?[\s,;]+"?TotalCount/.test(file))
    return isWrk
      ? found("wrk2 (or wrk)", "its report", [wrk(file)])
      : found("HdrHistogram", "its percentile table", [hdr(file)]);
  if (/^Summary:\s*\n\s+Total:/m.test(file)) return named("hey", "its report");
  if (/This is ApacheBench/.test(file)) return named("ApacheBench", "its report");
  if (/============ Serving Benchmark Result ============/.test(file))
    return {
      tool: "vLLM or SGLang",
      kind: "what it prints",
      results: [
        {
          label: "the printed table",
          dropped: [],
          missing: ["requests: keep them with --save-result --save-detailed (vLLM) or --output-details (SGLang)"],
        },
      ],
    };
  return undefined;
}

/** The table of `percentile value count` that HdrHistogram prints; values are milliseconds, as its users scale them. */
function spectrum(file: string): { percentiles: [number, number][]; n: number } {
  const at = new Map<number, number>();
  let n = 0;
  // Columns apart by spaces; its CSV has commas between them, a European one has commas within the numbers.
  const number = "(\\d+(?:[.,]\\d+)?)";
  const row = /"Value"/.test(file)
    ? /^\s*(\d+(?:\.\d+)?)[,;]([01](?:\.\d+)?)[,;](\d+)/gm
    : new RegExp(`^\\s*${number}\\s+([01](?:[.,]\\d+)?)\\s+(\\d+)(?:\\s|$)`, "gm");
  const plain = (digits: string) => Number(digits.replace(",", "."));
  for (const [, value, share, count] of file.matchAll(row)) {
    const q = Math.round(plain(share!) * 1e8) / 1e6;
    if (q <= 100 && !at.has(q)) at.set(q, plain(value!) / 1000);
    n = Math.max(n, Number(count));
  }
  return { percentiles: [...at], n };
}

function hdr(file: string): Pick<ToolResult, "label" | "stated"> {
  const { percentiles, n } = spectrum(file);
  const footer = (name: string) =>
    numberOr(new RegExp(`${name}\\s*=\\s*(\\d+(?:[.,]\\d+)?)`).exec(file)?.[1]?.replace(",", "."));
  const total = footer("Total count") ?? n;
  const ms = (value: number | undefined) => (value === undefined ? undefined : value / 1000);
  const metric: StatedMetric = {
    name: "latency",
    unit: "s",
    from: "Value, taken as ms",
    n: total,
    ...given({ mean: ms(footer("Mean")), std: ms(footer("StdDeviation")), max: ms(footer("Max")) }),
    percentiles,
  };
  return { label: "one histogram", stated: { metrics: [metric] } };
}

const WRK_UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60 };

/** The last report of the text. */
function wrk(file: string): Pick<ToolResult, "label" | "stated"> {
  const report = file.slice(file.lastIndexOf("Running "));
  const seconds = (value: string | undefined, unit: string | undefined) =>
    numberOr(value) === undefined ? undefined : Number(value) * (WRK_UNITS[unit ?? ""] ?? NaN);
  const at = new Map(spectrum(report).percentiles);
  for (const [, q, value, unit] of report.matchAll(/^\s*(\d+(?:\.\d+)?)%\s+([\d.]+)(us|ms|s|m)\s*$/gm))
    at.set(Number(q), seconds(value, unit)!);
  const latency = /Latency\s+([\d.]+)(us|ms|s|m)\s+([\d.]+)(us|ms|s|m)\s+([\d.]+)(us|ms|s|m)/.exec(report);
  const made = /(\d+) requests in ([\d.]+)(us|ms|s|m)/.exec(report);
  const n = spectrum(report).n;
  // Some versions print a percentile where others print the largest.
  const third = /Thread Stats\s+Avg\s+Stdev\s+(\S+)/.exec(report)?.[1] ?? "Max";
  const q = percentOf(third);
  const last = seconds(latency?.[5], latency?.[6]);
  if (q !== undefined && last !== undefined && !at.has(q)) at.set(q, last);
  const answered = numberOr(made?.[1]);
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(report)?.slice(1) ?? [];
  const refusedBy = numberOr(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1]) ?? 0;
  const failed = errors.reduce((sum, count) => sum + Number(count), refusedBy);
  const metric: StatedMetric = {
    name: "latency",
    unit: "s",
    from: "Latency",
    ...(n > 0 ? { n } : {}),
    ...given({
      mean: seconds(latency?.[1], latency?.[2]),
      std: seconds(latency?.[3], latency?.[4]),
      max: q === undefined ? last : at.get(100),
    }),
    percentiles: [...at].sort(([a], [b]) => a - b),
  };
  return {
    label: text(/test @ (\S+)/.exec(report)?.[1]) || "one run",
    stated: {
      ...given({
        succeeded: answered === undefined ? undefined : answered - refusedBy,
        failed: failed > 0 ? failed : undefined,
        duration: seconds(made?.[2], made?.[3]),
        requestsPerSecond: numberOr(/Requests\/sec:\s*([\d.]+)/.exec(report)?.[1]),
      }),
      metrics: [metric],
    },
  };
}

/** Tables: Locust's statistics and history, k6's and JMeter's samples. */
export function fromTable(rows: readonly (readonly string[])[]): Recognised | undefined {
  const head = rows[0] ?? [];
  const has = (...names: string[]) => names.every((name) => head.includes(name));
  if (has("Type", "Name") && (has("Request Count") || has("# requests") || has("Total Request Count")))
    return found("Locust", head.includes("Timestamp") ? "its stats_history.csv" : "its stats.csv", [locust(rows)]);
  if (has("Method", "Name", "Error", "Occurrences") || has("Count", "Message", "Traceback"))
    return refused("Locust", "its list of failures", "latencies: give its stats.csv or stats_history.csv");
  if (head.length === 12 && /^\d{19}$/.test(head[0]!) && /^\d+$/.test(head[2]!))
    return named("vegeta", "its CSV of results");
  if (has("metric_name", "metric_value")) return named("k6", "its CSV of samples");
  if (has("timeStamp", "elapsed")) return named("JMeter", "its table of samples");
  return undefined;
}

/** The last row over all requests; "N/A", as before the first request, is a missing value. */
function locust(rows: readonly (readonly string[])[]): Pick<ToolResult, "label" | "stated"> {
  const head = rows[0]!.map((name) => name.toLowerCase());
  const of = (row: readonly string[], ...names: string[]): number | undefined => {
    for (const name of names) {
      const value = numberOr(row[head.indexOf(name)]);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const all = rows.slice(1).filter((row) => row[head.indexOf("name")] === "Aggregated");
  const row = all.at(-1) ?? rows.at(-1)!;
  const [n, failed] = [
    of(row, "# requests", "request count", "total request count"),
    of(row, "# failures", "failure count", "total failure count"),
  ];
  const ms = (...names: string[]) => {
    const value = n === 0 ? undefined : of(row, ...names);
    return value === undefined ? undefined : value / 1000;
  };
  const metric: StatedMetric = {
    name: "latency",
    unit: "s",
    from: "response time, ms",
    ...given({
      n,
      mean: ms("average response time", "total average response time"),
      min: ms("min response time", "total min response time"),
      max: ms("max response time", "total max response time"),
    }),
    percentiles: head.flatMap((name, i): [number, number][] => {
      const q = /^\d/.test(name) ? percentOf(name) : undefined;
      const value = numberOr(row[i]);
      return q === undefined || value === undefined ? [] : [[q, value / 1000]];
    }),
  };
  return {
    label: "over all requests, at the end",
    stated: {
      ...given({
        succeeded: n === undefined ? undefined : n - (failed ?? 0),
        failed,
        requestsPerSecond: of(row, "requests/s"),
      }),
      metrics: [metric],
    },
  };
}

/** JSON: k6, vegeta, oha, Artillery, autocannon. */
export function fromLoadJson(json: Json): Recognised | undefined {
  const metrics = json["metrics"];
  if (isObject(metrics) && ("root_group" in json || "http_req_duration" in metrics))
    return found("k6", "its summary", [k6(metrics)]);
  if ((json["type"] === "Metric" || json["type"] === "Point") && "metric" in json)
    return named("k6", "its JSON lines of samples");
  const results = json["results"];
  if (
    isObject(results) &&
    Array.isArray(results["metrics"]) &&
    isObject(json["metadata"]) &&
    "k6_version" in json["metadata"]
  ) {
    const byName = results["metrics"].filter(isObject).map((metric) => [text(metric["name"]), metric] as const);
    return found("k6", "its summary", [k6(Object.fromEntries(byName))]);
  }
  if ("attack" in json && "seq" in json && "latency" in json) return named("vegeta", "its JSON lines of results");
  if (isObject(json["latencies"]) && "bytes_in" in json) return named("vegeta", "its report");
  if ("latencyPercentiles" in json && isObject(json["summary"])) return named("oha", "its report");
  if (isObject(json["aggregate"]) && "counters" in json["aggregate"]) return named("Artillery", "its report");
  if (isObject(json["latency"]) && isObject(json["throughput"]) && isObject(json["requests"]))
    return named("autocannon", "its report");
  return undefined;
}

/** `--summary-export` has the statistics in the metric, `handleSummary` and the summary of k6 1.5 one level down, in `values`. Times are ms. */
function k6(metrics: Json): Pick<ToolResult, "label" | "stated"> {
  const values = (name: string): Json => {
    const metric = metrics[name];
    if (!isObject(metric)) return {};
    return isObject(metric["values"]) ? metric["values"] : metric;
  };
  const requests = values("http_reqs");
  const failed = values("http_req_failed");
  const n = numberOr(requests["count"]);
  const failures = numberOr(failed["passes"] ?? failed["matches"] ?? failed["fails"]);
  const about = { name: "latency", unit: "s", from: "http_req_duration" } as const;
  const latency = statedOf(about, values("http_req_duration"), 0.001);
  return {
    label: "the summary",
    stated: {
      ...given({
        succeeded: n === undefined ? undefined : n - (failures ?? 0),
        failed: failures,
        requestsPerSecond: numberOr(requests["rate"]),
      }),
      metrics: latency ? [{ ...latency, ...given({ n }) }] : [],
    },
  };
}
