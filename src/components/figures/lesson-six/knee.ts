/** The knee of the engine, with the curves of M/M/1 and M/D/1 over it, and what each calls safe. */
import { queueing } from "../../../engine/index.ts";
import { line } from "../../../engine/chart/index.ts";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { count, time } from "../../format.ts";
import { kept } from "../kept.ts";
import type { MovingFigure } from "../moving.ts";
import { chats, p99, road } from "./traffic.ts";

const rates = [2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 20, 21, 22];
const promises = [0.2, 0.3, 0.5, 0.8, 1.2];

/** Requests a second that the full server finishes: between a fifth and four fifths of an overloaded run, the mean of six. */
export const capacity = kept((): number => {
  const each = [1, 2, 3, 4, 5, 6].map((seed) => {
    const ends = Array.from(chats(40, seed, 1200, "none").requests.last).sort((a, b) => a - b);
    const [from, to] = [Math.floor(0.2 * ends.length), Math.floor(0.8 * ends.length)];
    return (to - from) / ((ends[to] ?? NaN) - (ends[from] ?? NaN));
  });
  return each.reduce((a, b) => a + b, 0) / each.length;
});

/** p99 of TTFT by theory, whose service takes one over capacity. The road is not in the queue's care. */
export function byTheory(kind: "mm1" | "md1", rate: number): number {
  return queueing[kind]({ rate, service: 1 / capacity() }).p(99) + road;
}

const curves = {
  "M/M/1": (rate: number) => byTheory("mm1", rate),
  "M/D/1": (rate: number) => byTheory("md1", rate),
  "the engine": p99,
} as const;
export type Curve = keyof typeof curves;

/** The highest of the rates drawn up to which a curve keeps the promise at every one, or 0. */
export function safeRate(curve: Curve, promise: number): number {
  const broken = rates.findIndex((rate) => curves[curve](rate) > promise);
  return (broken < 0 ? rates.at(-1) : rates[broken - 1]) ?? 0;
}

export function kneeChart(promise: number): ChartDescription {
  return line({
    title: "Theory’s knee and the engine’s",
    x: { label: "Requests per second" },
    y: { label: "TTFT p99", unit: "s", scale: "log" },
    series: (Object.keys(curves) as Curve[]).map((name) => ({
      name,
      points: rates.map((x) => ({ x, y: curves[name](x) })).filter(({ y }) => y < 10),
    })),
    marks: [{ y: promise, label: `promised: ${time(promise)}` }],
  });
}

export function knee(): MovingFigure {
  return {
    title: "The knee, and theory over it",
    slider: "p99 promised",
    origin: { kind: "simulated", seed: 1 },
    still: promises.indexOf(0.5),
    frames: promises.map((promise) => {
      const [mm1, md1, engine] = (["M/M/1", "M/D/1", "the engine"] as const).map((curve) => safeRate(curve, promise));
      return {
        name: `promise-${Math.round(promise * 1000)}`,
        at: time(promise),
        says: `For a p99 of ${time(promise)} M/M/1 allows ${count(mm1 ?? 0)} requests a second, M/D/1 ${count(md1 ?? 0)}, and the engine serves ${count(engine ?? 0)}.`,
        readings: [
          ["safe by M/M/1", `${count(mm1 ?? 0)}/s`],
          ["safe by M/D/1", `${count(md1 ?? 0)}/s`],
          ["safe in the engine", `${count(engine ?? 0)}/s`],
        ],
        panels: [kneeChart(promise)],
      };
    }),
  };
}
