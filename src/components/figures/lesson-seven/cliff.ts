/** Lesson 7: what a server completes, and what of it is worth anything, over the rate that is offered. */
import {
  decodeStep,
  goodput,
  lognormal,
  poisson,
  prefillStep,
  resolveServer,
  simulate,
  summarize,
} from "../../../engine/index.ts";
import type { ChartDescription, ChartOrigin } from "../../../engine/chart/types.ts";
import { line } from "../../../engine/chart/index.ts";
import type { Server } from "../../../engine/server.ts";
import { count, number, percent, time } from "../../format.ts";
import { kept } from "../kept.ts";
import type { MovingFigure } from "../moving.ts";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };
/** Requests that it may run at once, vLLM's default on this GPU. */
export const seats = resolveServer(server).scheduler.maxNumSeqs;
/** Seconds. */
export const slo = { ttft: 0.5, tpot: 0.03 };
/** A server that has at most 64 requests in the batch and 8 in line, and refuses who comes beyond. */
const careful: Server = { ...server, scheduler: { maxNumSeqs: 64, maxWaiting: 8 } };

/** The mean request: lognormal, 800 and 150 tokens in the median, σ 0.6. */
export const request = { input: 960, output: 180 };
const rates = [3, 8, 12, 16, 18, 19, 20, 21, 22, 24, 26] as const;
const samples = [1, 2, 3, 4, 5];
export const origin: ChartOrigin = { kind: "simulated", seed: 1 };

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const measured = kept((rate: number, kind: "open" | "careful", requests: number) => {
  const runs = samples.map((seed) =>
    simulate(kind === "open" ? server : careful, {
      arrivals: poisson(rate),
      prompt: lognormal({ median: 800, sigma: 0.6 }),
      output: lognormal({ median: 150, sigma: 0.6 }),
      requests,
      seed,
    }),
  );
  const shares = runs.map((run) => goodput(run, slo, { window: "all" }).attainment);
  const each = runs.map((run) => summarize(run, { window: "all" }));
  return {
    good: rate * mean(shares),
    share: mean(shares),
    worst: Math.min(...shares),
    tokens: mean(each.map(({ outputTokensPerSecond }) => outputTokensPerSecond)),
    ttft99: mean(each.map(({ ttft }) => ttft.p(99))),
    tpot: mean(each.map(({ tpot }) => tpot.mean)),
    tpot95: mean(each.map(({ tpot }) => tpot.p(95))),
    e2e: mean(each.map(({ e2e }) => e2e.mean)),
    busy: mean(runs.map(({ timeline }) => timeline?.busy ?? NaN)),
  };
});

/** At one offered rate, the mean of five samples of so many requests; `worst` is the share kept in the worst of them. */
export function at(rate: number, kind: "open" | "careful" = "open", requests = 1200) {
  return measured(rate, kind, requests);
}

/** Of the rates tried, the last at which every sample keeps this share, and so does every rate before it. */
export function safeRate(share = 0.99): number {
  let safe = 0;
  for (const rate of rates) {
    if (at(rate).worst < share) break;
    safe = rate;
  }
  return safe;
}

/** The rate of the highest goodput. */
export function peak(): number {
  return rates.reduce((best, rate) => (at(rate).good > at(best).good ? rate : best), rates[0] as number);
}

/**
 * What one request costs a server that is never idle, in seconds: `alone`, a step of a batch of one; `each`, what one more
 * sequence adds to a step, reading its cache; `prompt`, what the mean prompt adds to the steps that compute it.
 */
export const terms = kept(() => {
  const context = request.input + request.output / 2;
  const decode = (batch: number) => decodeStep(server, { batch, context }).seconds;
  const prompts = (batch: number) => prefillStep(server, { tokens: request.input, batch }).seconds;
  return { alone: decode(1), each: decode(65) / 64 - decode(1) / 64, prompt: prompts(2) - prompts(1) };
});

/**
 * Requests a second at which prompts and caches alone fill all of the time. With so many `most` in the batch, no more of them
 * share the reading of the weights, whose time comes on top.
 */
export function capacity(most = Infinity): number {
  const { alone, each, prompt } = terms();
  return 1 / (prompt + request.output * (each + alone / most));
}

/** Seconds a token of a server under load, by the formula of the text. */
export function loadedPace(rate: number): number {
  return terms().alone / (1 - rate / capacity());
}

/** The rate at which that pace is a promise. */
export function rateFor(tpot: number): number {
  return capacity() * (1 - terms().alone / tpot);
}

/** Both dashboards as shares of their best, to be read in the quiz. */
export function dashboards(): ChartDescription {
  const best = (value: (rate: number) => number) => Math.max(...rates.map(value));
  const share = (name: string, value: (rate: number) => number) => ({
    name,
    points: rates.map((x) => ({ x, y: (100 * value(x)) / best(value) })),
  });
  return line({
    title: "Tokens and goodput of one server",
    x: { label: "Offered requests per second" },
    y: { label: "Share of its best value", unit: "%" },
    series: [share("output tokens a second", (r) => at(r).tokens), share("goodput", (r) => at(r).good)],
  });
}

export function cliff(): MovingFigure {
  const over = (value: (rate: number) => number) => rates.map((rate) => ({ x: rate, y: value(rate) }));
  const safe = safeRate();
  const best = peak();
  return {
    title: "Two dashboards of one server",
    slider: "Offered requests per second",
    origin,
    still: rates.indexOf(22),
    play: 1200,
    frames: rates.map((rate) => {
      const { good, share, tokens, ttft99, tpot95, busy, worst } = at(rate);
      return {
        name: [`rate-${rate}`, ...(rate === safe ? ["safe"] : []), ...(rate === best ? ["peak"] : [])].join(" "),
        at: `${rate} a second`,
        says: `Offered ${rate} requests a second, the server writes ${count(tokens)} tokens a second and serves ${percent(share)} of the requests as promised, ${number(good)} a second.`,
        readings: [
          ["tokens a second", count(tokens)],
          ["GPU busy", percent(busy)],
          ["TTFT, p99", time(ttft99)],
          ["TPOT, p95", time(tpot95)],
          ["kept in the worst sample", percent(worst)],
          ["goodput", `${number(good)}/s`],
        ],
        panels: [
          line({
            title: "Output tokens per second",
            x: { label: "Offered requests per second" },
            y: { label: "Tokens per second" },
            series: [{ name: "tokens", points: over((r) => at(r).tokens) }],
            marks: [{ x: rate, label: `${rate} a second` }],
          }),
          line({
            title: "Requests per second served within 0.5 s to the first token and 30 ms a token",
            x: { label: "Offered requests per second" },
            y: { label: "Requests per second" },
            series: [
              { name: "goodput", points: over((r) => at(r).good) },
              {
                name: "goodput of a server that refuses",
                points: rates.filter((r) => r >= 16).map((x) => ({ x, y: at(x, "careful").good })),
              },
            ],
            marks: [{ x: rate, label: `${rate} a second` }],
          }),
        ],
      };
    }),
  };
}
