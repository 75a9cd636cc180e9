/** Digital twins of every closed-loop deployment measured: fitted to five of its points, tested on the rest. */
import Table from "cli-table3";
import { calibrate, spread } from "../../src/engine/calibrate/calibrate.ts";
import type { MeasuredPoint } from "../../src/engine/calibrate/types.ts";
import type { Server } from "../../src/engine/server.ts";
import { readCase, type Case } from "./case.ts";
import { readRows, type Row } from "./csv.ts";
import { median } from "./score.ts";

const fewestPoints = 8;
const fitted = 5;
const sameDeployment = [
  "model_id",
  "gpu_id",
  "n_gpu",
  "engine",
  "engine_version",
  "weight_bits_id",
  "kv_bits_id",
  "tp",
  "pp",
  "ep",
] as const;

export interface Twin {
  readonly deployment: string;
  readonly points: number;
  /** Medians of |predicted ÷ measured − 1| over what was not fitted; all metrics together, and one by one. */
  readonly error: number;
  readonly ttft: number;
  readonly tpot: number;
  /** Share of the 95 % intervals that hold what was measured. */
  readonly covered: number;
}

interface Deployment {
  readonly name: string;
  readonly server: Server;
  readonly points: readonly MeasuredPoint[];
}

export interface TwinSummary {
  readonly deployments: number;
  /** Medians over deployments of each one's median error. */
  readonly error: number;
  readonly ttft: number;
  readonly tpot: number;
  readonly covered: number;
}

/** Figures of a folder of measurements; deterministic. */
export function twins(folder: string): Twin[] {
  return deploymentsOf(folder).map(score);
}

export function summaryOf(all: readonly Twin[]): TwinSummary {
  return {
    deployments: all.length,
    error: median(all.map((twin) => twin.error)),
    ttft: median(all.map((twin) => twin.ttft)),
    tpot: median(all.map((twin) => twin.tpot)),
    covered: all.reduce((sum, twin) => sum + twin.covered, 0) / all.length,
  };
}

/** Prints a table, or one JSON object. */
export function printTwins(folder: string, json: boolean): void {
  const all = twins(folder);
  const summary = summaryOf(all);
  if (json) {
    process.stdout.write(`${JSON.stringify({ summary, twins: all })}\n`);
    return;
  }
  const table = new Table({
    head: ["deployment", "points", "error", "TTFT", "TPOT", "in the interval"],
    style: { head: [], border: [], compact: true },
  });
  for (const twin of all)
    table.push([twin.deployment, twin.points, ...[twin.error, twin.ttft, twin.tpot, twin.covered].map(percent)]);
  console.log(table.toString());
  console.log(
    `${summary.deployments} deployments, ${fitted} points fitted in each, the rest predicted: median of the medians ${percent(summary.error)} (TTFT ${percent(summary.ttft)}, TPOT ${percent(summary.tpot)}); ${percent(summary.covered)} of the measurements within their 95 % intervals`,
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function score({ name, server, points }: Deployment): Twin {
  const order = spread(points as readonly Required<MeasuredPoint>[]);
  const chosen = new Set(
    Array.from({ length: fitted }, (_, i) => order[Math.round((i * (order.length - 1)) / (fitted - 1))]!),
  );
  const twin = calibrate(
    server,
    points.filter((_, i) => chosen.has(i)),
  );
  const errors: { metric: string; error: number; covered: boolean }[] = [];
  points.forEach((point, i) => {
    if (chosen.has(i)) return;
    const predicted = twin.predict(point);
    for (const metric of ["ttft", "tpot", "outputTokensPerSecond"] as const) {
      const measured = point[metric];
      if (measured === undefined) continue;
      const { value, low, high } = predicted[metric];
      errors.push({ metric, error: Math.abs(value / measured - 1), covered: low <= measured && measured <= high });
    }
  });
  const of = (metric?: string): number =>
    median(errors.filter((e) => !metric || e.metric === metric).map((e) => e.error));
  return {
    deployment: name,
    points: points.length,
    error: of(),
    ttft: of("ttft"),
    tpot: of("tpot"),
    covered: errors.filter((e) => e.covered).length / errors.length,
  };
}

function deploymentsOf(folder: string): Deployment[] {
  const groups = new Map<string, { row: Row; case: Case }[]>();
  for (const row of readRows(folder)) {
    if (row.cell("load_kind") !== "closed") continue;
    const read = readCase(withWeights(row));
    if (!("case" in read)) continue;
    const key = [row.file, ...sameDeployment.map((column) => row.cell(column))].join(" · ");
    groups.set(key, [...(groups.get(key) ?? []), { row, case: read.case }]);
  }
  return [...groups].flatMap(([name, cases]) => {
    const points = pointsOf(cases.map((entry) => entry.case));
    return points.length < fewestPoints ? [] : [{ name, server: serverOf(cases[0]!.case), points }];
  });
}

/** Where a deployment's page names no type of weights they are taken to be the model's own 16 bits; the fit finds out what they cost. */
function withWeights(row: Row): Row {
  return { ...row, cell: (column) => row.cell(column) || (column === "weight_bits_id" ? "16bit" : "") };
}

/** One point a (lengths, load); repeated measurements of it are averaged. */
function pointsOf(cases: readonly Case[]): MeasuredPoint[] {
  const by = new Map<string, { c: Case; values: Record<string, number[]> }>();
  for (const c of cases) {
    const metric = metricOf(c.metric);
    if (!metric || !(c.value >= 1) || !(c.prompt >= 1)) continue;
    const key = [c.prompt, c.output, c.value].join(" ");
    const entry = by.get(key) ?? { c, values: {} };
    (entry.values[metric] ??= []).push(c.measured * c.scale * (c.metric === "output_throughput_per_gpu" ? c.gpus : 1));
    by.set(key, entry);
  }
  return [...by.values()].map(({ c, values }) => ({
    prompt: c.prompt,
    output: c.output,
    concurrency: c.value,
    ...Object.fromEntries(
      Object.entries(values).map(([m, list]) => [m, list.reduce((a, b) => a + b, 0) / list.length]),
    ),
  }));
}

function metricOf(metric: string): "ttft" | "tpot" | "outputTokensPerSecond" | undefined {
  if (metric === "ttft" || metric === "ttft_mean") return "ttft";
  if (metric === "tpot" || metric === "tpot_mean") return "tpot";
  return metric === "output_throughput" || metric === "output_throughput_per_gpu" ? "outputTokensPerSecond" : undefined;
}

/** The case's server as one gives it to `calibrate`. */
function serverOf(c: Case): Server {
  const { rtt: _rtt, ingress: _ingress, rules: _rules, ...server } = c.server;
  return server as Server;
}
