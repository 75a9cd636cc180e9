/** From values to places on an axis, with round ticks and labels in the unit that reads best. Any numbers give a scale. */
import { displayUnit, formatNumber } from "../../engine/chart/format.ts";
import { linearTicks, logTicks, niceStep } from "../../engine/chart/ticks.ts";
import type { Axis } from "../../engine/chart/types.ts";

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** "TTFT (ms)". */
  readonly title: string;
  /** As data are shown on this axis: "ms", and how many of it make one of the data's unit. */
  readonly shown: { readonly unit: string | undefined; readonly factor: number };
  readonly ticks: readonly number[];
  /** 0 at the low end, 1 at the high end; always a number. */
  at(value: number): number;
  /** The value at a share of the axis: the inverse of `at`. */
  value(share: number): number;
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
  return low <= high ? { low: finite(low), high: finite(high) } : { low: 0, high: 1 };
}

export interface ScaleOptions {
  /** The axis starts at 0 ("always"), or unless the data lie far above it ("near"). */
  readonly zero?: "always" | "near" | "never";
  /** About how many. */
  readonly ticks?: number;
  /** Ends at the data instead of at round numbers. */
  readonly tight?: boolean;
  /** The stretch that a reader zoomed into; the unit stays that of all the data. */
  readonly zoom?: Extent | undefined;
}

export function scaleOf(axis: Axis, data: Extent, options: ScaleOptions = {}): Scale {
  const { zero = "never", ticks = 6, zoom } = options;
  const shown = displayUnit(axis.unit, Math.max(Math.abs(data.low), Math.abs(data.high)));
  const log = axis.scale === "log" && data.low > 0;
  const title = `${axis.label}${shown.unit ? ` (${shown.unit})` : ""}${log ? ", log scale" : ""}`;
  const label = (value: number) => tickLabel(value * shown.factor);
  const common = { title, shown, label };
  if (log) {
    const { low, high } = zoom && zoom.low > 0 && zoom.high > zoom.low ? zoom : logEnds(data, options);
    return { ...common, ...logarithmic(low, high) };
  }

  let { low, high } = data;
  if (zero === "always" || (zero === "near" && low >= 0 && low <= 0.8 * high)) low = Math.min(low, 0);
  if (zero === "always") high = Math.max(high, 0);
  [low, high] = apart(low, high);
  if (zoom && zoom.high > zoom.low) ({ low, high } = zoom);
  else if (!options.tight) [low, high] = roundEnds(low, high, ticks, shown.factor);
  const round = linearTicks(low * shown.factor, high * shown.factor, ticks).map((t) => t / shown.factor);
  return { ...common, ...linear(low, high), ticks: round.every(Number.isFinite) ? round : [low, high] };
}

/** Equal numbers, or numbers so near that round ones between them would drown in rounding, get room around them. */
function apart(low: number, high: number): [number, number] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high / 2 - low / 2 > 0.5e-8 * size) return [low, high];
  if (size === 0) return [0, 1];
  const [below, above] = [finite(low - size * 0.1), finite(high + size * 0.1)];
  return below < above ? [below, above] : [Math.min(0, low), Math.max(size * 4, Number.MIN_VALUE * 8)];
}

function roundEnds(low: number, high: number, ticks: number, factor: number): [number, number] {
  const step = niceStep((high - low) * factor, ticks) / factor;
  const ends: [number, number] = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
  return Number.isFinite(ends[0]) && Number.isFinite(ends[1]) && ends[1] > ends[0] ? ends : [low, high];
}

function linear(low: number, high: number): Pick<Scale, "low" | "high" | "log" | "at" | "value"> {
  // A power of two, so that nothing is rounded, where distances would have no number of their own.
  const size = Math.max(Math.abs(low), Math.abs(high));
  const unit = size > 1e300 ? 2 ** -60 : size < 1e-290 ? 2 ** 200 : 1;
  const [from, range] = [low * unit, high * unit - low * unit];
  return {
    low,
    high,
    log: false,
    at: (value) => share((value * unit - from) / range),
    value: (at) => finite(low * (1 - at) + high * at),
  };
}

/** An axis ends at or beyond the data: at 1, 2 or 5 times a power of ten, or close to them where it is tight. */
function logEnds(data: Extent, { tight = false }: ScaleOptions): Extent {
  const { low, high } = data;
  if (!(high > low)) return { low: positive(low / Math.sqrt(10)), high: finite(high * Math.sqrt(10)) };
  if (!tight) return { low: roundBelow(low), high: roundAbove(high) };
  return data;
}

function roundBelow(x: number): number {
  const power = Number(x.toExponential().split("e")[1]);
  return [5, 2, 1].map((f) => Number(`${f}e${power}`)).find((end) => end <= x && end > 0) ?? x;
}

function roundAbove(x: number): number {
  const power = Number(x.toExponential().split("e")[1]);
  return [1, 2, 5, 10].map((f) => Number(`${f}e${power}`)).find((end) => end >= x && Number.isFinite(end)) ?? x;
}

function logarithmic(low: number, high: number): Pick<Scale, "low" | "high" | "log" | "ticks" | "at" | "value"> {
  const start = Math.log(low);
  const width = Math.log(high) - start;
  const ticks = logTicks(low, high);
  return {
    low,
    high,
    log: true,
    ticks: ticks.length > 0 ? ticks : [low, high],
    at: (value) => share((Math.log(value) - start) / width),
    value: (at) => Math.min(Number.MAX_VALUE, positive(Math.exp(start + width * at))),
  };
}

/** HdrHistogram's axis: x = 1 ÷ (1 − share), with the percentiles people name as ticks. */
export function percentileScale(axis: Axis, data: Extent, zoom?: Extent): Scale {
  const most = Math.max(data.high, 10);
  const { low, high } = zoom && zoom.low > 0 && zoom.high > zoom.low ? zoom : { low: 1, high: most };
  const named = [1, 2, 4, 10, 20, 100, 1000, 1e4, 1e5, 1e6].filter((x) => x >= low && x <= high);
  return {
    ...logarithmic(low, high),
    title: axis.label,
    shown: { unit: undefined, factor: 1 },
    ticks: named.length > 0 ? named : [low, high],
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
  if (size >= 1e15) return formatNumber(value);
  if (size >= 1e9) return `${formatNumber(value / 1e9, 4)}G`;
  if (size >= 1e6) return `${formatNumber(value / 1e6, 4)}M`;
  return formatNumber(value, 6);
}

/** A share of an axis that a picture can use: far outside is far outside, and what has no place is in the middle. */
function share(at: number): number {
  return Number.isNaN(at) ? 0.5 : Math.max(-100, Math.min(100, at));
}

function finite(x: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, x));
}

function positive(x: number): number {
  return Math.max(Number.MIN_VALUE, x);
}
