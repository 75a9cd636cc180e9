/** Every number and figure of lesson 1 that our engine can compute, computed by it. */
import {
  apiCost,
  burst,
  closed,
  decodeStep,
  distribution,
  fixed,
  gpu,
  gpuPrice,
  lognormal,
  memoryBudget,
  percentileInterval,
  prefillStep,
  price,
  sample,
  selfHostedCost,
  simulate,
} from "../../engine/index.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { bars, ecdf, line } from "../../engine/chart/index.ts";
import type { Server } from "../../engine/server.ts";
import { time, usd } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import { loadCurve, measureLoads, type MeasuredLoad } from "./load-curve.ts";
import { eachOnce } from "./kept.ts";
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

/** Seconds of work in a request that has the server to itself, the network apart. */
export function work(prompt: number, output: number): number {
  return prefill(prompt) + decodeTime(prompt, output);
}

/** The same with the network. */
export function endToEnd(prompt: number, output: number): number {
  return networkRoundTrip + work(prompt, output);
}

/** Why a step of one user with 512 tokens takes as long as it does. Bytes, bytes per second, seconds. */
export function pace() {
  const { hbmBandwidth: bandwidth, peakFlops } = gpu("h100-sxm-80");
  const { weights } = memoryBudget(server);
  const { parts, flop } = decodeStep(server, { batch: 1, context: 512 });
  const reading = parts["weights"] ?? NaN;
  const ideal = weights / bandwidth;
  return {
    weights,
    bandwidth,
    arithmetic: flop / (peakFlops.bf16 ?? NaN),
    ideal,
    reached: ideal / reading,
    reading,
    kv: parts["kv"] ?? NaN,
    overhead: parts["overhead"] ?? NaN,
  };
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

/** What a request of the sweep must keep to count as good. Seconds. */
export const promise = { ttft: 0.5, tpot: 0.025 } as const;

const userCounts = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const loadSeed = 1;
let sweep: readonly MeasuredLoad[] | undefined;

/** A closed loop: 512 tokens in, 128 out, and the next request as soon as the answer is there. */
function loads() {
  return userCounts.map((users) => ({
    load: users,
    workload: { arrivals: closed(users), prompt: fixed(512), output: fixed(128), requests: users * 8, seed: loadSeed },
  }));
}

function measured(users: number): MeasuredLoad {
  sweep ??= measureLoads({ server, loads: loads(), slo: promise });
  const point = sweep.find(({ load: each }) => each === users);
  if (!point) throw new Error(`the sweep of lesson 1 has no point at ${users} users`);
  return point;
}

/** Output tokens per second, and median seconds, at a number of users. */
export function load(users: number): { readonly throughput: number; readonly e2e: number } {
  const { tokens, e2e } = measured(users);
  return { throughput: tokens, e2e };
}

/** Share of the requests that keep the promise. */
export function goodShare(users: number): number {
  return measured(users).attainment;
}

const usersInWords = (users: number) => (users === 1 ? "1 user" : `${users} users`);

/** p99 of TTFT over the number of users, to read an admission limit off. */
function ttftChart(): ChartDescription {
  return line({
    title: "The wait for a first token, at p99",
    x: { label: "Users", scale: "log" },
    y: { label: "TTFT, p99", unit: "s", scale: "log" },
    series: [
      {
        name: "512 in, 128 out",
        points: userCounts.map((users) => ({ x: users, y: measured(users).ttft99, label: usersInWords(users) })),
      },
    ],
    marks: [{ y: promise.ttft, label: "promise" }],
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

/** Figures that move, by the name under which their stored picture is kept. */
export const figures: Readonly<Record<string, () => MovingFigure>> = eachOnce({
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
});

/** Hours of an office a month. */
const officeHours = 8 * 22;

/** The chat for sixty-four desks: one, two or four GPUs, or the API at the pace of two. */
export function decision() {
  const gpus = [1, 2, 4].map((gpuCount) => {
    const point = measured(64 / gpuCount);
    const cost = gpuCount * gpuHour.usdPerHour * officeHours;
    return { gpuCount, point, cost };
  });
  const paceOfTwo = 2 * measured(32).requests;
  const { total } = apiCost(price("gpt-5.6-luna", "2026-08-05"), { input: 512, output: 128 });
  const api = paceOfTwo * 3600 * officeHours * total;
  const why: Readonly<Record<number, string>> = {
    1: "The cheapest, and fast enough on average. But sixty-four at once queue for prefill, and one in sixteen waits too long for the first token.",
    2: "Each GPU has half of the users, and both bounds hold.",
    4: "Twice as quick as promised, which nobody asked for, and over the budget.",
  };
  return [
    ...gpus.map(({ gpuCount, point, cost }) => ({
      id: `h100-${gpuCount}`,
      name: gpuCount === 1 ? "One H100" : `${gpuCount === 2 ? "Two" : "Four"} H100s, ${64 / gpuCount} users each`,
      outcome: [time(point.ttft99), time(point.tpot99), usd(Math.round(cost))],
      keeps: point.ttft99 <= promise.ttft && point.tpot99 <= promise.tpot && cost <= 2000,
      why: why[gpuCount] ?? "",
    })),
    {
      id: "api",
      name: "gpt-5.6-luna, by the token",
      outcome: ["not promised", "not promised", usd(Math.round(api))],
      keeps: false,
      why: `At the pace of two H100s that is ${Math.round((paceOfTwo * 3600 * officeHours) / 1e6)} million questions a month, each ${usd(total)}.`,
    },
  ];
}

/** Plots to read in the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  waitByUtilisation: () => {
    const { frames, still, origin } = figure("queue");
    const wait = frames[still]?.panels[1];
    if (wait?.kind !== "line") throw new Error("the queue figure of lesson 1 has no chart of the wait");
    const series = wait.spec.series.filter(({ name }) => name === "simulated");
    return {
      chart: line({ ...wait.spec, title: "Mean wait, each request 837 ms of work", series, marks: [] }),
      origin,
    };
  },
  ttftByUsers: () => ({ chart: ttftChart(), origin: { kind: "simulated", seed: loadSeed } }),
};

function figure(name: string): MovingFigure {
  const make = figures[name];
  if (!make) throw new Error(`lesson 1 has no figure ${name}`);
  return make();
}
