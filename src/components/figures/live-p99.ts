/** The live figures of the guide to p99: fan-out, hedging, and the mean of percentiles, computed by the engine's own functions. */
import { bars } from "../../engine/chart/bars.ts";
import { line } from "../../engine/chart/line.ts";
import { pow } from "../../engine/numeric.ts";
import { distribution } from "../../engine/metrics/distribution.ts";
import { tail } from "../../engine/metrics/tail.ts";
import { lognormal, sample } from "../../engine/workload/lengths.ts";
import { count, number, percent, time } from "../format.ts";
import type { LiveFigure } from "./live.ts";

const seed = 11;
const draws = 20_000;

/** Lognormal latencies around `medianMs`, in seconds. */
function latencies(medianMs: number, sigma: number, n: number, stream: number): Float64Array {
  return sample(lognormal({ median: medianMs, sigma }), Math.round(n), seed + stream).map((ms) => ms / 1000);
}

const calls = [1, 2, 3, 5, 7, 10, 14, 20, 30, 40, 50, 60, 69, 80, 100, 120, 150, 200];

/** How likely a task of several calls meets a slow one, and how rare slow must be for it not to matter. */
export const fanOut: LiveFigure = {
  title: "Tasks that meet a slow call",
  origin: { kind: "calculated" },
  knobs: [
    {
      name: "calls",
      label: "Calls in a task",
      stops: calls,
      start: calls.indexOf(20),
      words: (n) => (n === 1 ? "1 call" : `${n} calls`),
    },
    {
      name: "slow",
      label: "One call is slow",
      stops: [0.1, 0.05, 0.02, 0.01, 0.005, 0.001, 0.0001],
      start: 3,
      words: (share) => `1 in ${count(1 / share)}`,
    },
  ],
  at({ calls: n = 1, slow = 0.01 }) {
    const met = tail.fanout(slow, n);
    const needed = 1 - pow(1 - slow, 1 / n);
    const says =
      n === 1
        ? `A task of one call is slow as often as the call is: ${percent(slow)}.`
        : `With ${n} calls, each slow once in ${count(1 / slow)}, ${percent(met)} of tasks meet a slow one.`;
    return {
      chart: line({
        title: "Tasks that meet a slow call",
        says,
        x: { label: "Calls in a task" },
        y: { label: "Tasks with a slow call", unit: "%" },
        series: [{ name: "independent calls", points: calls.map((x) => ({ x, y: 100 * tail.fanout(slow, x) })) }],
        marks: [{ x: n, label: `${n}: ${percent(met)}` }],
      }),
      says,
      readings: [
        ["tasks with a slow call", percent(met)],
        [`for tasks to be slow only ${percent(slow)} of the time, a call may be`, `1 in ${count(1 / needed)}`],
      ],
    };
  },
};

const usual = 1000;
const late = 8000;

/** What a second request after a trigger does to a service of which some replies are slow by accident. */
export const hedging: LiveFigure = {
  title: "What a second request buys",
  origin: { kind: "simulated", seed },
  knobs: [
    {
      name: "trigger",
      label: "Ask again after",
      stops: [50, 75, 90, 95, 97, 98, 99, 99.9],
      start: 3,
      words: (p) => `p${p}`,
    },
    {
      name: "slow",
      label: "Replies that are slow by accident",
      stops: [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1],
      start: 3,
      words: (share) => percent(share),
    },
  ],
  at({ trigger = 95, slow = 0.02 }) {
    const values = Float64Array.from([
      ...latencies(usual, 0.2, draws * (1 - slow), 1),
      ...latencies(late, 0.2, draws * slow, 2),
    ]);
    const before = distribution(values);
    const after = distribution(tail.hedge(values, before.p(trigger), seed));
    const extra = values.filter((value) => value > before.p(trigger)).length / values.length;
    const [was, is] = [before.p(99), after.p(99)];
    const change = is < was * 0.95 ? `falls from ${time(was)} to ${time(is)}` : `stays at ${time(is)}`;
    const says = `Asked again after p${trigger}, p99 ${change}, for ${percent(extra)} more requests.`;
    const shown = [50, 95, 99, 99.9];
    return {
      chart: bars({
        title: "What a second request buys",
        says,
        y: { label: "Latency", unit: "s" },
        categories: shown.map((p) => `p${p}`),
        series: [
          { name: "one request", values: shown.map((p) => before.p(p)) },
          { name: "a second after the trigger", values: shown.map((p) => after.p(p)) },
        ],
      }),
      says,
      readings: [
        ["trigger", time(before.p(trigger))],
        ["p99 before", time(was)],
        ["p99 after", time(is)],
        ["more requests", percent(extra)],
      ],
    };
  },
};

const servers = 10;
const healthy = 50;

/** Nine servers alike and a sick one: the mean of their p99s beside the p99 of all requests. */
export const averaging: LiveFigure = {
  title: "Ten p99s, their mean, and the truth",
  origin: { kind: "simulated", seed },
  knobs: [
    {
      name: "factor",
      label: "The sick server is slower",
      stops: [1, 2, 3, 5, 7, 10, 15, 20],
      start: 5,
      words: (factor) => `${factor} times`,
    },
    {
      name: "share",
      label: "Its share of the requests",
      stops: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5],
      start: 4,
      words: (share) => percent(share),
    },
  ],
  at({ factor = 10, share = 0.1 }) {
    const well = latencies(healthy, 0.6, draws * (1 - share), 1);
    const sick = latencies(healthy * factor, 0.6, draws * share, 2);
    const [typical, slow] = [distribution(well).p(99), distribution(sick).p(99)];
    const mean = ((servers - 1) * typical + slow) / servers;
    const truth = distribution(Float64Array.from([...well, ...sick])).p(99);
    const off = truth / mean;
    const verdict =
      off > 1.1
        ? `${number(off)} times what the mean says`
        : off < 0.9
          ? `${number(1 / off)} times below what the mean says`
          : "near the mean, this time";
    const says = `The mean of the ten p99s is ${time(mean)}. The p99 of all requests is ${time(truth)}: ${verdict}.`;
    return {
      chart: bars({
        title: "Ten p99s, their mean, and the truth",
        says,
        y: { label: "p99", unit: "s" },
        categories: ["each of nine", "the sick one", "mean of the ten", "all requests"],
        series: [{ name: "p99", values: [typical, slow, mean, truth] }],
      }),
      says,
      readings: [
        ["mean of the ten", time(mean)],
        ["all requests", time(truth)],
      ],
    };
  },
};
