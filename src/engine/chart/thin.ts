/** Fewer points with the same look: what a screen can't show is left out, extremes never. */
import type { Point } from "./types.ts";

/** Points of a line beyond which it is thinned. */
export const MAX_LINE_POINTS = 1000;
const MAX_SCATTER_POINTS = 3000;
const SCATTER_COLUMNS = 300;
const SCATTER_ROWS = 150;

/** Of points in order of x: the first, last, lowest and highest of each of some 250 stretches (the M4 rule, Jugel 2014). */
export function thinLine<T extends Pick<Point, "x" | "y">>(points: readonly T[]): readonly T[] {
  if (points.length <= MAX_LINE_POINTS) return points;
  const stretches = Math.floor(MAX_LINE_POINTS / 4);
  const kept: T[] = [];
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * points.length) / stretches);
    const to = Math.floor(((s + 1) * points.length) / stretches);
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      if (points[i].y < points[low].y) low = i;
      if (points[i].y > points[high].y) high = i;
    }
    const places = [...new Set([from, low, high, to - 1])].sort((a, b) => a - b);
    for (const i of places) kept.push(points[i]);
  }
  return kept;
}

/** One point for each occupied cell of a fine grid. */
export function thinScatter(points: readonly Point[]): readonly Point[] {
  if (points.length <= MAX_SCATTER_POINTS) return points;
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  const cell = (v: number, low: number, high: number, cells: number) =>
    high > low ? Math.min(cells - 1, Math.floor(((v - low) / (high - low)) * cells)) : 0;
  const seen = new Uint8Array(SCATTER_COLUMNS * SCATTER_ROWS);
  return points.filter(({ x, y }) => {
    const at = cell(y, y0, y1, SCATTER_ROWS) * SCATTER_COLUMNS + cell(x, x0, x1, SCATTER_COLUMNS);
    const extreme = x === x0 || x === x1 || y === y0 || y === y1;
    return !seen[at]++ || extreme;
  });
}

/** Places (from 0) of a sorted sample of n to draw: all of the first and last fifty, and evenly spaced ones between. */
export function thinRanks(n: number, most = 500): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  const edge = 50;
  const middle = most - 2 * edge;
  return [
    ...Array.from({ length: edge }, (_, i) => i),
    ...Array.from({ length: middle }, (_, i) => edge + Math.floor(((i + 0.5) * (n - 2 * edge)) / middle)),
    ...Array.from({ length: edge }, (_, i) => n - edge + i),
  ];
}
