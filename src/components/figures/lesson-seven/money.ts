/** Lesson 7: GPUs of your own against an API, over a day and by the size of the day. */
import { apiCost, breakEven, gpuPrice, price, selfHostedCost } from "../../../engine/index.ts";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { line } from "../../../engine/chart/index.ts";
import { percent, usd } from "../../format.ts";
import type { MovingFigure } from "../moving.ts";
import { request, safeRate } from "./cliff.ts";

/** Load hour by hour as a share of the busiest hour: people in one time zone. An assumption, the same as in the lab. */
export const shape = [
  0.3, 0.2, 0.12, 0.08, 0.06, 0.06, 0.1, 0.2, 0.4, 0.65, 0.85, 0.95, 0.9, 0.95, 1, 0.98, 0.92, 0.85, 0.8, 0.75, 0.7,
  0.65, 0.55, 0.42,
];
export const meanShare = shape.reduce((a, b) => a + b, 0) / shape.length;

export const gpuHour = gpuPrice("h100-sxm-80");
/** For each dollar of GPU so many in all: people, monitoring, network. An assumption, the same as in the lab. */
export const operations = 1.5;
export const hoursAMonth = 730;

/** Price lists that the lesson compares with, each as of a day. */
export const apis = {
  luna: { id: "gpt-5.6-luna", on: "2026-08-05" },
  "luna-before": { id: "gpt-5.6-luna", on: "2026-07-01" },
  gemini: { id: "gemini-3.5-flash-lite", on: "2026-08-05" },
  deepseek: { id: "deepseek-v4-flash", on: "2026-08-05" },
} as const;
export type Api = keyof typeof apis;

const nameOf = (api: Api) => `${apis[api].id}, ${apis[api].on}`;

/** USD for the mean request of the lesson. */
export function perRequest(api: Api): number {
  return apiCost(price(apis[api].id, apis[api].on), request).total;
}

/** USD for a million output tokens and the prompts that belong to them. */
export function apiPerMillion(api: Api): number {
  return apiCost(price(apis[api].id, apis[api].on), request).perMillionOutputTokens;
}

/** GPUs for a busiest hour of so many requests a second, one of them spare. */
export function gpusFor(peak: number): number {
  return Math.ceil(peak / safeRate()) + 1;
}

/** Share of the time for which those are busy. */
export function busyShare(peak: number): number {
  return (peak * meanShare) / (gpusFor(peak) * safeRate());
}

/** USD for a million output tokens of one H100, at a pace and busy for a share of the time. */
export function ownPerMillion(tokensPerSecond: number, busy: number, factor = 1): number {
  return selfHostedCost({
    gpuHour: gpuHour.usdPerHour * factor,
    gpus: 1,
    outputTokensPerSecond: tokensPerSecond,
    utilisation: busy,
  }).perMillionOutputTokens;
}

export const fullPace = (): number => safeRate() * request.output;

/** Share of the time that GPUs must be busy to cost what the API takes, operations included. */
export function busyEnough(api: Api): number {
  return breakEven({
    gpuHour: gpuHour.usdPerHour * operations,
    gpus: 1,
    outputTokensPerSecond: fullPace(),
    apiPerMillionOutputTokens: apiPerMillion(api),
  }).utilisation;
}

/** USD a month, with a busiest hour of so many requests a second. */
export function ownMonth(peak: number): number {
  return gpusFor(peak) * gpuHour.usdPerHour * operations * hoursAMonth;
}
export function apiMonth(api: Api, peak: number): number {
  return peak * meanShare * 3600 * hoursAMonth * perRequest(api);
}

/** The smallest busiest hour from which owning is cheaper at every larger one up to 512 requests a second; Infinity if at none. */
export function cheaperFrom(api: Api): number {
  let from = Infinity;
  for (let peak = 512; peak >= 1; peak--) {
    if (ownMonth(peak) > apiMonth(api, peak)) break;
    from = peak;
  }
  return from;
}

/** The smallest busiest hour, in whole requests a second, at which owning is cheaper; a larger one may need a GPU more, and not be. */
export function cheaperFirst(api: Api): number {
  let peak = 1;
  while (peak <= 512 && ownMonth(peak) > apiMonth(api, peak)) peak++;
  return peak <= 512 ? peak : Infinity;
}

const PEAK = 40;
const drawn = ["gemini", "luna", "deepseek"] as const satisfies readonly Api[];

/** USD from midnight to the end of hour h. */
export function spentBy(hour: number) {
  const asked = shape.slice(0, hour + 1).reduce((a, b) => a + b, 0) * PEAK * 3600;
  return {
    own: (hour + 1) * gpusFor(PEAK) * gpuHour.usdPerHour * operations,
    api: (api: Api) => asked * perRequest(api),
  };
}

const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

export function day(): MovingFigure {
  const capacity = gpusFor(PEAK) * safeRate();
  const hours = shape.map((_, hour) => hour);
  const until = (value: (hour: number) => number) => [{ x: 0, y: 0 }, ...hours.map((h) => ({ x: h + 1, y: value(h) }))];
  return {
    title: "A day: what is asked, and what it has cost so far",
    slider: "Until",
    origin: { kind: "calculated" },
    still: 23,
    play: 350,
    frames: hours.map((hour) => {
      const spent = spentBy(hour);
      const share = (shape[hour]! * PEAK) / capacity;
      return {
        name: `until-${hour + 1}`,
        at: clock(hour + 1),
        says: `By ${clock(hour + 1)} your own GPUs have cost ${usd(spent.own)}, gpt-5.6-luna would have taken ${usd(spent.api("luna"))}, and ${percent(share)} of what you rent was used in the hour before.`,
        readings: [
          ["own, so far", usd(spent.own)],
          ...drawn.map((api): readonly [string, string] => [`${apis[api].id}, so far`, usd(spent.api(api))]),
          ["used in this hour", percent(share)],
        ],
        panels: [
          line({
            title: "Requests per second, hour by hour",
            x: { label: "Hour", unit: "h" },
            y: { label: "Requests per second" },
            series: [{ name: "asked for", points: hours.map((h) => ({ x: h + 0.5, y: shape[h]! * PEAK })) }],
            marks: [
              { y: capacity, label: `${gpusFor(PEAK)} GPUs` },
              { x: hour + 0.5, label: clock(hour) },
            ],
          }),
          line({
            title: "Spent since midnight",
            x: { label: "Hour", unit: "h" },
            y: { label: "Cost so far", unit: "USD" },
            series: [
              { name: `${gpusFor(PEAK)} GPUs of your own`, points: until((h) => spentBy(h).own) },
              ...drawn.map((api) => ({ name: nameOf(api), points: until((h) => spentBy(h).api(api)) })),
            ],
            marks: [{ x: hour + 1, label: clock(hour + 1) }],
          }),
        ],
      };
    }),
  };
}

export function monthChart(): ChartDescription {
  const peaks = [1, 2, 4, 8, 12, 16, 17, 24, 32, 33, 48, 64, 96, 128, 192, 256];
  return line({
    title: "A month, by the busiest hour",
    x: { label: "Requests per second in the busiest hour", scale: "log" },
    y: { label: "Cost of a month", unit: "USD", scale: "log" },
    series: [
      { name: "GPUs of your own", points: peaks.map((x) => ({ x, y: ownMonth(x) })) },
      ...(["luna-before", ...drawn] as const).map((api) => ({
        name: nameOf(api),
        points: peaks.map((x) => ({ x, y: apiMonth(api, x) })),
      })),
    ],
  });
}

/** What the day of the figure comes to. */
export function dayOf(peak = PEAK) {
  return {
    peak,
    gpus: gpusFor(peak),
    busy: busyShare(peak),
    perMillion: ownPerMillion(fullPace(), busyShare(peak)),
    withOperations: ownPerMillion(fullPace(), busyShare(peak), operations),
  };
}
