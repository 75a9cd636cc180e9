/** Every number and figure of lesson 6 that our engine can compute, computed by it. */
import {
  decodeStep,
  gamma,
  gpuPrice,
  kvBytes,
  lognormal,
  percentile,
  poisson,
  prefillStep,
  queueing,
  resolveServer,
  simulate,
  summarize,
} from "../../engine/index.ts";
import { line } from "../../engine/chart/index.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import type { Server } from "../../engine/server.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { count, time } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import { eachOnce, kept } from "./kept.ts";
import { knee } from "./lesson-six/knee.ts";
import { acrossLoad, speculating } from "./lesson-six/speculating.ts";
import { chats, drafts, road, scheduler, server, ttfts } from "./lesson-six/traffic.ts";
import { waterfallChart, waterfalls } from "./lesson-six/waterfall.ts";
import type { MovingFigure } from "./moving.ts";

export { byTheory, capacity, safeRate } from "./lesson-six/knee.ts";
export { leverChart, p99With, perPoint, saved } from "./lesson-six/levers.ts";
export { alone, gain, onLoad } from "./lesson-six/speculating.ts";
export { split } from "./lesson-six/split.ts";
export { p99 } from "./lesson-six/traffic.ts";
export { addedUp, bands } from "./lesson-six/waterfall.ts";

export const simulatedOnce: ChartOrigin = { kind: "simulated", seed: 1 };

// ── the road ──

/** Seconds before the server has the request and the answer is back: one round trip, and two more to connect. */
export function onTheRoad(rtt: number, connected: boolean): number {
  return connected ? rtt : 3 * rtt;
}

/** The road of the worked example, a round trip of 80 ms. Milliseconds. */
export const newConnectionMs = 1000 * onTheRoad(0.08, false);
export const roadSlips = [
  { value: 1000 * onTheRoad(0.08, true), why: "That is a connection that is open already." },
  {
    value: 160,
    why: "That is the request and TLS, or TCP and TLS. All three take a round trip: connect, agree on keys, ask.",
  },
];

// ── one prompt ──

/** Seconds of prefill for a prompt by itself, `cached` tokens of it found in the cache. */
export function prefill(tokens: number, cached = 0): number {
  return prefillStep(server, { tokens, cached }).seconds;
}

/** The same with weights in FP8, nothing cached. */
export function prefillFp8(tokens: number): number {
  return prefillStep({ ...server, weights: "fp8" }, { tokens }).seconds;
}

/** Seconds of prefill in milliseconds. */
export function prefillMs(tokens: number): number {
  return 1000 * prefill(tokens);
}

/** The longest prompt whose prefill is bound by reading the weights. Tokens. */
export const floor = kept((): number => {
  let tokens = 1;
  while (prefillStep(server, { tokens: tokens + 1 }).bound === "weights") tokens++;
  return tokens;
});

export function prefillChart(): ChartDescription {
  const lengths = [16, 32, 64, 128, floor(), 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];
  return line({
    title: "Prefill of one prompt",
    x: { label: "Tokens of prompt", scale: "log" },
    y: { label: "Prefill", unit: "s", scale: "log" },
    series: [
      { name: "nothing cached", points: lengths.map((x) => ({ x, y: prefill(x) })) },
      {
        name: "all but 200 tokens cached",
        points: lengths.filter((x) => x > 200).map((x) => ({ x, y: prefill(x, x - 200) })),
      },
    ],
    marks: [{ x: floor(), label: `${count(floor())} tokens` }],
  });
}

// ── the line ──

/** Requests that are in the batch at most: on the server of this lesson, and where nothing is set. */
export const seats = scheduler.maxNumSeqs;
export const defaultSeats = resolveServer(server).scheduler.maxNumSeqs;

/** How many times as long a step is that decodes for forty, a thousand tokens each, as one for four. */
export function fortyOverFour(): number {
  const step = (batch: number) => decodeStep(server, { batch, context: 1000 }).seconds;
  return step(40) / step(4);
}

/** Chance that somebody who comes must wait, with an offered load of 8 servers' work. */
export function mustWait(servers: number): number {
  const { wait } = queueing.erlangC({ rate: 8, service: 1, servers });
  return wait * (servers - 8);
}

/** p99 of TTFT at 22 requests a second, by how long the run was: the mean of eight samples, as in the figure of the knee. */
export const atTwentyTwo = kept((requests: number): number => {
  const each = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => percentile(ttfts(chats(22, seed, requests, "none")), 99));
  return each.reduce((a, b) => a + b, 0) / each.length;
});

/** p99 of TTFT when arrivals come in bunches, gaps with a coefficient of variation of 3: the mean of three samples of 1,200. */
export const bunched = kept((rate: number): number => {
  const each = [1, 2, 3].map((seed) => {
    const run = simulate(
      { ...server, scheduler, network: { rtt: road } },
      { ...chats(rate, seed, 1200, "none").workload, arrivals: gamma(rate, 1 / 9) },
    );
    return percentile(ttfts(run), 99);
  });
  return each.reduce((a, b) => a + b, 0) / each.length;
});

// ── handing over ──

/** Bytes of KV that the cache of a prompt holds. */
export function handOver(model: "llama-3.1-8b" | "llama-3.1-70b", tokens: number): number {
  return kvBytes(model, tokens);
}

/** A 70B's cache of 4,096 tokens over 10-gigabit Ethernet. Milliseconds. */
export const handOverMs = (1000 * handOver("llama-3.1-70b", 4096)) / 1.25e9;
export const handOverSlips = [
  {
    value: (1000 * handOver("llama-3.1-70b", 4096)) / 10e9,
    why: "That divides bytes by bits. 10 Gbit/s are 1.25 gigabytes a second.",
  },
  {
    value: (1000 * handOver("llama-3.1-8b", 4096)) / 1.25e9,
    why: "That is the 8B’s cache. The 70B has 80 layers instead of 32.",
  },
];

// ── the decision ──

const hour = gpuPrice("h100-sxm-80").usdPerHour;
const options = {
  asItIs: { scheduler },
  smallSteps: { scheduler: { ...scheduler, maxNumBatchedTokens: 512 } },
  speculate: { scheduler, speculation: drafts.good },
  secondServer: { scheduler, replicas: 2, routing: "least-loaded" },
  split: {
    scheduler: { ...scheduler, maxNumBatchedTokens: 8192 },
    disaggregated: { prefillGpus: 1, decodeGpus: 1, linkBytesPerSecond: 50e9 },
  },
  fp8: { scheduler, weights: "fp8" },
} as const satisfies Readonly<Record<string, Partial<Server>>>;
export type Option = keyof typeof options;

/** What an option does for the chats of the lesson at 24 requests a second: the mean of two samples of 800. */
export const outcome = kept((option: Option) => {
  const each = [1, 2].map((seed) => {
    const load: Workload = {
      arrivals: poisson(24),
      prompt: lognormal({ median: 800, sigma: 0.6 }),
      output: lognormal({ median: 150, sigma: 0.7 }),
      requests: 800,
      seed,
    };
    return summarize(simulate({ ...server, ...options[option] }, load), { window: "all" });
  });
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const gpus = option === "secondServer" || option === "split" ? 2 : 1;
  return {
    ttft: mean(each.map(({ ttft }) => ttft.p(99))),
    itl: mean(each.map(({ itl }) => itl.p(99))),
    month: gpus * hour * 730,
  };
});

/** Cells of its row: TTFT p99, ITL p99, a month's bill. */
export function cells(option: Option): readonly [string, string, string] {
  const { ttft, itl, month } = outcome(option);
  return [time(ttft), time(itl), `$${count(month)}`];
}

/** Whether an option keeps half a second, 40 ms and 3,000 dollars. */
export function keeps(option: Option): boolean {
  const { ttft, itl, month } = outcome(option);
  return ttft <= 0.5 && itl <= 0.04 && month <= 3000;
}

/** Figures that move, by the name under which their stored picture is kept. */
export const figures: Readonly<Record<string, () => MovingFigure>> = eachOnce({ waterfalls, knee, speculating });

/** Plots to read in the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  ttftWaterfall: () => ({ chart: waterfallChart(20), origin: simulatedOnce }),
  speculationAcrossLoad: () => ({ chart: acrossLoad("tpot", 18), origin: simulatedOnce }),
};
