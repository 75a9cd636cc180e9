/** Every number and figure of lesson 3 that our engine can compute, computed by it: one stream by seven tools, two generators, a hidden queue, a p99's interval. */
import {
  chunkKinds,
  closed,
  correctOmission,
  decodeStep,
  definitions,
  distribution,
  fixed,
  goodput,
  gpuPrice,
  lognormal,
  percentile,
  percentileRanks,
  poisson,
  prefillStep,
  sample,
  simulate,
  statuses,
  summarize,
  tokenSources,
} from "../../engine/index.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { line, percentiles, scatter } from "../../engine/chart/index.ts";
import type { Definition } from "../../engine/metrics/types.ts";
import type { Run } from "../../engine/run.ts";
import type { Server } from "../../engine/server.ts";
import { count, time } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import type { MovingFigure } from "./moving.ts";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };
const seed = 2;
export const origin: ChartOrigin = { kind: "simulated", seed };

const memory = new Map<string, unknown>();
function once<T>(name: string, make: () => T): T {
  if (!memory.has(name)) memory.set(name, make());
  return memory.get(name) as T;
}

// ── one run, seven tools ──

/** Seconds that the request waited in the generator, behind a cap. */
export const heldBack = 0.05;
const streamed = { prompt: 1000, thinking: 12, tokens: 48, perChunk: 3 } as const;

/** One answer as a server words it: a role chunk while the prompt is still being read, thinking, then text, three tokens a chunk, and usage at the end. */
function oneRun(): Run {
  const first = prefillStep(server, { tokens: streamed.prompt }).seconds;
  const step = decodeStep(server, { batch: 1, context: streamed.prompt }).seconds;
  const rows: { t: number; tokens: number; kind: number }[] = [{ t: first * 0.3, tokens: 0, kind: chunkKinds.role }];
  for (let sent = 0; sent < streamed.tokens;) {
    const tokens = sent === 0 ? 1 : Math.min(streamed.perChunk, streamed.tokens - sent);
    const kind = sent < streamed.thinking ? chunkKinds.reasoning : chunkKinds.content;
    rows.push({ t: first + (sent + tokens - 1) * step, tokens, kind });
    sent += tokens;
  }
  const last = rows.at(-1)!.t;
  // The detokeniser holds the end back for one more step; then come the reason, the usage and [DONE].
  rows.push({ t: last + step, tokens: 0, kind: chunkKinds.finish });
  rows.push({ t: last + 1.5 * step, tokens: 0, kind: chunkKinds.usage });
  rows.push({ t: last + 2 * step, tokens: 0, kind: chunkKinds.done });
  const at = (seconds: number) => Float64Array.of(heldBack + seconds);
  return {
    origin: { kind: "simulated", server, seed },
    workload: { arrivals: poisson(1), prompt: fixed(streamed.prompt), output: fixed(streamed.tokens), requests: 1 },
    versions: {},
    requests: {
      count: 1,
      scheduled: Float64Array.of(0),
      started: at(0),
      headers: at(first * 0.3),
      firstEvent: at(first * 0.3),
      first: at(first),
      last: at(last),
      closed: at(last + 2 * step),
      promptTokens: Uint32Array.of(streamed.prompt),
      cachedTokens: Uint32Array.of(0),
      outputTokens: Uint32Array.of(streamed.tokens),
      tokenSource: Uint8Array.of(tokenSources.indexOf("usage")),
      status: Uint8Array.of(statuses.indexOf("succeeded")),
      preemptions: Uint16Array.of(0),
      replica: Uint16Array.of(0),
    },
    chunks: {
      t: Float64Array.from(rows, ({ t }) => heldBack + t),
      request: new Uint32Array(rows.length),
      tokens: Uint16Array.from(rows, ({ tokens }) => tokens),
      kind: Uint16Array.from(rows, ({ kind }) => kind),
    },
  };
}

const names: Readonly<Record<Definition, string>> = {
  perflab: "this course",
  vllm: "vLLM bench serve",
  sglang: "SGLang bench_serving",
  aiperf: "AIPerf",
  guidellm: "GuideLLM",
  "inference-perf": "inference-perf",
  mlperf: "MLPerf loadgen",
};
const says: Readonly<Record<Definition, string>> = {
  perflab: "The first chunk that carries a token, thinking included.",
  vllm: "The first chunk with choices in it. Here that is the role chunk, in the middle of prefill.",
  sglang: "The same first token. But its latency runs on to [DONE], and TPOT with it.",
  aiperf: "The same first token. What it calls inter-token latency is everyone else’s TPOT.",
  guidellm: "The same first token. Its TPOT divides the whole time, TTFT included, by all tokens.",
  "inference-perf": "The first chunk with content. The thinking before it is no token to this tool.",
  mlperf: "The same first token, counted from when the request was due. The wait in the generator is in it.",
};

export interface Reading {
  readonly tool: Definition;
  readonly name: string;
  /** Seconds. */
  readonly ttft: number;
  readonly tpot: number;
  readonly e2e: number;
}

/** The same answer, read by each tool's own definitions. */
export function readings(): readonly Reading[] {
  return once("readings", () =>
    definitions.map((tool) => {
      const { ttft, tpot, e2e } = summarize(oneRun(), { definition: tool, window: "all" });
      return { tool, name: names[tool], ttft: ttft.mean, tpot: tpot.mean, e2e: e2e.mean };
    }),
  );
}

export function reading(tool: Definition): Reading {
  return readings().find((each) => each.tool === tool)!;
}

/** How many different values the seven have for a metric, to a tenth of a millisecond. */
export function differing(metric: "ttft" | "tpot" | "e2e"): number {
  return new Set(readings().map((each) => Math.round(each[metric] * 1e4))).size;
}

function raster(of: Reading): ChartDescription {
  const { chunks, requests } = oneRun();
  const kinds = [
    ["role, end and usage", chunkKinds.role | chunkKinds.finish | chunkKinds.usage | chunkKinds.done],
    ["thinking", chunkKinds.reasoning],
    ["answer", chunkKinds.content],
  ] as const;
  const zero = of.tool === "mlperf" ? requests.scheduled[0]! : requests.started[0]!;
  return scatter({
    title: "One answer, chunk by chunk",
    says: `${of.name}: ${says[of.tool]}`,
    x: { label: "Time since the request was due", unit: "s" },
    y: { label: "Tokens so far" },
    series: kinds.map(([name, bits]) => {
      let so = 0;
      const points = Array.from(chunks!.t, (x, i) => {
        so += chunks!.tokens[i]!;
        return { x, y: so, kind: chunks!.kind[i]! };
      });
      return { name, points: points.filter(({ kind }) => (kind & bits) !== 0).map(({ x, y }) => ({ x, y })) };
    }),
    marks: [
      { x: zero, label: "clock starts" },
      { x: zero + of.ttft, label: "“first token”" },
    ],
  });
}

const stream: MovingFigure = {
  title: "One answer, seven stopwatches",
  slider: "Tool",
  origin: { kind: "calculated" },
  still: definitions.indexOf("vllm"),
  play: 1800,
  frames: readings().map((each) => ({
    at: each.name,
    name: each.tool,
    says: says[each.tool],
    readings: [
      ["TTFT", time(each.ttft)],
      ["TPOT", time(each.tpot)],
      ["E2E", time(each.e2e)],
    ],
    panels: [raster(each)],
  })),
};

// ── open and closed, and the freeze ──

const freezing: Server = { ...server, scheduler: { maxNumSeqs: 1 }, pauses: { every: 30, length: 2 } };
const freezeSeed = 3;
const load = { prompt: fixed(64), output: fixed(3), requests: 2400, seed: freezeSeed };
const users = 4;
const rate = 20;

const polite = () =>
  once("polite", () => simulate(freezing, { ...load, arrivals: closed(users, { thinkTime: fixed(0.18) }) }));
const scheduled = () => once("scheduled", () => simulate(freezing, { ...load, arrivals: poisson(rate) }));
const latencies = ({ requests: r }: Run) => Float64Array.from(r.last, (last, i) => last - r.scheduled[i]!);

function read(values: ArrayLike<number>) {
  const { n, mean, p } = distribution(values);
  return { n, mean, p50: p(50), p95: p(95), p99: p(99) };
}

/** Latency of the closed loop, of the same corrected, and of the open loop; seconds. */
export const closedLoop = () => once("closedLoop", () => read(latencies(polite())));
export const corrected = () => once("corrected", () => read(correctOmission(latencies(polite()), users / rate)));
export const openLoop = () => once("openLoop", () => read(latencies(scheduled())));
export const freezeOrigin: ChartOrigin = { kind: "simulated", seed: freezeSeed };

/** Share of its requests that a generator had under way or sent during the freezes. */
export function caught(generator: "closed" | "open"): number {
  const run = generator === "closed" ? polite() : scheduled();
  return latencies(run).filter((latency) => latency > 0.1).length / run.requests.count;
}

export function generatorsChart(): ChartDescription {
  return percentiles({
    title: "One server by two generators",
    x: { label: "Latency, from when a request was due", unit: "s", scale: "log" },
    samples: [
      { name: "closed loop", values: latencies(polite()) },
      { name: "closed loop, corrected", values: correctOmission(latencies(polite()), users / rate) },
      { name: "open loop", values: latencies(scheduled()) },
    ],
  });
}

/** The first freeze lasts from 30 to 32 s; the figure reaches around it. Seconds. */
const from = 29;
const to = 34;

function freezeFigure(): MovingFigure {
  const generators = [polite(), scheduled()].map(({ requests: r }) =>
    Array.from(r.scheduled, (due, i) => ({ due, last: r.last[i]! })).filter(({ due }) => due >= from && due <= to),
  );
  const series = ["closed loop", "open loop"].map((name, k) => ({
    name,
    points: [{ x: from, y: 0 }, ...generators[k]!.map(({ due }, i) => ({ x: due, y: i + 1 }))],
  }));
  const frame = (now: number, name?: string) => {
    const [shut, open] = generators.map((requests) => ({
      sent: requests.filter(({ due }) => due <= now).length,
      waiting: requests.filter(({ due, last }) => due <= now && last > now).length,
    }));
    return {
      at: `${now.toFixed(2)} s`,
      ...(name === undefined ? {} : { name }),
      says: `The closed loop has sent ${count(shut!.sent)} requests since ${from} s and waits for ${count(shut!.waiting)}; the open loop has sent ${count(open!.sent)} and waits for ${count(open!.waiting)}.`,
      readings: [
        ["closed loop waits for", count(shut!.waiting)],
        ["open loop waits for", count(open!.waiting)],
      ] as const,
      panels: [
        line({
          title: "Requests sent around one freeze",
          x: { label: "Time", unit: "s" },
          y: { label: `Requests sent since ${from} s` },
          series,
          marks: [
            { x: 30, label: "freezes" },
            { x: 32, label: "goes on" },
            { x: now, label: "now" },
          ],
        }),
      ],
    };
  };
  const named: Readonly<Record<number, string>> = { 29.75: "before", 31.75: "frozen", 33: "after" };
  const times = Array.from({ length: 16 }, (_, i) => from + 0.25 * (i + 1));
  return {
    title: "What each generator sends into a freeze",
    slider: "Time",
    origin: freezeOrigin,
    still: times.indexOf(31.75),
    play: 400,
    frames: times.map((now) => frame(now, named[now])),
  };
}

/** Ten thousand answers of 1 ms, then a pause of 100 s: as a waiting client records it, and corrected for one request each 10 ms. */
export function pause() {
  return once("pause", () => {
    const raw = new Float64Array(10_001).fill(0.001);
    raw[10_000] = 100;
    const put = correctOmission(raw, 0.01);
    const of = (values: Float64Array) => {
      const { mean, p } = distribution(values);
      return { values, mean, p75: p(75), p99: p(99), p9999: percentile(values, 99.99, "nearest-rank") };
    };
    return { raw: of(raw), corrected: of(put) };
  });
}

export function pauseChart(): ChartDescription {
  return percentiles({
    title: "10,000 answers of 1 ms, then one pause of 100 s",
    x: { label: "Latency", unit: "s", scale: "log" },
    samples: [
      { name: "as recorded", values: pause().raw.values },
      { name: "corrected", values: pause().corrected.values },
    ],
  });
}

// ── the hidden queue ──

const capLoad = { prompt: fixed(800), output: fixed(200), requests: 400, seed };
const caps = [16, 32, 48, 64, 96, 128, 256, 1000];

/** p99 of TTFT under a cap, from when requests left and from when they were due; seconds. */
export function capped(maxConcurrency: number, perSecond = 20): { left: number; due: number } {
  return once(`cap ${maxConcurrency} ${perSecond}`, () => {
    const { requests: r } = simulate(server, { ...capLoad, arrivals: poisson(perSecond), maxConcurrency });
    const p99 = (zero: Float64Array) =>
      percentile(
        Float64Array.from(r.first, (first, i) => first - zero[i]!),
        99,
      );
    return { left: p99(r.started), due: p99(r.scheduled) };
  });
}

export function capChart(): ChartDescription {
  return line({
    title: "TTFT at p99, under a cap of the generator",
    x: { label: "Most requests under way", scale: "log" },
    y: { label: "TTFT, p99", unit: "s", scale: "log" },
    series: [
      { name: "from when it left", points: caps.map((cap) => ({ x: cap, y: capped(cap).left })) },
      { name: "from when it was due", points: caps.map((cap) => ({ x: cap, y: capped(cap).due })) },
    ],
  });
}

/** 1,000 prompts at once, as `vllm bench serve` sends unless told otherwise, and two a second; TTFT, seconds. */
export function allAtOnce() {
  return once("burst", () => {
    const of = (arrivals: Parameters<typeof simulate>[1]["arrivals"], requests: number) =>
      summarize(simulate(server, { arrivals, prompt: fixed(1024), output: fixed(128), requests, seed })).ttft;
    return { burst: of({ kind: "burst" }, 1000).p(50), calm: of(poisson(2), 200).p(50) };
  });
}

// ── how sure a p99 is ──

const sizes = [100, 200, 368, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
const sigma = 0.6;
const populationSeed = 11;
const population = () =>
  once("population", () =>
    sample(lognormal({ median: 500_000, sigma }), 200_000, populationSeed).map((us) => us / 1e6),
  );

/** Ends of the 95 % interval of a p99 from n samples, as shares of the true value; no upper end below 368. */
export function interval(n: number): { low: number; high: number } | null {
  const ranks = percentileRanks(n, 99);
  if (ranks === null) return null;
  const truth = percentile(population(), 99);
  const at = (rank: number) => percentile(population(), (100 * rank) / (n + 1)) / truth;
  return { low: at(ranks[0]), high: at(ranks[1]) };
}

/** Places of the two values around the p99 of n. */
export function ranks(n: number): readonly [number, number] {
  return percentileRanks(n, 99)!;
}

/** Where nine in ten p99s of n samples lie, as shares of the true value. */
export function spread(n: number, repeats = 200): { low: number; high: number } {
  return once(`spread ${n}`, () => {
    const truth = 0.5 * Math.E ** (2.3263478740408408 * sigma);
    const all = Array.from({ length: repeats }, (_, i) =>
      percentile(sample(lognormal({ median: 500_000, sigma }), n, 1000 * n + i), 99),
    );
    return { low: percentile(all, 5) / 1e6 / truth, high: percentile(all, 95) / 1e6 / truth };
  });
}

export function widthChart(): ChartDescription {
  const known = sizes.flatMap((n) => {
    const ends = interval(n);
    return ends === null ? [] : [{ n, ...ends }];
  });
  return line({
    title: "How wide the interval of a p99 is",
    x: { label: "Requests in the run", scale: "log" },
    y: { label: "End of the interval ÷ the true p99" },
    series: [
      { name: "upper end", points: known.map(({ n, high }) => ({ x: n, y: high })) },
      { name: "lower end", points: known.map(({ n, low }) => ({ x: n, y: low })) },
    ],
    marks: [
      { y: 1, label: "true p99" },
      { x: 368, label: "368" },
    ],
  });
}

/** Requests for ±`margin` (a share of all requests) around percentile q, as MLPerf plans them: normal approximation at 99 %. */
export function planned(q: number, margin: number): number {
  const p = q / 100;
  return Math.round((2.5758293035489004 ** 2 * p * (1 - p)) / margin ** 2);
}

/** Samples for a chance of 95 % that even the largest is above the p99. */
export function enoughForMaximum(): number {
  let n = 1;
  for (let below = 0.99; below > 0.05; below *= 0.99) n++;
  return n;
}

// ── what to watch ──

const served = { prompt: fixed(1024), output: fixed(200) };
export const promise = { ttft: 0.3, tpot: 0.03 };

/** A server under a load: share of time in which a step ran, requests that run at once (p95), TTFT at p99, and goodput under the promise. */
export function busy(perSecond: number) {
  return once(`busy ${perSecond}`, () => {
    const run = simulate(server, { ...served, arrivals: poisson(perSecond), duration: 60, seed });
    const summary = summarize(run, { from: "scheduled" });
    return {
      busy: run.timeline?.busy ?? NaN,
      running: percentile(run.timeline?.batch ?? [], 95),
      ttft: summary.ttft.p(99),
      throughput: summary.outputTokensPerSecond,
      goodput: goodput(run, promise, { from: "scheduled" }).requestsPerSecond,
    };
  });
}

/** Of a month with so many requests a day: how many may miss a promise kept for `kept` of them. */
export function errorBudget(aDay: number, kept: number): number {
  return Math.round(aDay * 30 * (1 - kept));
}

// ── the decision ──

const planRate = 18;
/** Four ways to find out whether a server keeps p99 of TTFT at 18 requests a second. */
const plans = {
  closed: { arrivals: closed(64), requests: 1000 },
  capped: { arrivals: poisson(planRate), requests: 1000, maxConcurrency: 64 },
  short: { arrivals: poisson(planRate), requests: 200 },
  long: { arrivals: poisson(planRate), requests: 6000 },
} as const;

/** What a plan reports: p99 of TTFT from when requests left, its interval, and what the GPU cost meanwhile. */
export function plan(name: keyof typeof plans) {
  return once(`plan ${name}`, () => {
    const run = simulate(server, { ...served, ...plans[name], seed });
    const { ttft, duration } = summarize(run, { window: "all" });
    const ends = ttft.interval(99);
    const due = summarize(run, { window: "all", from: "scheduled" }).ttft.p(99);
    return {
      p99: ttft.p(99),
      due,
      interval: ends === null ? "none: too few" : `${time(ends[0])} to ${time(ends[1])}`,
      duration,
      cost: (gpuPrice("h100-sxm-80").usdPerHour * duration) / 3600,
    };
  });
}

export const figures = { stream: () => stream, freeze: () => once("freeze", freezeFigure) };
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  p99Width: () => ({ chart: widthChart(), origin: { kind: "simulated", seed: populationSeed } }),
};
