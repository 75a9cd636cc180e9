/** A run as a table for people and as an object for programs. */
import color from "picocolors";
import { statuses, type Run } from "../../engine/run.ts";
import { selfHostedCost } from "../../engine/estimate/cost.ts";
import { goodput } from "../../engine/metrics/goodput.ts";
import { summarize } from "../../engine/metrics/summarize.ts";
import type { Distribution, Slo, SummaryOptions } from "../../engine/metrics/types.ts";
import type { TargetPrice } from "../../endpoint/endpoint-target.ts";
import { textTable } from "./table.ts";

const TIMES = ["ttft", "tpot", "itl", "e2e"] as const;

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
  readonly outputTokensPerSecond: number;
  readonly totalTokensPerSecond: number;
  readonly times: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  readonly goodput?: { readonly requestsPerSecond: number; readonly attainment: number };
  readonly usdPerMillionOutputTokens?: number;
  readonly tokens: Readonly<Record<string, number>>;
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
  const good = slo && goodput(run, slo, options);
  return {
    target: run.origin.kind === "measured" ? run.origin.target : "simulated",
    model: run.origin.kind === "measured" ? run.origin.model : "",
    counts: countsOf(run),
    duration: summary.duration,
    requestsPerSecond: summary.requestsPerSecond,
    outputTokensPerSecond: summary.outputTokensPerSecond,
    totalTokensPerSecond: summary.totalTokensPerSecond,
    times: Object.fromEntries(TIMES.map((name) => [name, timesOf(summary[name], percentiles)])),
    ...(good && { goodput: { requestsPerSecond: good.requestsPerSecond, attainment: good.attainment } }),
    ...(cost !== undefined && { usdPerMillionOutputTokens: cost }),
    tokens: tokensOf(run),
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

/** Asked and achieved, because a server may count or stop differently. */
function tokensOf(run: Run): Record<string, number> {
  const { promptTokens, outputTokens, cachedTokens } = run.requests;
  const tokens: Record<string, number> = {
    prompt: sum(promptTokens),
    cached: sum(cachedTokens),
    output: sum(outputTokens),
  };
  if (run.measurement) {
    tokens["promptAsked"] = sum(run.measurement.askedPromptTokens);
    tokens["outputAsked"] = sum(run.measurement.askedOutputTokens);
  }
  return tokens;
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (const value of values) total += value;
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

/** The report as text. */
export function printed(report: Report, percentiles: readonly number[]): string {
  const head = ["ms", "n", "mean", ...percentiles.map((q) => `p${q}`)];
  const cells: string[][] = [];
  for (const [name, times] of Object.entries(report.times)) {
    const { n, ...rest } = times;
    cells.push([name.toUpperCase(), String(n), ...Object.values(rest).map((value) => milliseconds(value ?? null))]);
  }
  return [
    `\n${color.bold(report.model)}  ${color.dim("measured")}  ${countsLine(report.counts)}`,
    textTable(head, cells),
    ...ratesLines(report),
    ...warnings(report),
  ].join("\n");
}

function countsLine(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([name, n]) => n > 0 || name === "succeeded");
  return parts
    .map(([name, n]) =>
      name === "succeeded" || name === "scheduled" || name === "unsent" ? `${n} ${name}` : color.red(`${n} ${name}`),
    )
    .join(", ");
}

/** A dash where a file does not say. */
function digits(value: number, places: number): string {
  return Number.isFinite(value) ? value.toPrecision(places) : "–";
}

function ratesLines(report: Report): string[] {
  const lines = [
    `${digits(report.requestsPerSecond, 3)} requests/s   ${digits(report.outputTokensPerSecond, 4)} output tokens/s   ${digits(report.totalTokensPerSecond, 4)} tokens/s in all   ${digits(report.duration, 3)} s`,
  ];
  if (report.goodput)
    lines.push(
      `goodput ${digits(report.goodput.requestsPerSecond, 3)} requests/s, ${(report.goodput.attainment * 100).toPrecision(3)} % within the SLO`,
    );
  if (report.usdPerMillionOutputTokens !== undefined)
    lines.push(`$${report.usdPerMillionOutputTokens.toPrecision(3)} per million output tokens`);
  const { prompt, promptAsked, output, outputAsked } = report.tokens;
  if (promptAsked !== undefined)
    lines.push(
      color.dim(`prompt tokens ${prompt} (asked ${promptAsked}), output tokens ${output} (asked ${outputAsked})`),
    );
  if (report.server)
    lines.push(
      color.dim(
        `the server counted: ${Object.entries(report.server)
          .map(([name, value]) => `${name} ${value}`)
          .join(", ")}`,
      ),
    );
  return lines;
}

function warnings(report: Report): string[] {
  const lines = report.failures.map(({ kind, count, example }) => color.red(`${count} × ${kind}: ${example}`));
  if (report.clientLimited)
    lines.push(
      color.yellow(
        `client-limited: this machine itself was up to ${milliseconds(report.clientLag)} ms late (p99), so the times say as much about it as about the server`,
      ),
    );
  if (report.ended) lines.push(color.yellow(report.ended.message));
  return lines;
}
