/** Every number and figure of lesson 4 that our engine can compute, computed by it. */
import {
  clamp,
  exponential,
  gpuPrice,
  lognormal,
  poisson,
  prefillStep,
  sample,
  script,
  selfHostedCost,
  simulate,
  summarize,
} from "../../engine/index.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { line } from "../../engine/chart/index.ts";
import type { Run } from "../../engine/run.ts";
import type { Server } from "../../engine/server.ts";
import { count, number, time } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import type { MovingFigure } from "./moving.ts";
import { comparedSchedules } from "./compared-schedules.ts";
import { eachOnce, kept } from "./kept.ts";

/** The server of the lesson: one model, one GPU, the frozen parameter set. */
export const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

// ── one batch, static and continuous ──

const answers = [14, 42, 9, 22, 30, 7, 18, 26];
const slots = 4;

/** A static batch computes all of its rows until the longest answer is done. */
function rowLengths(lengths: readonly number[], batch: number): number[] {
  return lengths.map((_, i) => Math.max(...lengths.slice(i - (i % batch), i - (i % batch) + batch)));
}

function eightRequests(batching: "static" | "continuous"): Run {
  const rows = batching === "static" ? rowLengths(answers, slots) : answers;
  return simulate(
    { ...server, batching, scheduler: { maxNumSeqs: slots, maxNumBatchedTokens: 8192 } },
    script(rows.map((output) => ({ at: 0, prompt: 512, output }))),
    { record: "chunks" },
  );
}

const bothSchedules = kept(() => ({ static: eightRequests("static"), continuous: eightRequests("continuous") }));

const lastOf = ({ requests }: Run) => Math.max(...requests.last);

/** What the eight requests of the player come to. */
export function eight() {
  const { static: slow, continuous } = bothSchedules();
  const first = answers.slice(0, slots);
  const firstWanted = first.reduce((a, b) => a + b, 0);
  const longest = Math.max(...first);
  return {
    answers: first,
    longest,
    firstWanted,
    firstComputed: slots * longest,
    firstUse: firstWanted / (slots * longest),
    static: lastOf(slow),
    continuous: lastOf(continuous),
    gain: lastOf(slow) / lastOf(continuous),
    fifthWaits: slow.requests.first[slots] ?? NaN,
    fifthContinuous: continuous.requests.first[slots] ?? NaN,
  };
}

function player(): MovingFigure {
  const { static: slow, continuous } = bothSchedules();
  /** When request i of the static batch has the last token that it wanted. */
  const done = (i: number) => tokensOf(slow, i)[(answers[i] ?? 1) - 1] ?? NaN;
  return comparedSchedules({
    title: "Eight requests, four slots",
    schedules: [
      { name: "Static", run: slow, wanted: answers },
      { name: "Continuous", run: continuous },
    ],
    still: done(3),
    moments: {
      "first-done": done(2),
      "fifth-joins": (continuous.requests.first[slots] ?? 0) + 1e-6,
      "three-held": done(3) + 1e-6,
      "continuous-done": lastOf(continuous),
    },
  });
}

// ── what spread costs a static batch ──

/** Share of a static batch's rows that somebody wants, for exponential lengths: 1 ÷ (1 + 1/2 + … + 1/B). */
export function slotUse(batch: number): number {
  let harmonic = 0;
  for (let k = 1; k <= batch; k++) harmonic += 1 / k;
  return 1 / harmonic;
}

/** What people fill into the gaps of that example instead. */
export const sumSlips = [
  { value: 8, why: "That is how many there are. Each further request makes the longest only a little longer." },
  { value: 2, why: "That would be the longest of two or so. Add up all eight fractions." },
];
export const sharePercent = 100 * slotUse(8);
export const shareSlips = [
  { value: 100 * (1 - slotUse(8)), why: "That is the share nobody wants." },
  {
    value: 50,
    why: "Half would do if the longest were twice the mean. Of eight exponential answers it is nearly three times.",
  },
];

/** The same share, counted over thousands of batches of drawn lengths. */
export const countedUse = kept((batch: number): number => {
  const lengths = [...sample(exponential(128), batch * 2000, 1)];
  let computed = 0;
  for (let i = 0; i < lengths.length; i += batch) computed += batch * Math.max(...lengths.slice(i, i + batch));
  return lengths.reduce((a, b) => a + b, 0) / computed;
});

export function slotUseChart(): ChartDescription {
  const batches = [1, 2, 4, 8, 16, 32, 64];
  return line({
    title: "How much of a static batch anybody wants",
    x: { label: "Requests in a batch", scale: "log" },
    y: { label: "Share of computed tokens that were wanted", unit: "%" },
    series: [
      { name: "1 ÷ (1 + 1/2 + … + 1/B)", points: batches.map((x) => ({ x, y: 100 * slotUse(x) })) },
      { name: "counted", points: [8, 32, 64].map((x) => ({ x, y: 100 * countedUse(x) })) },
    ],
  });
}

// ── where 23 times comes from ──

export const caps = [32, 128, 512, 1536] as const;
const bursts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

function served(rows: readonly number[], batching: "static" | "continuous", seats: number): number {
  const scheduler = { maxNumSeqs: seats, maxNumBatchedTokens: 8192 };
  return lastOf(
    simulate({ ...server, batching, scheduler }, script(rows.map((output) => ({ at: 0, prompt: 512, output })))),
  );
}

/** Lengths of 400 answers, exponential with mean 128, drawn again where longer than `cap`. */
function lengthsOf(cap: number, burst: number): number[] {
  return [...sample(exponential(128), 3200, burst)].filter((n) => n >= 1 && n <= cap).slice(0, 400);
}

const seconds = kept((batching: "static" | "continuous", cap: number, seats: number, burst: number): number => {
  const lengths = lengthsOf(cap, burst);
  if (batching === "continuous") return served(lengths, batching, seats);
  return served(rowLengths(lengths, seats), batching, seats);
});

/** Continuous ÷ static throughput, a static batch of 32 against so many slots: the mean of a dozen bursts of 400 requests. */
export const factor = kept((cap: number, continuousSlots: number): number =>
  mean(bursts.map((b) => seconds("static", cap, 32, b) / seconds("continuous", cap, continuousSlots, b))),
);

export const burstOrigin: ChartOrigin = { kind: "simulated", seed: 1 };

export function factorChart(): ChartDescription {
  return line({
    title: "What the scheduler alone is worth",
    x: { label: "Longest answer let through", unit: "tokens", scale: "log" },
    y: { label: "Continuous ÷ static throughput" },
    series: [32, 256].map((seats) => ({
      name: seats === 32 ? "32 slots for both" : "256 slots against 32",
      points: caps.map((x) => ({ x, y: factor(x, seats) })),
    })),
    marks: [{ y: 1, label: "no gain" }],
  });
}

// ── one long prompt, eight readers ──

const stallers = {
  "prefill first": { ...server, batching: "prefillFirst" },
  "2,048 a step": { ...server, scheduler: { maxNumBatchedTokens: 2048 } },
  "512 a step": { ...server, scheduler: { maxNumBatchedTokens: 512 } },
  "256 a step": { ...server, scheduler: { maxNumBatchedTokens: 256 } },
} as const satisfies Readonly<Record<string, Server>>;
export type Staller = keyof typeof stallers;

const stalled = kept((name: Staller): Run => {
  const readers = Array.from({ length: 8 }, () => ({ at: 0, prompt: 200, output: 400 }));
  return simulate(stallers[name], script([...readers, { at: 0.5, prompt: 32_000, output: 50 }]), { record: "chunks" });
});

function tokensOf({ chunks }: Run, request: number): number[] {
  return [...(chunks?.t ?? [])].filter((_, k) => chunks?.request[k] === request && (chunks?.tokens[k] ?? 0) > 0);
}

/** What one of eight readers sees when a prompt of 32,000 tokens comes along, and what the prompt's own owner does. */
export const stall = kept((name: Staller) => {
  const run = stalled(name);
  const times = tokensOf(run, 0);
  const gaps = times.slice(1).map((t, i) => t - (times[i] ?? 0));
  return {
    freeze: Math.max(...gaps),
    meanGap: mean(gaps),
    finished: run.requests.last[0] ?? NaN,
    longTtft: (run.requests.first[8] ?? NaN) - (run.requests.started[8] ?? NaN),
  };
});

export const stallOrigin: ChartOrigin = { kind: "simulated", seed: 0 };

export function stallChart(): ChartDescription {
  const names = Object.keys(stallers) as Staller[];
  const [from, to] = [0.3, 2.3];
  return {
    kind: "gantt",
    title: "The tokens of one reader",
    finding: names.map((name) => `${name}: longest gap ${time(stall(name).freeze)}`).join("; ") + ".",
    table: {
      columns: ["scheduler", "longest gap (s)", "mean gap (s)", "last token (s)", "TTFT of the long prompt (s)"],
      rows: names.map((name) => {
        const { freeze, meanGap, finished, longTtft } = stall(name);
        return [name, freeze, meanGap, finished, longTtft];
      }),
    },
    spec: {
      x: { label: "time since the answers began", unit: "s" },
      kinds: ["a token of this reader"],
      rows: names.map((name) => ({
        label: name,
        spans: tokensOf(stalled(name), 0)
          .filter((t) => t >= from && t <= to)
          .map((t) => ({ from: t, to: t + 0.0015, kind: 0 })),
      })),
    },
  };
}

// ── the budget between two clocks ──

/** Seconds of a step that computes so many tokens of a prompt and nothing else. */
export function fullStep(tokens: number): number {
  return prefillStep(server, { tokens }).seconds;
}

export const budgets = [256, 512, 768, 1024, 1536, 2048, 8192] as const;
const samples = [1, 2, 3, 4, 5, 6];

/** p99 of TTFT and of the gaps, the longest gap and output tokens a second, at 6 requests a second: the mean of six samples of 300. */
export const clocks = kept((budget: number | "prefill first") => {
  const on: Server =
    budget === "prefill first"
      ? { ...server, batching: "prefillFirst" }
      : { ...server, scheduler: { maxNumBatchedTokens: budget, maxNumSeqs: 256 } };
  const each = samples.map((seed) => {
    const load = {
      arrivals: poisson(6),
      prompt: clamp(lognormal({ median: 2000, sigma: 0.8 }), 1, 16_000),
      output: exponential(225),
      requests: 300,
      seed,
    };
    return summarize(simulate(on, load), { window: "all" });
  });
  return {
    ttft: mean(each.map(({ ttft }) => ttft.p(99))),
    itl: mean(each.map(({ itl }) => itl.p(99))),
    longest: mean(each.map(({ itl }) => itl.max)),
    tpot: mean(each.map(({ tpot }) => tpot.mean)),
    tokens: mean(each.map(({ outputTokensPerSecond }) => outputTokensPerSecond)),
  };
});

/** How much throughput the smallest budget of the figure has over the largest, as a share. */
export function throughputSpread(): number {
  return clocks(256).tokens / clocks(2048).tokens - 1;
}

export const clocksOrigin: ChartOrigin = { kind: "simulated", seed: 1 };

function frontier(): MovingFigure {
  const shown = budgets.filter((budget) => budget <= 2048);
  const path = shown.map((budget) => ({ x: clocks(budget).itl, y: clocks(budget).ttft, label: count(budget) }));
  return {
    title: "One knob, two clocks",
    slider: "Tokens a step",
    origin: clocksOrigin,
    still: shown.indexOf(512),
    play: 900,
    frames: shown.map((budget, k) => {
      const { ttft, itl, longest } = clocks(budget);
      return {
        name: `budget-${budget}`,
        at: `${count(budget)} tokens`,
        says: `With ${count(budget)} tokens a step, one gap in a hundred is ${time(itl)} or longer, and one first token in a hundred takes ${time(ttft)} or longer.`,
        readings: [
          ["ITL p99", time(itl)],
          ["TTFT p99", time(ttft)],
          ["longest gap", time(longest)],
        ],
        panels: [
          line({
            title: "One knob, two clocks",
            x: { label: "p99 of the gaps between tokens", unit: "s" },
            y: { label: "p99 of TTFT", unit: "s" },
            series: [
              { name: "budgets from 256 to 2,048", points: path },
              { name: "this budget", points: [path[k]!] },
            ],
            marks: [
              { x: 0.05, label: "50 ms" },
              { y: 1.2, label: "1.2 s" },
            ],
          }),
        ],
      };
    }),
  };
}

// ── more slots than memory ──

/** 20 requests a second of some 300 tokens in and 150 out, with room for so many tokens of KV cache. */
export const pool = kept((tokens: number) => {
  const run = simulate(
    { ...server, scheduler: { maxNumSeqs: 256, numGpuBlocks: tokens / 16 + 1 } },
    { arrivals: poisson(20), prompt: exponential(300), output: exponential(150), requests: 600, seed: 1 },
  );
  const { ttft } = summarize(run, { window: "all" });
  return { ttft: ttft.p(99), preemptions: run.requests.preemptions.reduce((a, b) => a + b, 0) };
});

// ── the decision ──

const gpuHour = gpuPrice("h100-sxm-80").usdPerHour;

/** What a scheduler setting does for the chat of the decision: cells of its row. */
export function outcome(budget: number | "prefill first"): readonly [string, string, string, string] {
  const { ttft, itl, longest, tokens } = clocks(budget);
  const cost = selfHostedCost({ gpuHour, gpus: 1, outputTokensPerSecond: tokens }).perMillionOutputTokens;
  return [time(ttft), time(itl), time(longest), `$${number(cost)}`];
}

/** Figures that move, by the name under which their stored picture is kept. */
export const figures: Readonly<Record<string, () => MovingFigure>> = eachOnce({ player, frontier });

/** Plots to read in the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  stall: () => ({ chart: stallChart(), origin: stallOrigin }),
};
