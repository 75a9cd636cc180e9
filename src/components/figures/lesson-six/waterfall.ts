/** The waterfall of the time to first token, in the middle and in the tail, as load grows. */
import { explain, percentile } from "../../../engine/index.ts";
import { waterfall } from "../../../engine/chart/index.ts";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import type { Parts } from "../../../engine/metrics/types.ts";
import { count, percent, time } from "../../format.ts";
import { kept } from "../kept.ts";
import type { MovingFigure } from "../moving.ts";
import { chats, ttfts, waterfallOf } from "./traffic.ts";

const rates = [2, 6, 10, 14, 18, 20] as const;
/** A promise that the tail keeps at each of these rates, so that all are drawn on one axis. Seconds. */
const PROMISED = 0.5;
const terms = ["network", "queue", "prefill", "interference"] as const satisfies readonly (keyof Parts)[];

/** Both waterfalls at a rate, and what share of each is queue. */
export const bands = kept((rate: number) => {
  const run = chats(rate, 1, 1200, "none");
  const [middle, tail] = [waterfallOf(run, 45, 55), waterfallOf(run, 98, 100)];
  const sum = (parts: Parts) => terms.reduce((total, term) => total + parts[term], 0);
  return {
    middle,
    tail,
    p50: sum(middle),
    slowest: sum(tail),
    middleQueue: middle.queue / sum(middle),
    tailQueue: tail.queue / sum(tail),
  };
});

/** The p99 of TTFT, and what one gets who adds up the p99s of its terms. Seconds. */
export const addedUp = kept((rate: number) => {
  const run = chats(rate, 1, 1200, "none");
  const each = (term: keyof Parts) =>
    percentile(
      Array.from({ length: run.requests.count }, (_, i) => explain(run, i).ttft[term]),
      99,
    );
  return { p99: percentile(ttfts(run), 99), sum: terms.reduce((total, term) => total + each(term), 0) };
});

function largest(parts: Parts): string {
  return terms.reduce((most, term) => (parts[term] > parts[most] ? term : most));
}

export function waterfallChart(rate: number): ChartDescription {
  const { middle, tail } = bands(rate);
  return waterfall({
    title: `Where the first token was, at ${count(rate)} requests a second`,
    y: { label: "Time to first token", unit: "s" },
    categories: [...terms],
    series: [
      { name: "around p50", values: terms.map((term) => middle[term]) },
      { name: "the slowest 2 %", values: terms.map((term) => tail[term]) },
    ],
    marks: [{ y: PROMISED, label: time(PROMISED) }],
  });
}

export function waterfalls(): MovingFigure {
  return {
    title: "TTFT waterfall",
    slider: "Requests a second",
    origin: { kind: "simulated", seed: 1 },
    still: rates.indexOf(20),
    play: 1200,
    frames: rates.map((rate) => {
      const { middle, tail, p50, slowest, middleQueue, tailQueue } = bands(rate);
      return {
        name: `at-${rate}`,
        at: `${count(rate)} requests a second`,
        says: `At ${count(rate)} requests a second the middle waits ${time(p50)}, and the largest term is ${largest(middle)}; the slowest two in a hundred wait ${time(slowest)}, and the largest is ${largest(tail)}.`,
        readings: [
          ["around p50", time(p50)],
          ["queue in it", percent(middleQueue)],
          ["the slowest 2 %", time(slowest)],
          ["queue in it, slowest", percent(tailQueue)],
        ],
        panels: [waterfallChart(rate)],
      };
    }),
  };
}
