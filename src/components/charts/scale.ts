/** From values to places on an axis, with round ticks and labels in the unit that reads best. */
import { displayUnit, formatNumber } from "../../engine/chart/format.ts";
import { linearTicks, logTicks, niceStep } from "../../engine/chart/ticks.ts";
import type { Axis } from "../../engine/chart/types.ts";

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** "TTFT (ms)". */
  readonly title: string;
  readonly ticks: readonly number[];
  /** 0 at the low end, 1 at the high end. */
  at(value: number): number;
  /** A value as on the axis, without its unit. */
  label(value: number): string;
}

export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Extent of what is to be shown; [0, 1] where there is nothing. */
export function extent(values: Iterable<number>): Extent {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/**
 * `zero`: the axis starts at 0 ("always"), or where the data come near it ("near"). `ticks`: about how many.
 * `tight`: ends at the data instead of at round numbers.
 */
export function scaleOf(
  axis: Axis,
  data: Extent,
  {
    zero = "never",
    ticks = 6,
    tight = false,
  }: { zero?: "always" | "near" | "never"; ticks?: number; tight?: boolean } = {},
): Scale {
  const { unit, factor } = displayUnit(axis.unit, Math.max(Math.abs(data.low), Math.abs(data.high)));
  const title = unit ? `${axis.label} (${unit})` : axis.label;
  const label = (value: number) => tickLabel(value * factor);
  if (axis.scale === "log") return { ...logScale(data, tight), title, label };

  let { low, high } = data;
  if (zero === "always" || (zero === "near" && low >= 0 && low < 0.6 * high)) low = Math.min(low, 0);
  if (zero === "always") high = Math.max(high, 0);
  // Equal, or so near that round numbers in between would drown in rounding.
  if (high - low <= 1e-8 * Math.max(Math.abs(low), Math.abs(high)))
    [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
  if (!tight) {
    const step = niceStep((high - low) * factor, ticks) / factor;
    low = Math.floor(low / step + 1e-9) * step;
    high = Math.ceil(high / step - 1e-9) * step;
  }
  return {
    low,
    high,
    log: false,
    title,
    label,
    ticks: linearTicks(low * factor, high * factor, ticks).map((t) => t / factor),
    at: (value) => (value - low) / (high - low),
  };
}

function logScale(data: Extent, tight: boolean): Omit<Scale, "title" | "label"> {
  const spread = data.high > data.low ? data.high / data.low : 10;
  const pad = tight && data.high > data.low ? 1 : Math.pow(spread, 0.04);
  const low = data.low / (data.high > data.low ? pad : Math.sqrt(10));
  const high = data.high * (data.high > data.low ? pad : Math.sqrt(10));
  const width = Math.log(high / low);
  return { low, high, log: true, ticks: logTicks(low, high), at: (value) => Math.log(value / low) / width };
}

/** HdrHistogram's axis: x = 1 ÷ (1 − share), with the percentiles people name as ticks. */
export function percentileScale(axis: Axis, data: Extent): Scale {
  const high = Math.max(data.high, 10);
  const named = [1, 2, 4, 10, 20, 100, 1000, 1e4, 1e5, 1e6].filter((x) => x <= high);
  return {
    low: 1,
    high,
    log: true,
    title: axis.label,
    ticks: named,
    at: (value) => Math.log(value) / Math.log(high),
    label: (value) => `p${formatNumber(100 * (1 - 1 / value), 7)}`,
  };
}

/** Ticks that leave room for their labels. `length`: pixels of the axis; `size`: pixels a label takes along it. */
export function roomyTicks(scale: Scale, length: number, size: (label: string) => number): number[] {
  const kept: number[] = [];
  let end = -Infinity;
  for (const tick of scale.ticks) {
    const half = size(scale.label(tick)) / 2;
    const at = scale.at(tick) * length;
    if (at - half < end) continue;
    kept.push(tick);
    end = at + half + 10;
  }
  return kept;
}

function tickLabel(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${formatNumber(value / 1e9, 4)}G`;
  if (size >= 1e6) return `${formatNumber(value / 1e6, 4)}M`;
  return formatNumber(value, 6);
}
