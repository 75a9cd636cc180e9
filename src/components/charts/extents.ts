/** How far the data of a chart reach, and in which unit they are shown: the one source for axes, tables and what is read aloud. */
import { displayUnit, formatCell, unitAfter } from "../../engine/chart/format.ts";
import type { Axis, ChartDescription } from "../../engine/chart/types.ts";
import { barSpans } from "./bar-spans.ts";
import { extent, type Extent } from "./scale.ts";

export interface Shown {
  readonly unit: string | undefined;
  /** How many of the unit make one of the data's. */
  readonly factor: number;
}

export interface Extents {
  readonly x: Extent;
  readonly y: Extent;
}

type Of<Kind> = Extract<ChartDescription, { kind: Kind }>;

/** Each zoom asks again; the data of a description don't change. */
const known = new WeakMap<ChartDescription, Extents>();

function once(description: ChartDescription, find: () => Extents): Extents {
  const extents = known.get(description) ?? find();
  known.set(description, extents);
  return extents;
}

export function seriesExtents(description: Of<"line" | "scatter" | "ecdf" | "percentiles">): Extents {
  return once(description, () => {
    const [xs, ys]: [number[], number[]] = [[], []];
    for (const { points } of description.spec.series)
      for (const { x, y, low, high } of points) {
        xs.push(x);
        ys.push(y);
        if (low !== undefined) ys.push(low);
        if (high !== undefined) ys.push(high);
      }
    for (const { x, y } of description.spec.marks ?? []) {
      if (x !== undefined) xs.push(x);
      if (y !== undefined) ys.push(y);
    }
    return { x: extent(xs), y: extent(ys) };
  });
}

export function histogramExtents({ spec }: Of<"histogram">): Extents {
  return {
    x: extent([...spec.edges, ...(spec.marks ?? []).map((m) => m.x)]),
    y: extent(spec.series.flatMap((s) => s.counts)),
  };
}

/** Of the heights of bars; on a logarithmic axis they stand a third below the lowest. */
export function barExtents(description: Of<"bars" | "waterfall">): Extents {
  const { spec } = description;
  const log = spec.y.scale === "log";
  const ends = [...barSpans(description).spans.flat(2), ...(spec.marks ?? []).map((m) => m.y)];
  const y = extent(ends.filter((v) => !log || v > 0));
  return { x: { low: 0, high: 1 }, y: log ? { low: Math.max(y.low / 3, Number.MIN_VALUE), high: y.high } : y };
}

export function ganttExtents(description: Of<"gantt">): Extents {
  return once(description, () => {
    const { rows } = description.spec;
    const times = [0];
    for (const { spans } of rows) for (const { from, to } of spans) times.push(from, to);
    return { x: extent(times), y: { low: 0, high: Math.max(1, rows.length) } };
  });
}

/** Of the moments, and of each panel. */
export function timelineExtents({ spec }: Of<"timeline">): { readonly x: Extent; readonly panels: readonly Extent[] } {
  const found = timelines.get(spec) ?? {
    x: extent(Array.from(spec.t)),
    panels: spec.panels.map(({ values }) => extent(Array.from(values))),
  };
  timelines.set(spec, found);
  return found;
}

const timelines = new WeakMap<object, { readonly x: Extent; readonly panels: readonly Extent[] }>();

export function gridExtents({ spec }: Of<"heatmap">): Extents & { readonly z: Extent } {
  return { x: extent(spec.x.values), y: extent(spec.y.values), z: extent(Array.from(spec.values)) };
}

/** The unit that the largest of an extent reads best in. */
export function shownIn(axis: Axis, { low, high }: Extent): Shown {
  return displayUnit(axis.unit, Math.max(Math.abs(low), Math.abs(high)));
}

/** A value as tables and readers' voices have it, without its unit: "12.3" for 0.0123 s on an axis of milliseconds. */
export function inUnit(value: number, { factor }: Shown): string {
  return formatCell(value * factor);
}

/** The same with its unit: "12.3 ms". */
export function withShown(value: number, shown: Shown): string {
  return unitAfter(inUnit(value, shown), shown.unit);
}
