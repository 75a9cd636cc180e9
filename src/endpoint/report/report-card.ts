/** The report card of a run: what must stand beside a number so that somebody else can take it again. Filled in from the run; what is not on record is said to be missing. */
import { summarize } from "../../engine/metrics/summarize.ts";
import type { Run } from "../../engine/run.ts";
import type { Arrivals, Lengths } from "../../engine/workload/types.ts";
import { reportOf } from "./run-report.ts";

export interface CardField {
  readonly name: string;
  /** null: not on record, so whoever publishes the number must say it. */
  readonly value: string | null;
}

/** Every field, in the order in which a reader asks. Times in milliseconds, as text. */
export function reportCard(run: Run): readonly CardField[] {
  const { origin, workload, measurement, requests } = run;
  const report = reportOf(run, { percentiles: [50, 99] });
  const summary = summarize(run, { window: "all" });
  const server = origin.kind === "simulated" ? origin.server : undefined;
  const named = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const { prompt, output, promptAsked, outputAsked } = report.tokens as Record<string, number>;
  const each = (total: number | undefined) =>
    total === undefined || summary.succeeded === 0 ? "–" : count(total / summary.succeeded);
  const asked = (total: number | undefined, value: number | undefined) =>
    value === undefined ? "" : `, got ${each(total)} on average`;
  const others = Object.entries(report.counts).filter(
    ([name, n]) => n > 0 && name !== "scheduled" && name !== "succeeded",
  );
  return [
    {
      name: "Model and revision",
      value: origin.kind === "measured" ? `${origin.model}, revision not on record` : named(server?.model),
    },
    {
      name: "Engine and version",
      value:
        run.versions["engine"] ??
        (server ? "our simulator" : report.server ? `${report.server.engine}, version not on record` : null),
    },
    { name: "GPU and count", value: named(server?.gpu) && `${named(server?.gpu)}, ${gpusOf(server!)}` },
    {
      name: "Number formats",
      value: server ? `weights ${server.weights ?? "bf16"}, KV cache ${server.kv ?? "bf16"}` : null,
    },
    { name: "Prompt tokens", value: `${lengthWords(workload.prompt)}${asked(prompt, promptAsked)}` },
    { name: "Output tokens", value: `${lengthWords(workload.output)}${asked(output, outputAsked)}` },
    { name: "Arrivals", value: arrivalWords(workload.arrivals) },
    {
      name: "Rate, asked",
      value:
        "rate" in workload.arrivals
          ? `${digits(workload.arrivals.rate)} requests/s`
          : "none: a closed loop, or a script",
    },
    {
      name: "Rate, achieved",
      value: `${digits(summary.requestsPerSecond)} requests/s answered, from the first that was due to the end of the last`,
    },
    {
      name: "Most requests under way",
      value: workload.maxConcurrency === undefined ? "no cap" : String(workload.maxConcurrency),
    },
    { name: "Prefix cache", value: cacheWords(run) },
    { name: "Streaming", value: measurement ? (measurement.streamed ? "yes" : "no") : "yes" },
    {
      name: "Length of answers",
      value: measurement ? "ignore_eos and max_tokens, where the server heeds them" : "exactly as asked",
    },
    { name: "Warm-up", value: measurement ? `${measurement.warmup} requests, not counted` : "none needed: simulated" },
    { name: "Duration", value: `${digits(report.duration)} s` },
    { name: "Requests", value: String(requests.count) },
    { name: "Succeeded", value: String(summary.succeeded) },
    { name: "Errors", value: others.length === 0 ? "none" : others.map(([name, n]) => `${n} ${name}`).join(", ") },
    { name: "Percentile method", value: "linear interpolation on the raw values; 95 % intervals by order statistics" },
    { name: "Clock starts", value: "when the request left; from when it was due where that is said" },
    {
      name: "Client",
      value:
        origin.kind === "measured"
          ? `${origin.transport}, late by up to ${digits(origin.clientLag * 1000)} ms (p99)`
          : "none: simulated",
    },
    {
      name: "Seed",
      value: origin.kind === "simulated" ? String(origin.seed) : String(workload.seed ?? "not on record"),
    },
  ];
}

function gpusOf(server: { tensorParallel?: number; pipelineParallel?: number; replicas?: number }): string {
  return String((server.tensorParallel ?? 1) * (server.pipelineParallel ?? 1) * (server.replicas ?? 1));
}

function lengthWords(lengths: Lengths): string {
  switch (lengths.kind) {
    case "fixed":
      return `${count(lengths.value)} each`;
    case "uniform":
      return `${count(lengths.min)} to ${count(lengths.max)}, evenly`;
    case "exponential":
      return `exponential, mean ${count(lengths.mean)}`;
    case "lognormal":
      return `lognormal, median ${count(lengths.median)}, σ ${lengths.sigma}`;
    case "empirical":
      return `drawn from ${count(lengths.values.length)} recorded lengths`;
    case "clamp":
      return `${lengthWords(lengths.of)}, from ${count(lengths.min)} to ${count(lengths.max)}`;
  }
}

function arrivalWords(arrivals: Arrivals): string {
  switch (arrivals.kind) {
    case "poisson":
      return "open loop, Poisson";
    case "gamma":
      return `open loop, gamma with burstiness ${arrivals.burstiness} (1 is Poisson, more is smoother)`;
    case "constant":
      return "open loop, evenly spaced";
    case "ramp":
      return `open loop, from ${arrivals.from} to ${arrivals.to} requests/s in ${arrivals.seconds} s`;
    case "burst":
      return "all at once";
    case "closed":
      return `closed loop, ${count(arrivals.users)} users${arrivals.thinkTime ? " who think between requests" : ""}`;
    case "script":
      return "a script, request by request";
    case "trace":
      return `the trace ${arrivals.name}`;
  }
}

/** Prompts are salted anew for each run, so a cache is cold unless the workload shares prefixes. */
function cacheWords({ workload, measurement, origin }: Run): string | null {
  const { prefixQueries, prefixHits } = measurement?.server ?? {};
  if (prefixQueries !== undefined && prefixQueries > 0)
    return `${digits((100 * (prefixHits ?? 0)) / prefixQueries)} % of prompt tokens found, as the server counted`;
  if (origin.kind === "simulated") return workload.prefix ? "prompts share prefixes" : "nothing shared";
  return workload.prefix ? null : "prompts begin with a salt of the run, so that nothing of an earlier run is found";
}

function count(n: number): string {
  return Math.round(n).toLocaleString("en-GB");
}

function digits(n: number): string {
  return Number.isFinite(n) ? String(Number(n.toPrecision(3))) : "–";
}
