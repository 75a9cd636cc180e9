/** Every number and figure of lesson 7 that our engine can compute, computed by it. */
import type { QuizPlot } from "../quiz/plots.ts";
import { at, capacity, cliff, dashboards, origin, rateFor, request, safeRate, terms } from "./lesson-seven/cliff.ts";
import { boxHour, budget, holds, memory, pace, type BoxName } from "./lesson-seven/memory.ts";
import { day, gpuHour, hoursAMonth, monthChart } from "./lesson-seven/money.ts";
import { split } from "./lesson-seven/parallel.ts";
import { eachOnce } from "./kept.ts";
import type { MovingFigure } from "./moving.ts";
import { count, time, usd } from "../format.ts";

export * as memoryOf from "./lesson-seven/memory.ts";
export * as load from "./lesson-seven/cliff.ts";
export * as parallel from "./lesson-seven/parallel.ts";
export * as money from "./lesson-seven/money.ts";

/** A thousand people who talk to one service: what they ask of it. `think`: seconds from an answer's end to the next message. */
export function thousand(think = 40) {
  const users = 1000;
  const { e2e } = at(safeRate());
  const rate = users / (e2e + think);
  const needed = Math.ceil(rate / safeRate());
  const gpus = needed + 1;
  return {
    users,
    think,
    e2e,
    rate,
    inFlight: rate * e2e,
    needed,
    gpus,
    month: gpus * gpuHour.usdPerHour * hoursAMonth,
  };
}

/** Bytes of KV of the requests in flight, each with its prompt and half of its answer. */
export function bytesInFlight(perToken: number): number {
  return thousand().inFlight * (request.input + request.output / 2) * perToken;
}

/** What people fill into the gaps instead, and what each is told. */
export const slips = {
  rate: [
    {
      value: 1000 / thousand().e2e,
      why: "That is if nobody ever reads. A user’s round is answer and think time together.",
    },
    { value: 1000 / thousand().think, why: "The answer takes time too, though here it is a small part of the round." },
  ],
  inFlight: [
    { value: 1000, why: "So many are users. Most of them are reading." },
    { value: thousand().rate / thousand().e2e, why: "Little’s law multiplies rate and time." },
  ],
  room: [
    {
      value: (80e9 - budget("one-fp8").weights) / 1e9,
      why: "That is all that is not weights. The server takes 92 %, and 2 GB are needed beside.",
    },
    {
      value: (budget("one-fp8").usable - budget("one-fp8").weights) / 1e9,
      why: "CUDA, buffers and activations want their 2 GB.",
    },
  ],
  tokens: [
    {
      value: budget("one-fp8").cacheTokens * 2,
      why: "That is a cache in fp8. The weights are; the cache is not, unless you ask.",
    },
  ],
  at30: [
    {
      value: (capacity() * terms().alone) / 0.03,
      why: "That is the share that the promise costs. What you may use is the rest.",
    },
    { value: capacity(), why: "At capacity steps never end. The pace takes its share first." },
  ],
  at15: [{ value: rateFor(0.03) / 2, why: "Half the pace is not half the rate. Put 15 ms into the formula." }],
};

/** The decision: users and tokens of each, and the promised seconds a token. */
export const brief = { users: 60, context: 8192, tpot: 0.04, month: 5000 };

/** Cells of a box's row in the decision. */
export function outcome(name: BoxName): readonly [string, string, string] {
  const fits = holds(name, brief.context);
  const served = Math.max(1, Math.min(brief.users, fits));
  return [
    count(fits),
    `${time(pace(name, served, brief.context))}${fits < brief.users ? ` (with ${count(served)})` : ""}`,
    usd(boxHour(name) * hoursAMonth).replace(/\.\d\d$/, ""),
  ];
}

/** Whether a box keeps all limits of the decision. */
export function keeps(name: BoxName): boolean {
  return (
    holds(name, brief.context) >= brief.users &&
    pace(name, brief.users, brief.context) <= brief.tpot &&
    boxHour(name) * hoursAMonth <= brief.month
  );
}

/** Figures that move, by the name under which their stored picture is kept. */
export const figures: Readonly<Record<string, () => MovingFigure>> = eachOnce({ memory, cliff, split, day });

/** The mean request, and the chart that stands still. */
export { monthChart, request };

/** Plots to read in the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  goodputCliff: () => ({ chart: dashboards(), origin }),
};
