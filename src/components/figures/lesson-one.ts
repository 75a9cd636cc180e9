/** Every number and figure of lesson 1 that our engine can compute, computed by it. */
import {
  apiCost,
  burst,
  closed,
  decodeStep,
  distribution,
  fixed,
  gpuPrice,
  lognormal,
  memoryBudget,
  percentileInterval,
  prefillStep,
  price,
  sample,
  selfHostedCost,
  simulate,
  summarize,
} from "../../engine/index.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { bars, ecdf, line } from "../../engine/chart/index.ts";
import type { Server } from "../../engine/server.ts";
import { time, usd } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import { loadCurve } from "./load-curve.ts";
import type { MovingFigure } from "./moving.ts";
import { queue } from "./queue.ts";
import { requestTimeline } from "./request-timeline.ts";

/** The server of the lesson: one model, one GPU, the frozen parameter set. */
export const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };
const batches = [1, 2, 4, 8, 16, 32, 64];
const contexts = [512, 8192];
const networkRoundTrip = 0.04;

/** Seconds to read a prompt. */
export function prefill(tokens: number): number {
  return prefillStep(server, { tokens }).seconds;
}

/** Seconds of one decode step. */
export function step(batch: number, context: number): number {
  return decodeStep(server, { batch, context }).seconds;
}

/** Seconds to write all tokens after the first, alone on the server. */
export function decodeTime(prompt: number, output: number): number {
  let seconds = 0;
  for (let written = 1; written < output; written++) seconds += step(1, prompt + written);
  return seconds;
}

/** How much TTFT + N·TPOT exceeds the strict form, at TTFT 300 ms and TPOT 20 ms. */
export function conventionGap(tokens: number): number {
  const strict = 0.3 + (tokens - 1) * 0.02;
  return (0.3 + tokens * 0.02) / strict - 1;
}

/** Tokens per second at 238 words a minute and 0.75 words a token. */
export function readingSpeed(): number {
  return 238 / 0.75 / 60;
}

/** Users whose KV cache fits on the GPU at once. */
export function usersThatFit(context: number): number {
  return memoryBudget(server).maxSequences(context);
}

/** Tokens per second at batch 64 over tokens per second alone. */
export function throughputRatio(context: number): number {
  return (64 * step(1, context)) / step(64, context);
}

/** Share of a decode step that is reading KV cache. */
export function kvShare(batch: number, context: number): number {
  const { parts, seconds } = decodeStep(server, { batch, context });
  return (parts["kv"] ?? 0) / seconds;
}

export function anatomyChart(): ChartDescription {
  const requests = [
    { name: "2,000 in, 50 out", input: 2000, output: 50 },
    { name: "50 in, 2,000 out", input: 50, output: 2000 },
  ].map(({ name, input, output }) => {
    const waits = { network: networkRoundTrip, prefill: prefill(input), decode: decodeTime(input, output) };
    return { name, waits, total: waits.network + waits.prefill + waits.decode };
  });
  return bars({
    title: "Two requests of 2,050 tokens",
    y: { label: "Share of the request’s time", unit: "%" },
    categories: requests.map(({ name, total }) => `${name}: ${time(total)}`),
    series: (["network", "prefill", "decode"] as const).map((wait) => ({
      name: wait,
      values: requests.map(({ waits, total }) => (100 * waits[wait]) / total),
    })),
    stacked: true,
  });
}

export function batchChart(): ChartDescription {
  return line({
    title: "The batch-size bargain",
    x: { label: "Tokens per second, one user" },
    y: { label: "Tokens per second, all users", scale: "log" },
    series: contexts.map((context) => ({
      name: `${context.toLocaleString("en-GB")} tokens of context`,
      points: batches.map((batch) => {
        const seconds = step(batch, context);
        return { x: 1 / seconds, y: batch / seconds, label: `batch ${batch}` };
      }),
    })),
  });
}

export function stepChart(): ChartDescription {
  const steps = batches.map((batch) => decodeStep(server, { batch, context: 8192 }));
  const part = (name: string, keys: readonly string[]) => ({
    name,
    values: steps.map(({ parts }) => keys.reduce((sum, key) => sum + (parts[key] ?? 0), 0)),
  });
  return bars({
    title: "One decode step at 8,192 tokens of context",
    y: { label: "Time of one step", unit: "s" },
    categories: batches.map((batch) => `batch ${batch}`),
    series: [
      part("weights", ["weights", "compute"]),
      part("KV cache", ["kv"]),
      part("overhead", ["overhead", "attention", "communication"]),
    ],
    stacked: true,
  });
}

export interface LoadPoint {
  readonly users: number;
  /** Output tokens per second. */
  readonly throughput: number;
  /** Median, seconds. */
  readonly e2e: number;
}

const userCounts = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const loadSeed = 1;
let sweep: LoadPoint[] | undefined;

/** A closed-loop sweep on the simulator: 512 tokens in, 128 out. */
export function loadPoints(): readonly LoadPoint[] {
  sweep ??= userCounts.map((users) => {
    const workload = {
      arrivals: closed(users),
      prompt: fixed(512),
      output: fixed(128),
      requests: users * 8,
      seed: loadSeed,
    };
    const summary = summarize(simulate(server, workload));
    return { users, throughput: summary.outputTokensPerSecond, e2e: summary.e2e.p(50) };
  });
  return sweep;
}

export function load(users: number): LoadPoint {
  const point = loadPoints().find((candidate) => candidate.users === users);
  if (!point) throw new Error(`the sweep of lesson 1 has no point at ${users} users`);
  return point;
}

export const loadOrigin: ChartOrigin = { kind: "simulated", seed: loadSeed };

export function loadChart(): ChartDescription {
  return line({
    title: "Throughput and latency of one server",
    x: { label: "Output tokens per second, all users" },
    y: { label: "Median end-to-end latency", unit: "s" },
    series: [
      {
        name: "512 in, 128 out",
        points: loadPoints().map(({ users, throughput, e2e }) => ({
          x: throughput,
          y: e2e,
          label: users === 1 ? "1 user" : `${users} users`,
        })),
      },
    ],
  });
}

const bills = {
  before: { on: "2026-07-29", input: 2000, cached: 0, output: 300 },
  after: { on: "2026-08-05", input: 2000, cached: 0, output: 300 },
  cached: { on: "2026-08-05", input: 2000, cached: 1500, output: 300 },
  swapped: { on: "2026-08-05", input: 300, cached: 0, output: 2000 },
} as const;

/** One request to gpt-5.6-luna. */
export function bill(which: keyof typeof bills) {
  const { on, input, cached, output } = bills[which];
  const rates = price("gpt-5.6-luna", on);
  const { total, parts } = apiCost(rates, { input, cached, output });
  return {
    total,
    text: usd(total),
    parts,
    outputTokenShare: output / (input + output),
    outputCostShare: (output * rates.output) / total,
  };
}

export function billChart(): ChartDescription {
  const shown = [
    { name: "before 30 July", ...bill("before") },
    { name: "after", ...bill("after") },
    { name: "after, 1,500 cached", ...bill("cached") },
  ];
  return bars({
    title: "2,000 tokens in, 300 out, to gpt-5.6-luna",
    y: { label: "Price of a thousand requests", unit: "USD" },
    categories: shown.map(({ name }) => name),
    series: [
      { name: "input", values: shown.map(({ parts }) => 1000 * (parts["input"] ?? 0)) },
      { name: "cached input", values: shown.map(({ parts }) => 1000 * (parts["cached"] ?? 0)) },
      { name: "output", values: shown.map(({ parts }) => 1000 * (parts["output"] ?? 0)) },
    ],
    stacked: true,
  });
}

/** What an hour of the lesson’s GPU costs. */
export const gpuHour = gpuPrice("h100-sxm-80");

/** USD per million output tokens at that price, 512 tokens of context. */
export function selfHosted(batch: number): number {
  const outputTokensPerSecond = batch / step(batch, 512);
  return selfHostedCost({ gpuHour: gpuHour.usdPerHour, gpus: 1, outputTokensPerSecond }).perMillionOutputTokens;
}

const tailSeed = 1;
let steady: Float64Array | undefined;

/** Latencies of a server that never varies: TTFT 300 ms, TPOT 20 ms, lengths lognormal around 200 tokens. */
function steadyLatencies(): Float64Array {
  steady ??= sample(lognormal({ median: 200, sigma: 0.8 }), 20_000, tailSeed).map(
    (tokens) => 0.3 + 0.02 * (Math.max(1, tokens) - 1),
  );
  return steady;
}

export function tail() {
  const values = steadyLatencies();
  const { n, mean, p } = distribution(values);
  const belowMean = values.filter((value) => value < mean).length / n;
  return { n, mean, p50: p(50), p90: p(90), p95: p(95), p99: p(99), belowMean };
}

export const tailOrigin: ChartOrigin = { kind: "simulated", seed: tailSeed };

export function tailChart(): ChartDescription {
  const { mean, p50, p95, p99 } = tail();
  return ecdf({
    title: "Latency of a server that never varies",
    x: { label: "End-to-end latency", unit: "s" },
    samples: [{ name: "steady server", values: steadyLatencies() }],
    marks: [
      { x: p50, label: "p50" },
      { x: mean, label: "mean" },
      { x: p95, label: "p95" },
      { x: p99, label: "p99" },
    ],
  });
}

/** The smallest sample whose p99 has a 95 % order-statistic interval. */
export function fewestForP99(): number {
  let n = 2;
  while (
    percentileInterval(
      Float64Array.from({ length: n }, (_, i) => i),
      99,
    ) === null
  )
    n++;
  return n;
}

/** A chat request to a server that is already busy, so that each of the four waits can be seen. */
function oneRequest(): MovingFigure {
  const run = simulate(
    { ...server, network: { rtt: networkRoundTrip }, scheduler: { maxNumSeqs: 4 } },
    { arrivals: burst(), prompt: fixed(1500), output: fixed(40), requests: 5, seed: 1 },
    { record: "chunks" },
  );
  return requestTimeline(run, 4);
}

/** What a request of the sweep must keep to count as good. */
export const promise = { ttft: 0.5, tpot: 0.025 } as const;

const usersInWords = (users: number) => (users === 1 ? "1 user" : `${users} users`);

function loads() {
  return userCounts.map((users) => ({
    load: users,
    workload: { arrivals: closed(users), prompt: fixed(512), output: fixed(128), requests: users * 8, seed: loadSeed },
  }));
}

/** Figures that move, by the name under which their stored picture is kept. */
export const figures: Readonly<Record<string, () => MovingFigure>> = {
  request: oneRequest,
  load: () => loadCurve({ server, loads: loads(), axis: "Users", inWords: usersInWords, slo: promise }),
  queue: () =>
    queue({
      server,
      prompt: 512,
      output: 128,
      utilisations: [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.1],
      still: 0.8,
      seed: 1,
    }),
};

/** Plots to read in the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  loadCurve: () => ({ chart: loadChart(), origin: loadOrigin }),
};
