/** A run read for people and programs: times, rates, tokens, failures and what a reader must know of how it was taken. */
import { InputError } from "../../engine/errors.ts";
import { selfHostedCost } from "../../engine/estimate/cost.ts";
import { goodput } from "../../engine/metrics/goodput.ts";
import { summarize } from "../../engine/metrics/summarize.ts";
import type { Distribution, Slo, SummaryOptions } from "../../engine/metrics/types.ts";
import { statuses, tokenSources, type Measurement, type Run } from "../../engine/run.ts";
import { mergedNotes, shardNotes } from "./shard-notes.ts";
import type { TargetPrice } from "../endpoint-target.ts";

const TIMES = ["ttft", "tpot", "itl", "icl", "e2e"] as const;
const SUCCEEDED = statuses.indexOf("succeeded");

export interface ReportOptions extends SummaryOptions {
  readonly percentiles: readonly number[];
  readonly slo?: Slo;
  readonly price?: TargetPrice;
}

export interface Report {
  readonly target: string;
  readonly model: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly duration: number;
  readonly requestsPerSecond: number;
  /** Null where nobody counted the tokens of answers in one piece. */
  readonly outputTokensPerSecond: number | null;
  readonly totalTokensPerSecond: number | null;
  readonly times: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  /** Mean tokens of a chunk; null where it is not known. */
  readonly tokensPerChunk: number | null;
  readonly goodput?: { readonly requestsPerSecond: number; readonly attainment: number };
  /** Why the objectives can't be judged by this run. */
  readonly goodputNotMeasured?: string;
  readonly usdPerMillionOutputTokens?: number;
  /** Of the requests that succeeded. */
  readonly tokens: Readonly<Record<string, number>>;
  /** Counts that are guesses: "asked", the length asked for; "chunks", one token a chunk. Absent: counted by the server. */
  readonly guessed: { readonly prompt?: "asked"; readonly output?: "chunks" };
  /** Requests beside the plan's: before the run, failed among those, sent twice. */
  readonly warmup?: {
    readonly sent: number;
    readonly failed: number;
    readonly tokens?: number;
    readonly resent: number;
  };
  /** "metric: what is not exact or not measured, and why". */
  readonly notes: readonly string[];
  readonly clientLag: number | null;
  readonly clientLimited: boolean;
  readonly server?: NonNullable<Run["measurement"]>["server"];
  readonly failures: readonly { readonly kind: string; readonly count: number; readonly example: string }[];
  readonly ended?: Run["ended"];
}

/** Times in seconds; null where there were no samples. */
export function reportOf(run: Run, { percentiles, slo, price, ...options }: ReportOptions): Report {
  const summary = summarize(run, options);
  const cost = price && usdPerMillion(run, price, summary.outputTokensPerSecond);
  const good = slo && judged(run, slo, options);
  const guessed = guessesOf(run);
  // Whole answers without a count: not even chunks to count.
  const uncounted = guessed.output !== undefined && summary.ttft.n === 0;
  return {
    target: run.origin.kind === "measured" ? run.origin.target : "simulated",
    model: run.origin.kind === "measured" ? run.origin.model : "",
    counts: countsOf(run),
    duration: summary.duration,
    requestsPerSecond: summary.requestsPerSecond,
    outputTokensPerSecond: uncounted ? null : summary.outputTokensPerSecond,
    totalTokensPerSecond: uncounted ? null : summary.totalTokensPerSecond,
    times: Object.fromEntries(TIMES.map((name) => [name, timesOf(summary[name], percentiles)])),
    tokensPerChunk: summary.tokensPerChunk ?? null,
    ...good,
    ...(cost !== undefined && !uncounted && { usdPerMillionOutputTokens: cost }),
    tokens: tokensOf(run),
    guessed,
    ...(run.measurement && { warmup: warmupOf(run.measurement) }),
    notes: [...summary.approximate, ...measuringNotes(run, summary.duration)],
    clientLag: run.origin.kind === "measured" ? run.origin.clientLag : null,
    clientLimited: summary.clientLimited,
    ...(run.measurement?.server && { server: run.measurement.server }),
    failures: failuresOf(run),
    ...(run.ended && { ended: run.ended }),
  };
}

export function countsOf(run: Run): Record<string, number> {
  const counts: Record<string, number> = { scheduled: run.requests.count };
  for (const name of statuses) counts[name] = 0;
  for (const status of run.requests.status) counts[statuses[status]!]!++;
  return counts;
}

function timesOf(values: Distribution, percentiles: readonly number[]): Record<string, number | null> {
  const known = values.n > 0;
  const times: Record<string, number | null> = { n: values.n, mean: known ? values.mean : null };
  for (const q of percentiles) times[`p${q}`] = known ? values.p(q) : null;
  return times;
}

/** The goodput, or why there is none: an objective on what the run did not measure is neither kept nor missed. */
function judged(run: Run, slo: Slo, options: SummaryOptions): Pick<Report, "goodput" | "goodputNotMeasured"> {
  try {
    const { requestsPerSecond, attainment } = goodput(run, slo, options);
    return { goodput: { requestsPerSecond, attainment } };
  } catch (error) {
    if (error instanceof InputError) return { goodputNotMeasured: error.message };
    throw error;
  }
}

function guessesOf(run: Run): Report["guessed"] {
  const { status, tokenSource, promptSource = tokenSource } = run.requests;
  const any = (sources: Uint8Array, name: (typeof tokenSources)[number]): boolean =>
    sources.some((source, i) => status[i] === SUCCEEDED && tokenSources[source] === name);
  return {
    ...(any(promptSource, "asked") && { prompt: "asked" as const }),
    ...(any(tokenSource, "chunks") && { output: "chunks" as const }),
  };
}

function warmupOf({ warmup, warmupFailed = 0, warmupTokens, resent = 0 }: Measurement): NonNullable<Report["warmup"]> {
  return { sent: warmup, failed: warmupFailed, ...(warmupTokens !== undefined && { tokens: warmupTokens }), resent };
}

/** What a reader must know of how the run was taken. */
function measuringNotes({ measurement }: Run, duration: number): string[] {
  if (!measurement) return [];
  const { warmup, warmupFailed = 0, resent = 0, proxy, withoutRequestId, shard, merged } = measurement;
  const notes: string[] = [];
  if (shard) notes.push(...shardNotes(shard));
  if (merged) notes.push(...mergedNotes(merged, duration));
  if (warmupFailed > 0) notes.push(`warm-up: ${warmupFailed} of ${warmup} requests before the run failed`);
  if (resent > 0)
    notes.push(`${resent} requests were sent twice, because the server closed the kept connection just then`);
  if (withoutRequestId) notes.push("without X-Request-ID, which this server refuses");
  if (proxy)
    notes.push(
      proxy.ignored === undefined
        ? `through the proxy of ${proxy.variable}, whose time is measured along`
        : `the proxy of ${proxy.variable} was not used: ${proxy.ignored}`,
    );
  return notes;
}

/** Asked and achieved, because a server may count or stop differently: of the requests that succeeded, since others have no length. */
function tokensOf(run: Run): Record<string, number> {
  const { promptTokens, outputTokens, cachedTokens, visibleTokens } = run.requests;
  const of = (values: ArrayLike<number>): number => sumOfSucceeded(values, run.requests.status);
  const output = of(outputTokens);
  const tokens: Record<string, number> = { prompt: of(promptTokens), output, cached: of(cachedTokens) };
  if (visibleTokens && of(visibleTokens) < output) tokens["outputShown"] = of(visibleTokens);
  if (run.measurement) {
    tokens["promptAsked"] = of(run.measurement.askedPromptTokens);
    tokens["outputAsked"] = of(run.measurement.askedOutputTokens);
  }
  return tokens;
}

function sumOfSucceeded(values: ArrayLike<number>, status: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < status.length; i++) if (status[i] === SUCCEEDED) total += values[i] ?? 0;
  return total;
}

function usdPerMillion(run: Run, price: TargetPrice, outputTokensPerSecond: number): number | undefined {
  if ("gpuHour" in price) {
    if (!(outputTokensPerSecond > 0)) return undefined;
    return selfHostedCost({ gpuHour: price.gpuHour, gpus: price.gpus, outputTokensPerSecond }).perMillionOutputTokens;
  }
  const { prompt, output } = tokensOf(run);
  return output! > 0 ? (prompt! * price.input + output! * price.output) / output! : undefined;
}

function failuresOf(run: Run): { kind: string; count: number; example: string }[] {
  const kinds = new Map<string, { kind: string; count: number; example: string }>();
  for (const { kind, message } of run.failures ?? []) {
    const known = kinds.get(kind);
    if (known) known.count++;
    else kinds.set(kind, { kind, count: 1, example: message });
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

/** Four significant digits. */
export function milliseconds(seconds: number | null): string {
  return seconds === null || !Number.isFinite(seconds) ? "–" : String(Number((seconds * 1000).toPrecision(4)));
}
