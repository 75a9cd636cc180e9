/** What a reader sees of a chart: a stretch of its axes, some of its series. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { Extent, Scale } from "./scale.ts";
import type { Box } from "./surface.ts";

export interface View {
  readonly x?: Extent;
  readonly y?: Extent;
  /** Series switched off in the legend. */
  readonly hidden: ReadonlySet<number>;
  /** Whether the picture holds its legend: where it stands beside the picture, as buttons, it does not. */
  readonly legend: boolean;
}

/** All of it, as a picture by itself. */
export const wholeView: View = { hidden: new Set(), legend: true };

/** One plot area; null where an axis holds names instead of numbers. */
export interface Panel {
  readonly box: Box;
  readonly x: Scale | null;
  readonly y: Scale | null;
}

/** Where things were drawn: for pointing at them, and for zooming. */
export interface Drawing {
  readonly panels: readonly Panel[];
  /** Cells in a row of a block map. */
  readonly columns?: number;
}

/** The axes of a kind that can be zoomed. */
export function zoomable(kind: ChartDescription["kind"]): { readonly x: boolean; readonly y: boolean } {
  if (kind === "timeline" || kind === "histogram") return { x: true, y: false };
  const both = kind === "line" || kind === "scatter" || kind === "ecdf" || kind === "percentiles" || kind === "gantt";
  return { x: both, y: both };
}

/** Stretches below this share of the whole axis are not zoomed into: there is nothing more to see. */
const CLOSEST = 1e-6;

/**
 * The stretch of `shown` between two shares of it, within `whole`, which is [0, 1] of itself: null for all of it.
 * A share is a place along the axis as drawn, so that logarithmic axes zoom evenly.
 */
export function stretch(whole: Scale, shown: Scale, from: number, to: number): Extent | null {
  const ends = [from, to].map((at) => whole.at(shown.value(at)));
  let [low, high] = [Math.min(...ends), Math.max(...ends)];
  const width = Math.min(1, Math.max(high - low, CLOSEST));
  low = Math.min(Math.max(low, 0), 1 - width);
  high = low + width;
  if (width >= 1 - 1e-9) return null;
  const values = [whole.value(low), whole.value(high)];
  return { low: Math.min(...values), high: Math.max(...values) };
}
